"""Formats: each becomes its facts; bad rows are told by file, line, field and value, and good ones kept."""

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInputError
from bot.importing import options
from bot.importing import run as imports
from bot.importing.eventlog import EventColumns
from bot.importing.run import Format
from bot.importing.source import Source
from bot.importing.tally import Fact, Tally
from bot.importing.times import moment, seconds
from bot.signal import Kind

T = 1_700_000_000

LOG = EventColumns("case", ("what",), "at", {"take": Kind.CLAIM, "solve": Kind.DONE}, "who", "group")


def line(ts: object, kind: str, request: object = "R1", **more: object) -> str:
    return json.dumps({"ts": ts, "kind": kind, "request": request, **more}) + "\n"


def put(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def parsed(path: Path, form: Format = None) -> tuple[list[Fact], Tally]:
    tally = Tally(path.name)
    with Source(path) as source:
        return list(imports.facts(source, tally, form)), tally


def rows(path: Path, *lines: str) -> Path:
    return put(path, "log.csv", "\n".join(lines) + "\n")


def events(tmp_path: Path, *lines: str, header: str = "case,what,at,who,group") -> Path:
    return rows(tmp_path, header, *lines)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("nonsense", "the line is 'nonsense': is no JSON"),
        ("[1]", "write an object"),
        (b'{"ts": 1, "request": "\xff"}', "is no UTF-8"),
        (line("2024-01-01T09:00", "done"), "ts is '2024-01-01T09:00': the time has no offset"),
        (line("soon", "done"), "ts is 'soon': write Unix seconds or ISO 8601"),
        (line(T * 1000, "done"), "that looks like milliseconds"),
        (line(12, "done"), "a time from 1980 to 2099 is wanted"),
        (line(True, "done"), "ts is True"),
        (line(None, "done"), "ts is None"),
        ('{"ts": NaN, "kind": "done", "request": "R1"}', "ts is nan"),
        (line(T, "dome"), "kind is 'dome': that is no kind; did you mean done?"),
        (line(T, "withdraw"), "undoes is None"),
        (line(T, "done", ""), "request is ''"),
        (line(T, "done", 1.5), "request is 1.5"),
        (line(T, "done", actor=["u1"]), "actor is ['u1']"),
    ],
)
def test_a_bad_line_is_told_and_the_good_ones_kept(tmp_path: Path, bad: str | bytes, said: str) -> None:
    """File, line, field, value and mend are told; the lines before and after it arrive."""
    raw = bad.encode() if isinstance(bad, str) else bad
    content = line(T, "arrival").encode() + b"\n" + raw.rstrip(b"\n") + b"\n" + line(T + 9, "done").encode()
    found, tally = parsed(put(tmp_path, "s.jsonl", content))
    assert [fact.kind for fact in found] == [Kind.ARRIVAL, Kind.DONE]
    assert (tally.rows, tally.bad) == (3, 1)
    assert tally.shown[0].startswith("s.jsonl line 3: ")
    assert said in tally.shown[0]


def test_a_byte_order_mark_and_gzip_make_no_difference(tmp_path: Path) -> None:
    """The same content plain, with a BOM, packed, or packed under a plain name gives the same facts."""
    content = (line(T, "arrival") + line("2023-11-14T23:13:21+01:00", "done")).encode()
    plain = parsed(put(tmp_path, "a.jsonl", content))[0]
    assert [fact.at for fact in plain] == [T * 10**6, (T + 1) * 10**6]
    for number, other in enumerate((b"\xef\xbb\xbf" + content, gzip.compress(content))):
        assert parsed(put(tmp_path, f"{number}.jsonl", other))[0] == plain


def test_a_cut_archive_gives_what_it_holds(tmp_path: Path) -> None:
    """A download that broke off is named as damaged, and the rows before the break are kept."""
    content = "".join(line(T + i, "arrival", f"R{i}") for i in range(20_000)).encode()
    found, tally = parsed(put(tmp_path, "s.jsonl.gz", gzip.compress(content)[:-5000]))
    assert 0 < len(found) < 20_000
    assert found[0].request == "R0"
    assert "is damaged after line" in tally.notes[0]


