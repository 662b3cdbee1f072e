"""Imports: every format, good rows kept, bad ones told, and nothing changed by importing twice."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInputError
from bot.health.requests import derive
from bot.jobs import imports
from bot.jobs.importing import options
from bot.jobs.importing.eventlog import EventColumns
from bot.jobs.importing.source import Source
from bot.jobs.importing.tally import SHOWN, Fact, Tally, key
from bot.jobs.importing.times import moment, seconds
from bot.jobs.imports import Format, Summary
from bot.signal import Kind
from bot.team import Person, Team
from storage import signals, teams
from storage.database import Database

DATA = Path(__file__).parents[1] / "data"
HELPDESK = options.form(
    case="case",
    activity="activity",
    time="ts",
    actor="resource",
    kinds=["Take in charge ticket=claim", "Resolve ticket=done"],
)
T = 1_700_000_000
FAR = T + 10 * 365 * 86_400


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    base = Database.open(tmp_path / "headroom.db")
    yield base
    base.close()


def line(ts: object, kind: str, request: object = "R1", **more: object) -> str:
    return json.dumps({"ts": ts, "kind": kind, "request": request, **more}) + "\n"


def put(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def bring(db: Database, path: Path, form: Format = None, team: str = "Desk", **said: Any) -> Summary:
    wanted = {"team_file": None, "people": None, "hours": None, "tz": None, "country": None, **said}
    change, _ = options.team_change(**wanted)
    return imports.run(db, path, team, form, change)


def parsed(path: Path, form: Format = None) -> tuple[list[Fact], Tally]:
    tally = Tally(path.name)
    with Source(path) as source:
        return list(imports.facts(source, tally, form)), tally


def stored(db: Database, team: str = "Desk") -> list[tuple[Any, ...]]:
    record = teams.by_name(db, team)
    assert record is not None
    marks = ",".join("?" * len(record.queues))
    return db.read(
        f"select request, kind, actor, reacted, undoes from signals where queue in ({marks}) order by 1, 4, 2, 3",
        [queue.id for queue in record.queues],
    ).fetchall()


def rows(path: Path, *lines: str) -> Path:
    return put(path, "log.csv", "\n".join(lines) + "\n")


# Signals


def test_every_kind_of_signal_arrives(db: Database, tmp_path: Path) -> None:
    """Each kind is stored with its own time; a withdraw keeps what it takes back."""
    content = "".join(line(T + kind, kind.name.lower(), actor="u1", undoes="claim") for kind in Kind)
    summary = bring(db, put(tmp_path, "s.jsonl", content))
    assert (summary.rows, summary.new, summary.bad) == (len(Kind), len(Kind), 0)
    found = {kind: (reacted, undoes) for _, kind, _, reacted, undoes in stored(db)}
    assert found == {int(kind): ((T + kind) * 10**6, int(Kind.CLAIM) if kind is Kind.WITHDRAW else 0) for kind in Kind}


def test_names_do_not_arrive(db: Database, tmp_path: Path) -> None:
    """Responders become pseudonyms, people who ask become nobody; no id of either is in the file."""
    log = line(T, "arrival", actor="asker-anna") + line(T + 60, "claim", actor="desk-dora")
    bring(db, put(tmp_path, "s.jsonl", log))
    (arrival, claim) = stored(db)
    assert arrival[2] == b""
    assert len(claim[2]) == 8
    everything = (tmp_path / "headroom.db").read_bytes() + (tmp_path / "headroom.db-wal").read_bytes()
    assert b"anna" not in everything
    assert b"dora" not in everything


def test_one_person_is_one_pseudonym_through_years(db: Database, tmp_path: Path) -> None:
    """Imports have a key of their own that does not change by month, so that work can be united."""
    log = line(T, "claim", actor="u1") + line(FAR, "done", actor="u1") + line(FAR, "done", "R2", actor="u2")
    bring(db, put(tmp_path, "s.jsonl", log))
    actors = [row[2] for row in stored(db)]
    assert len(set(actors)) == 2


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


def test_many_bad_lines_are_counted_and_the_first_shown(db: Database, tmp_path: Path) -> None:
    """A thousand bad lines give twenty sentences and the full count."""
    summary = bring(db, put(tmp_path, "s.jsonl", line(T, "arrival") + "{}\n" * 1000))
    assert summary.bad == 1000
    assert len(summary.shown) == SHOWN
    assert f"and {1000 - SHOWN} more bad rows" in summary.text


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


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04rest", "that is a zip archive"),
        ("case,ts\n1,2\n".encode("utf-16"), "that is UTF-16"),
        (b"SQLite format 3\x00", "that is a database"),
        (b"case,ts\n1,2\n", "it holds no JSON lines; for CSV say --map"),
        (b"", "it holds no JSON lines"),
    ],
)
def test_a_file_of_another_sort_is_refused(db: Database, tmp_path: Path, content: bytes, said: str) -> None:
    """What is plainly no log is refused with the mend, and no team is made."""
    with pytest.raises(BadInputError, match=said):
        bring(db, put(tmp_path, "x", content))
    assert teams.all(db) == []


# Tickets


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


def test_a_missing_column_is_refused_before_anything_is_written(db: Database, tmp_path: Path) -> None:
    """The sentence names the columns there are; neither team nor fact is made."""
    path = rows(tmp_path, "id,opened", f"1,{T}")
    with pytest.raises(BadInputError, match=r"--map arrival is 'start': .* the file has id, opened"):
        bring(db, path, options.form(maps=["request=id,arrival=start"]))
    assert teams.all(db) == []


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


# Event logs


def events(tmp_path: Path, *lines: str, header: str = "case,what,at,who,group") -> Path:
    return rows(tmp_path, header, *lines)


LOG = EventColumns("case", ("what",), "at", {"take": Kind.CLAIM, "solve": Kind.DONE}, "who", "group")


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


def _parse_text(content: str) -> list[Fact]:
    import tempfile  # noqa: PLC0415 - hypothesis calls this often and forbids the per-test folder

    with tempfile.TemporaryDirectory() as folder:
        return parsed(put(Path(folder), "log.csv", content), LOG)[0]


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


def test_a_real_help_desk(db: Database) -> None:
    """Sixty tickets of a real desk: 3 come back, and half are claimed within 72.9 hours of the calendar."""
    summary = bring(db, DATA / "helpdesk_excerpt.csv", HELPDESK, people=8)
    assert (summary.rows, summary.requests, summary.bad) == (298, 60, 0)
    assert dict(summary.ignored) == {
        "Assign seriousness": 77,
        "Closed": 60,
        "Wait": 15,
        "Create SW anomaly": 2,
    }
    record = teams.by_name(db, "Desk")
    assert record is not None
    found = derive(signals.load(db, [queue.id for queue in record.queues], 0, FAR), FAR)
    assert len(found) == 60
    assert int((found.reopens > 0).sum()) == 3
    assert float(np.nanmedian(found.claimed - found.arrived)) / 3600 == pytest.approx(72.9025, abs=1e-3)


# Storing


def test_importing_twice_changes_nothing(db: Database) -> None:
    """The second time every fact is there already, and the file's content is the same."""
    first = bring(db, DATA / "helpdesk_excerpt.csv", HELPDESK, people=8)
    before = (stored(db), teams.all(db))
    second = bring(db, DATA / "helpdesk_excerpt.csv", HELPDESK, people=8)
    assert (stored(db), teams.all(db)) == before
    assert second.new == 0
    assert second.known == first.new + first.known


