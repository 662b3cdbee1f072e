"""Imports: facts and team in storage, nobody's name with them, and nothing changed by importing twice."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.errors import BadInputError
from bot.health.seen.requests import derive
from bot.importing import options
from bot.importing import run as imports
from bot.importing.run import Format, Summary
from bot.importing.tally import SHOWN, key
from bot.signal import Kind
from bot.team import Person, Team
from storage import keys, signals, teams
from storage.database import Database
from tests.fresh import fresh

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
    base = fresh(tmp_path / "headroom.db")
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


def stored(db: Database, team: str = "Desk") -> list[tuple[Any, ...]]:
    record = teams.by_name(db, team)
    assert record is not None
    marks = ",".join("?" * len(record.queues))
    return db.read(
        f"select request, kind, actor, reacted, undoes from signals where queue in ({marks}) order by 1, 4, 2, 3",
        [queue.id for queue in record.queues],
    ).fetchall()


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


def test_who_objected_stays_out_of_logs(db: Database, tmp_path: Path) -> None:
    """Whoever objected in some workspace is nobody in signals, tickets and event logs that name Slack ids."""
    keys.opt_out(db, "T1", "U0ABC123")
    kinds = ("claim", "done")
    lines = [line(T + 60 * n, k, actor=a, request=a) for a in ("U0ABC123", "U0OTHER") for n, k in enumerate(kinds)]
    bring(db, put(tmp_path, "s.jsonl", "".join(lines)))
    assert sorted(len(actor) for _, _, actor, *_ in stored(db)) == [0, 0, 8, 8]
    events = "case,activity,ts,resource\n1,Resolve ticket,2024-01-01T00:00:00Z,U0ABC123\n"
    bring(db, put(tmp_path, "e.csv", events), HELPDESK, team="Events")
    assert {actor for _, _, actor, *_ in stored(db, "Events")} == {b""}
    tickets = options.form(maps=["request=id,arrival=opened,done=resolved,actor=who"])
    rows = "id,opened,resolved,who\n1,2024-01-01T00:00:00Z,2024-01-02T00:00:00Z,U0ABC123\n"
    bring(db, put(tmp_path, "t.csv", rows), tickets, team="Tickets")
    assert {actor for _, _, actor, *_ in stored(db, "Tickets")} == {b""}


def test_a_later_objection_reaches_imported_logs(db: Database, tmp_path: Path) -> None:
    """Objecting after an import empties that person's actors in it, and nobody else's."""
    log = "".join(line(T, "claim", actor, actor=actor) + line(T + 60, "done", actor, actor=actor) for actor in "UV")
    bring(db, put(tmp_path, "s.jsonl", log))
    assert {len(actor) for _, _, actor, *_ in stored(db)} == {8}
    keys.opt_out(db, "T1", "U")
    assert sorted(len(actor) for _, _, actor, *_ in stored(db)) == [0, 0, 8, 8]


def test_one_person_is_one_pseudonym_through_years(db: Database, tmp_path: Path) -> None:
    """Imports have a key of their own that does not change by month, so that work can be united."""
    log = line(T, "claim", actor="u1") + line(FAR, "done", actor="u1") + line(FAR, "done", "R2", actor="u2")
    bring(db, put(tmp_path, "s.jsonl", log))
    actors = [row[2] for row in stored(db)]
    assert len(set(actors)) == 2


def test_many_bad_lines_are_counted_and_the_first_shown(db: Database, tmp_path: Path) -> None:
    """A thousand bad lines give twenty sentences and the full count."""
    summary = bring(db, put(tmp_path, "s.jsonl", line(T, "arrival") + "{}\n" * 1000))
    assert summary.bad == 1000
    assert len(summary.shown) == SHOWN
    assert f"and {1000 - SHOWN} more bad rows" in summary.text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04rest", "it is cut off or damaged; fetch the export again"),
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


def test_a_missing_column_is_refused_before_anything_is_written(db: Database, tmp_path: Path) -> None:
    """The sentence names the columns there are; neither team nor fact is made."""
    path = put(tmp_path, "t.csv", f"id,opened\n1,{T}\n")
    with pytest.raises(BadInputError, match=r"--map arrival is 'start': .* the file has id, opened"):
        bring(db, path, options.form(maps=["request=id,arrival=start"]))
    assert teams.all(db) == []


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
    assert record.team == Team("Desk", "Asia/Tokyo", "Mon 09:00-12:00", "JP", (Person("#1"), Person("#2")))
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
    assert record.team == Team("Desk", "Asia/Tokyo", "Tue 09:00-12:00", None, (Person("#1"), Person("#2")))


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


def test_keys_fit_and_differ() -> None:
    """A request's number is positive, below 2⁶³, stable, and differs for every id met here."""
    made = {key(f"Case{i}") for i in range(10_000)}
    assert len(made) == 10_000
    assert all(0 < k < 2**63 for k in made)
    assert key("Case1") == 5_608_228_233_445_200_888  # b2sum -l 64, halved
