"""Bad input: whatever a file holds, an import ends with a sentence or a count, and what was stored stays."""

import gzip
import io
import json
import tracemalloc
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import HeadroomError
from bot.importing import held, jsonarray, options
from bot.importing import run as imports
from bot.importing.run import Format, Summary
from bot.importing.source import LONGEST, Source
from bot.importing.tally import ACTIVITIES, OTHERS, Tally
from storage.database import Database
from tests.budget import examples
from tests.fresh import fresh

T = 1_700_000_000

SIGNALS: Format = None
TICKETS = options.form(maps=["request=id,arrival=at,done=end"])
EVENTS = options.form(case="id", activity="what", time="at", actor="who", kinds=["take=claim"])
EXPORT = options.form(channel="desk", responders="U1")


def zipped(messages: object) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("channels.json", '[{"id": "C1", "name": "desk"}]')
        file.writestr("users.json", '[{"id": "U1", "name": "ann"}]')
        file.writestr("desk/2023-11-14.json", messages if isinstance(messages, str) else json.dumps(messages))
    return out.getvalue()


LOG = "".join(json.dumps({"ts": T + i, "kind": "arrival", "request": f"R{i}"}) + "\n" for i in range(50)).encode()
TABLE = b"id,at,end,what,who\n" + b"".join(b"%d,%d,%d,take,u1\n" % (i, T + i, T + i + 60) for i in range(50))
ZIP = zipped([{"ts": f"{T + i}.000000", "user": f"U{i % 3}", "text": "x"} for i in range(50)])
GOOD: list[tuple[Format, bytes]] = [
    *((SIGNALS, raw) for raw in (LOG, gzip.compress(LOG))),
    *((form, raw) for form in (TICKETS, EVENTS) for raw in (TABLE, gzip.compress(TABLE))),
    (EXPORT, ZIP),
]


@contextmanager
def database() -> Iterator[tuple[Database, Path]]:
    """A database with something in it; hypothesis calls often and forbids the per-test folder."""
    with TemporaryDirectory() as folder:
        db = fresh(Path(folder) / "headroom.db")
        try:
            before = Path(folder) / "before.jsonl"
            before.write_bytes(LOG)
            imports.run(db, before, "Before", None, lambda team: team)
            yield db, Path(folder)
        finally:
            db.close()


def everything(db: Database) -> list[Any]:
    """What the team that was there before knows."""
    kept = "select * from signals where queue in (select id from queues where team = 1) order by id"
    return [db.read(kept).fetchall(), db.read("select * from people").fetchall()]


def survive(content: bytes, form: Format) -> Summary | None:
    """Import; nothing but a HeadroomError may come out, and what was stored must stand."""
    with database() as (db, folder):
        before = everything(db)
        path = folder / "file"
        path.write_bytes(content)
        summary = None
        with suppress(HeadroomError):
            summary = imports.run(db, path, "Desk", form, lambda team: team)
        assert everything(db)[0] == before[0]
        assert db.read("pragma integrity_check").fetchone() == ("ok",)
        return summary


@examples(20)
@given(st.sampled_from([b"", b"\x1f\x8b", b"PK\x03\x04", b"{", b"id,at,end,what,who\n"]), st.binary(max_size=400))
def test_random_bytes_raise_a_sentence_or_are_counted(head: bytes, tail: bytes) -> None:
    """Random bytes, bare or behind the first bytes of each format, harm nothing in any format."""
    for form in (SIGNALS, TICKETS, EVENTS, EXPORT):
        survive(head + tail, form)


@examples(20)
@given(st.sampled_from(GOOD), st.data())
def test_files_cut_or_scratched_anywhere_harm_nothing(good: tuple[Format, bytes], data: st.DataObject) -> None:
    """A good file cut at any byte, or with some bytes overwritten, gives its sentence or what it still holds."""
    form, raw = good
    cut = raw[: data.draw(st.integers(0, len(raw)))]
    survive(cut, form)
    at = data.draw(st.integers(0, len(raw) - 1))
    scratch = data.draw(st.binary(min_size=1, max_size=12))
    survive(raw[:at] + scratch + raw[at + len(scratch) :], form)