def test_a_longer_log_adds_only_what_is_new(db: Database, tmp_path: Path) -> None:
    """A later export of the same desk adds the facts that came since."""
    lines = [line(T + i, "arrival", f"R{i}") for i in range(9)]
    assert bring(db, put(tmp_path, "a.jsonl", "".join(lines[:5]))).new == 5
    summary = bring(db, put(tmp_path, "b.jsonl", "".join(lines)))
    assert (summary.new, summary.known) == (4, 5)


def test_the_team_is_made_and_changed_by_what_is_said(db: Database, tmp_path: Path) -> None:
    """People by number at first, a team file later: the roster follows, and the name stays the option's."""
    log = put(tmp_path, "s.jsonl", line(T, "arrival"))
    bring(db, log, people=2, hours="Mon 09:00-12:00", tz="Asia/Tokyo", country="JP")
    record = teams.by_name(db, "Desk")
    assert record is not None
    assert record.team == Team("Desk", "Asia/Tokyo", "Mon 09:00-12:00", "JP", (Person("p1"), Person("p2")))
    file = put(tmp_path, "team.json", '{"name": "Another", "people": [{"id": "u7", "share": 0.5}]}')
    bring(db, log, team_file=file)
    changed = teams.by_name(db, "Desk")
    assert changed is not None
    assert changed.id == record.id
    assert changed.team == Team("Desk", people=(Person("u7", share=0.5),))