def test_tickets_become_their_facts(tmp_path: Path) -> None:
    """Each filled column is one fact; the actor belongs to what the desk did; naive times need a zone."""
    path = rows(
        tmp_path,
        "id;opened;taken;closed;back;who;desk",
        "7;2024-03-30 09:00;2024-03-30 10:00;2024-04-01 09:00;;ann;legal",
        "8;2024-04-01 09:00:30.25+00:00;;;;;",
    )
    names = "request=id,arrival=opened,claim=taken,done=closed,reopen=back,actor=who,queue=desk"
    found, tally = parsed(path, options.form(maps=[names], tz="Europe/Berlin"))
    at = [1711785600, 1711789200, 1711954800]  # Berlin: +01:00 on 30 March, +02:00 on 1 April
    assert found == [
        Fact("7", Kind.ARRIVAL, at[0] * 10**6, "ann", "legal"),
        Fact("7", Kind.CLAIM, at[1] * 10**6, "ann", "legal"),
        Fact("7", Kind.DONE, at[2] * 10**6, "ann", "legal"),
        Fact("8", Kind.ARRIVAL, 1711962030250000, None, None),
    ]
    assert tally.bad == 0


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    """Comma, semicolon and tab files are told apart by their header, whatever stands in quotes."""
    header = delimiter.join(["id", '"opened, at; utc"', "note"])
    row = delimiter.join(["1", str(T), f'"two{delimiter} and\na line"'])
    path = put(tmp_path, "t.csv", f"{header}\r\n{row}\r\n{row.replace('1', '2', 1)}\r\n")
    found, tally = parsed(path, options.form(maps=['request=id,"arrival=opened, at; utc"']))
    assert [fact.request for fact in found] == ["1", "2"]
    assert tally.bad == 0


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("1,,2024-01-02T00:00Z", "opened is '': a ticket needs the time it arrived"),
        (",2024-01-01T00:00Z,", "id is '': a ticket needs its id"),
        ("1,2024-01-01T00:00Z,yesterday", "closed is 'yesterday': write Unix seconds"),
        ("1,2024-01-01T00:00,", "the time has no offset from UTC; add one, or say where with --tz"),
        ("1,2024-01-02T00:00Z,2024-01-01T00:00Z", "that is before the ticket arrived (2024-01-02T00:00Z)"),
        ("1,2024-01-02T00:00Z", "the number of columns is 2: the header has 3 columns"),
        ('1,"2024-01-02T00:00Z"x,', "mend its quotes"),
        (b"\xe9,2024-01-02T00:00Z,", "id is b'\\xe9': is no UTF-8"),
    ],
)
def test_a_bad_ticket_is_left_out_whole(tmp_path: Path, bad: str | bytes, said: str) -> None:
    """A ticket with one wrong cell gives no fact at all, and the others arrive."""
    raw = bad if isinstance(bad, bytes) else bad.encode()
    content = b"id,opened,closed\ng,1700000000,\n" + raw + b"\nh,1700000000,\n"
    form = options.form(maps=["request=id,arrival=opened,done=closed"])
    found, tally = parsed(put(tmp_path, "t.csv", content), form)
    assert [fact.request for fact in found] == ["g", "h"]
    assert tally.bad == 1
    assert tally.shown[0].startswith("t.csv line 3: ")
    assert said in tally.shown[0]


@pytest.mark.parametrize(
    ("given_options", "said"),
    [
        ({"maps": ["request=id"]}, "say which column holds the arrival"),
        ({"maps": ["request"]}, "write pairs such as"),
        ({"maps": ["request=id,arival=x"]}, "did you mean arrival"),
        ({"maps": ["request=id,request=x"]}, "is mapped already"),
        ({"maps": ["request=id,arrival=x"], "case": "c"}, "--case is 'c': --map reads tickets"),
        ({"case": "c"}, "--activity is '': an event log needs it beside --case"),
        ({"case": "c", "activity": "a", "time": "t"}, "--kind is ''"),
        ({"case": "c", "activity": "a", "time": "t", "kinds": ["x"]}, "write it like"),
        ({"case": "c", "activity": "a", "time": "t", "kinds": ["x=dnoe"]}, "did you mean done"),
        ({"case": "c", "activity": "a", "time": "t", "kinds": ["x=arrival"]}, "first event is its arrival"),
        ({"case": "c", "activity": "a", "time": "t", "kinds": ["x=done", "x=claim"]}, "mapped already, to done"),
        ({"maps": ["request=id,arrival=x"], "tz": "Berlin"}, "tz is 'Berlin'"),
    ],
)
def test_options_that_do_not_fit_are_refused(given_options: dict[str, Any], said: str) -> None:
    """Each wrong or missing option is named with its mend before a file is opened."""
    with pytest.raises(BadInputError, match=said):
        options.form(**given_options)