FIELDS = ("user", "thread_ts", "text", "reactions", "subtype", "bot_id", "files", "message")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("1700000000.000100"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["ts", "user", "thread_ts", "text", "reactions", "subtype", "users", "name", "bot_id", "kind"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@examples(40)
@given(
    st.lists(
        st.fixed_dictionaries(
            {"ts": st.just("1700000000.000100")},
            optional=dict.fromkeys(
                ("user", "thread_ts", "text", "reactions", "subtype", "bot_id", "files", "message"), JSON
            ),
        )
        | JSON,
        max_size=6,
    )
)
def test_any_json_in_a_day_is_survived(messages: list[Any]) -> None:
    """Whatever values stand where Slack puts others, the import goes on to its end."""
    summary = survive(zipped(messages), EXPORT)
    assert summary is not None
    assert summary.rows == len(messages)


@examples(100)
@given(st.lists(JSON, max_size=6), st.integers(1, 7), st.sampled_from([None, 1, ", "]))
def test_elements_are_those_of_json_loads(values: list[Any], chunk: int, indent: Any) -> None:
    """However small the pieces in which a file comes, the elements are those that the standard library finds."""
    raw = json.dumps(values, indent=indent if indent != ", " else None, ensure_ascii=indent is None).encode(
        "utf-8", "surrogatepass"
    )

    class Slow(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(min(chunk, size or chunk) if size is not None and size > 0 else chunk)

    found = list(jsonarray.elements(Slow(raw)))
    assert json.dumps(found) == json.dumps(json.loads(raw.decode("utf-8", "replace")))


@pytest.mark.parametrize("text", ["", "{}", "[", "[1", "[1,", "[1,]", "[,1]", "[1] 2", "[1 2]", "nul", "[" * 100_000])
def test_what_is_no_array_is_broken(text: str) -> None:
    """Nothing but one whole array passes."""
    with pytest.raises(jsonarray.BrokenError):
        list(jsonarray.elements(io.BytesIO(text.encode())))


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize("form", [SIGNALS, TICKETS, EVENTS], ids=["signals", "tickets", "events"])
def test_a_line_of_ten_megabytes_is_told_with_its_length(tmp_path: Path, form: Format, pack: Any) -> None:
    """The line is a bad row with number and length, the rest arrives, and the line is never held whole."""
    lines = (LOG if form is None else TABLE).splitlines(keepends=True)
    long = (
        b'{"ts": 1, "request": "' + b"x" * 10_000_000 + b'"}\n' if form is None else b"7," + b"9" * 10_000_000 + b"\n"
    )
    path = tmp_path / "log"
    path.write_bytes(pack(b"".join([*lines[:5], long, *lines[5:]])))
    tally = Tally("log")
    tracemalloc.start()
    try:
        with Source(path) as source:
            found = sum(1 for _ in imports.facts(source, tally, form))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found == (100 if form in (TICKETS, EVENTS) else 50)
    assert tally.bad == 1
    assert tally.shown[0].startswith("log line 6: the line is ")
    assert f"it is {len(long):,} bytes long, and {LONGEST:,} is the most" in tally.shown[0]
    assert peak < 6 * LONGEST


def test_the_last_line_may_be_too_long(tmp_path: Path) -> None:
    """A file that ends within such a line is counted to its end."""
    path = tmp_path / "log"
    path.write_bytes(LOG + b"x" * (LONGEST + 7))
    tally = Tally("log")
    with Source(path) as source:
        assert sum(1 for _ in imports.facts(source, tally, None)) == 50
    assert f"it is {LONGEST + 7:,} bytes long" in tally.shown[0]


def test_a_long_event_log_is_parted_and_comes_out_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sorted in memory or by way of temporary files, a log in any order gives the same facts."""
    lines = [
        b"%d,%d,,%s,u%d\n" % (i % 40, T + i * 37 % 997, what, i % 3) for i in range(600) for what in (b"take", b"note")
    ]
    path = tmp_path / "log"
    path.write_bytes(b"id,at,end,what,who\n" + b"".join(lines))

    def read() -> list[str]:
        with Source(path) as source:
            return sorted(map(repr, imports.facts(source, Tally("log"), EVENTS)))

    whole = read()
    monkeypatch.setattr(held, "HELD", 50)
    assert read() == whole
    assert len(whole) > 600


def test_a_wrong_activity_column_does_not_fill_memory(tmp_path: Path) -> None:
    """Beyond a thousand different unmapped activities the rest are counted under one name."""
    path = tmp_path / "log"
    path.write_bytes(b"id,at,end,what,who\n" + b"".join(b"1,%d,,note %d,\n" % (T + i, i) for i in range(3000)))
    tally = Tally("log")
    with Source(path) as source:
        list(imports.facts(source, tally, EVENTS))
    assert len(tally.ignored) == ACTIVITIES + 1
    assert tally.ignored[OTHERS] == 3000 - ACTIVITIES


@pytest.mark.parametrize(
    "bad",
    [
        '{"ts": 1700000000, "kind": "claim", "request": "R", "actor": "\\ud800"}',
        '{"ts": 1700000000, "kind": "claim", "request": "R", "queue": "\\udc00"}',
        '{"ts": ' + "1" * 5000 + "}",
        "[" * 100_000,
    ],
)
def test_what_nothing_can_store_is_a_bad_row(bad: str) -> None:
    """Half characters, endless numbers and bottomless lists are told; the rest arrives."""
    summary = survive(LOG + bad.encode() + b"\n", SIGNALS)
    assert summary is not None
    assert (summary.new, summary.bad) == (50, 1)