def test_a_later_import_keeps_what_it_does_not_say(db: Database, tmp_path: Path) -> None:
    """Without any word on the team, the one stored stays as it is; one option changes only its part."""
    log = put(tmp_path, "s.jsonl", line(T, "arrival"))
    bring(db, log, people=2, tz="Asia/Tokyo")
    bring(db, log)
    bring(db, log, hours="Tue 09:00-12:00")
    record = teams.by_name(db, "Desk")
    assert record is not None
    assert record.team == Team("Desk", "Asia/Tokyo", "Tue 09:00-12:00", None, (Person("p1"), Person("p2")))


def test_two_teams_may_use_the_same_names(db: Database, tmp_path: Path) -> None:
    """Queues and request ids of two imported teams do not meet."""
    log = put(tmp_path, "s.jsonl", line(T, "arrival", queue="desk"))
    assert bring(db, log, team="One").new == 1
    assert bring(db, log, team="Two").new == 1
    assert len(stored(db, "One")) == len(stored(db, "Two")) == 1


def test_a_file_without_a_good_row_makes_no_team(db: Database, tmp_path: Path) -> None:
    """Where everything is bad, nothing is stored and all is told."""
    summary = bring(db, put(tmp_path, "s.jsonl", "{}\n"))
    assert (summary.new, summary.bad) == (0, 1)
    assert teams.all(db) == []


def test_a_team_file_and_people_exclude_each_other(tmp_path: Path) -> None:
    """What would be said twice is refused instead of one of the two being dropped."""
    with pytest.raises(BadInputError, match="--people is 3: the team file says so already"):
        options.team_change(team_file=tmp_path / "t.json", people=3, hours=None, tz=None, country=None)


def test_progress_is_told_and_ends(tmp_path: Path) -> None:
    """The share read grows from line to line and ends at one."""
    told: list[float] = []
    path = put(tmp_path, "s.jsonl", line(T, "arrival") * 10_000)
    with Source(path, told.append) as source:
        assert sum(1 for _ in imports.facts(source, Tally("x"), None)) == 10_000
    assert told == sorted(told)
    assert len(told) > 3
    assert told[-1] == 1.0


# Times and keys


@given(st.integers(min_value=315_532_800 * 10**6, max_value=4_102_444_799_999_999))
def test_times_survive_to_the_microsecond(at: int) -> None:
    """ISO text with microseconds and Unix seconds come back as the same moment."""
    text = str(np.datetime64(at, "us")) + "+00:00"
    assert moment(text, "ts") == at
    assert abs(seconds(at / 1e6, "ts") - at) <= 1


def test_keys_fit_and_differ() -> None:
    """A request's number is positive, below 2⁶³, stable, and differs for every id met here."""
    keys = {key(f"Case{i}") for i in range(10_000)}
    assert len(keys) == 10_000
    assert all(0 < k < 2**63 for k in keys)
    assert key("Case1") == 5_608_228_233_445_200_888  # b2sum -l 64, halved