def test_a_case_begins_with_its_first_event_wherever_it_stands(tmp_path: Path) -> None:
    """Rows in any order and of mixed cases give each case its earliest event as arrival, without its actor."""
    path = events(tmp_path, f"a,take,{T + 50},u1,", f"b,open,{T + 5},u2,", f"a,open,{T},u9,", f"b,solve,{T + 9},u2,")
    found, tally = parsed(path, LOG)
    assert [(f.request, f.kind, f.at // 10**6 - T, f.actor) for f in found] == [
        ("a", Kind.ARRIVAL, 0, None),
        ("a", Kind.CLAIM, 50, "u1"),
        ("b", Kind.ARRIVAL, 5, None),
        ("b", Kind.DONE, 9, "u2"),
    ]
    assert dict(tally.ignored) == {"open": 2}


@pytest.mark.parametrize(
    ("history", "reopened"),
    [
        ("open0 take1 solve2", []),
        ("open0 take1 solve2 take2", []),  # the same moment is not later
        ("open0 solve2 note5", []),
        ("open0 solve2 take3 solve4", [3]),
        ("open0 solve2 solve3", [3]),
        ("open0 solve2 take3 take4 solve5 take6", [3, 6]),
        ("open0 solve1 solve2 solve3", [2, 3]),
    ],
)
def test_work_after_a_done_is_a_reopen_once(tmp_path: Path, history: str, reopened: list[int]) -> None:
    """A claim or done strictly later than a done reopens the case, once for each time it comes back."""
    path = events(tmp_path, *(f"a,{step[:-1]},{T + int(step[-1])},u1," for step in history.split()))
    found, _ = parsed(path, LOG)
    assert [f.at // 10**6 - T for f in found if f.kind is Kind.REOPEN] == reopened


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 9), st.sampled_from(["take", "solve", "note"]))))
def test_the_order_of_rows_does_not_matter(rows_: list[tuple[int, int, str]]) -> None:
    """However the rows of a log are shuffled, the same facts come out, as long as no two share a moment."""
    unique = {(case, at): what for case, at, what in rows_}
    lines = [f"{case},{what},{T + at},u,g{at % 3}\n" for (case, at), what in unique.items()]
    one, other = (_parse_text("case,what,at,who,group\n" + "".join(order)) for order in (lines, lines[::-1]))
    assert sorted(one, key=repr) == sorted(other, key=repr)
    for request in {fact.request for fact in one}:
        mine = [fact for fact in one if fact.request == request]
        assert sum(fact.kind is Kind.ARRIVAL for fact in mine) == 1
        dones, reopens = (sum(fact.kind is kind for fact in mine) for kind in (Kind.DONE, Kind.REOPEN))
        assert reopens <= dones


def test_a_change_of_queue_is_a_hand_off(tmp_path: Path) -> None:
    """The case stays with the queue it arrived in; each change is one hand-off; an empty cell changes nothing."""
    path = events(tmp_path, *(f"a,note,{T + i},u1,{group}" for i, group in enumerate(["x", "x", "y", "", "y", "x"])))
    found, _ = parsed(path, LOG)
    assert [(f.kind, f.at // 10**6 - T, f.queue) for f in found] == [
        (Kind.ARRIVAL, 0, "x"),
        (Kind.HANDOFF, 2, "x"),
        (Kind.HANDOFF, 5, "x"),
    ]


def test_several_activity_columns_are_joined(tmp_path: Path) -> None:
    """Two columns make one activity with a slash; a mapped one that never occurs is told with those that do."""
    path = events(tmp_path, f"a,Done,Solved,{T}", f"a,Done,Closed,{T + 1}", header="case,status,sub,at")
    form = options.form(case="case", activity="status,sub", time="at", kinds=["Done/Solved=done", "Done/Resolved=done"])
    found, tally = parsed(path, form)
    assert [fact.kind for fact in found] == [Kind.ARRIVAL, Kind.DONE]
    assert tally.notes == ["--kind: the activity 'Done/Resolved' never occurs; there are Done/Closed, Done/Solved."]


def test_progress_is_told_and_ends(tmp_path: Path) -> None:
    """The share read grows from line to line and ends at one."""
    told: list[float] = []
    path = put(tmp_path, "s.jsonl", line(T, "arrival") * 10_000)
    with Source(path, told.append) as source:
        assert sum(1 for _ in imports.facts(source, Tally("x"), None)) == 10_000
    assert told == sorted(told)
    assert len(told) > 3
    assert told[-1] == 1.0


@given(st.integers(min_value=315_532_800 * 10**6, max_value=4_102_444_799_999_999))
def test_times_survive_to_the_microsecond(at: int) -> None:
    """ISO text with microseconds and Unix seconds come back as the same moment."""
    text = str(np.datetime64(at, "us")) + "+00:00"
    assert moment(text, "ts") == at
    assert abs(seconds(at / 1e6, "ts") - at) <= 1


def _parse_text(content: str) -> list[Fact]:
    import tempfile  # noqa: PLC0415 - hypothesis calls this often and forbids the per-test folder

    with tempfile.TemporaryDirectory() as folder:
        return parsed(put(Path(folder), "log.csv", content), LOG)[0]
