"""Slack exports: one channel's messages become facts; what is hostile, broken or private stays outside."""

import json
import stat
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.errors import BadInputError
from bot.importing import archive, export, jsonarray, options
from bot.importing import run as imports
from bot.importing.run import Summary
from bot.signal import Kind
from bot.team import Person
from storage import keys, requests, teams
from storage.database import Database
from tests.fresh import fresh

DAY = 86_400
T = 1_700_000_000 // DAY * DAY
SECRET = "the merger is called Bluebird"

USERS: list[dict[str, Any]] = [
    {"id": "U1", "name": "ann", "real_name": "Ann Lee", "profile": {"display_name": "annie"}},
    {"id": "U2", "name": "bob", "real_name": "Bob Ray", "profile": {"display_name": ""}},
    {"id": "U3", "name": "bob2", "real_name": "Bob Ray"},
    {"id": "U0NOTONROSTER", "name": "asker", "real_name": "Asker"},
    {"id": "B7", "name": "helper-app", "is_bot": True},
    "no user",  # type: ignore[list-item]
]

Files = dict[str, Any]


def message(at: float, user: str = "U0NOTONROSTER", **more: object) -> dict[str, Any]:
    return {"type": "message", "ts": f"{at:.6f}", "user": user, "text": SECRET, **more}


def reply(at: float, root: float, user: str = "U1", **more: object) -> dict[str, Any]:
    return message(at, user, thread_ts=f"{root:.6f}", **more)


ROOT = T + 3600.000100
EYES = {"name": "eyes", "users": ["U1", "U0NOTONROSTER"], "count": 2}
DONE = {"name": "white_check_mark", "users": ["U1"], "count": 1}
MESSAGES = {
    "2023-11-14": [message(ROOT, reactions=[EYES, DONE], reply_count=2), message(ROOT + 7200, "U2")],
    "2023-11-15": [reply(ROOT + DAY, ROOT), reply(ROOT + DAY + 60, ROOT, "U0NOTONROSTER", text="thanks!")],
}


def files(messages: Mapping[str, Any] = MESSAGES, channel: str = "desk", **more: Any) -> Files:
    return {
        "channels.json": [{"id": "C1", "name": "desk", "members": ["U1"]}, {"id": "C2", "name": "random"}],
        "groups.json": [{"id": "G1", "name": "quiet-room"}],
        "dms.json": [{"id": "D0123456789", "members": ["U1", "U0NOTONROSTER"]}],
        "mpims.json": [{"id": "G7", "name": "mpdm-ann--bob-1"}],
        "users.json": USERS,
        "D0123456789/2023-11-14.json": [message(T + 5)],
        "mpdm-ann--bob-1/2023-11-14.json": [message(T + 5)],
        **{f"{channel}/{day}.json": content for day, content in messages.items()},
        **more,
    }


def packed(folder: Path, content: Files | None = None, root: str = "", name: str = "export.zip") -> Path:
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for member, data in (files() if content is None else content).items():
            file.writestr(root + member, data if isinstance(data, (bytes, str)) else json.dumps(data))
    return path


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    base = fresh(tmp_path / "headroom.db")
    yield base
    base.close()


def bring(
    db: Database, path: Path, channel: str | None = "desk", responders: str | None = "U1,U2", **said: Any
) -> Summary:
    change, _ = options.team_change(
        **{"team_file": None, "people": None, "hours": None, "tz": None, "country": None, **said}
    )
    return imports.run(db, path, "Desk", options.form(channel=channel, responders=responders), change)


def stored(db: Database) -> list[tuple[Any, ...]]:
    return db.read(
        "select q.channel, request, message, kind, actor, reacted from signals s join queues q on q.id = s.queue"
        " order by 1, 2, 3, 4, 5"
    ).fetchall()


def kinds(db: Database) -> list[Kind]:
    return sorted(Kind(row[3]) for row in stored(db))


def test_a_channel_becomes_its_facts(db: Database, tmp_path: Path) -> None:
    """Roots and replies of different days meet under the root; reactions of responders count, without times."""
    summary = bring(db, packed(tmp_path))
    root, number = round(ROOT * 1e6), 10**6
    facts = {(row[1] - root, row[2] - root, Kind(row[3]), row[5]) for row in stored(db)}
    assert facts == {
        (0, 0, Kind.ARRIVAL, 0),
        (0, 0, Kind.CLAIM, 0),
        (0, 0, Kind.DONE, 0),
        (0, DAY * number, Kind.REPLY, 0),
        (0, (DAY + 60) * number, Kind.THANKS, 0),
    }
    assert (summary.rows, summary.new, summary.bad, summary.requests) == (4, 5, 0, 1)
    assert requests.drain(db) == 0
    assert db.read("select count(*) from requests where answered is not null").fetchone() == (1,)


def test_importing_twice_changes_nothing(db: Database, tmp_path: Path) -> None:
    """The second time every fact, the roster and the queue are there already."""
    bring(db, packed(tmp_path))
    before = (stored(db), teams.all(db))
    second = bring(db, packed(tmp_path))
    assert (stored(db), teams.all(db)) == before
    assert (second.new, second.known) == (0, 5)


def test_messages_that_stand_twice_count_once(db: Database, tmp_path: Path) -> None:
    """The same messages in two days, or twice in one, are the same facts."""
    doubled = {"2023-11-14": MESSAGES["2023-11-14"] * 2, "2023-11-16": MESSAGES["2023-11-14"]}
    assert bring(db, packed(tmp_path, files(doubled))).new == 3


def test_no_text_and_no_name_is_kept(db: Database, tmp_path: Path) -> None:
    """Neither what was written nor a person's name or handle is in the database; ids only of the roster."""
    bring(db, packed(tmp_path))
    everything = b"".join(path.read_bytes() for path in tmp_path.glob("headroom.db*"))
    for word in (SECRET, "Ann Lee", "annie", "asker", "U0NOTONROSTER"):
        assert word.encode() not in everything, word


def test_who_asks_is_another_each_day(db: Database, tmp_path: Path) -> None:
    """Whoever answers has one pseudonym, whoever asks another each day: enough to join posts of five minutes."""
    days = {
        "2023-11-14": [message(T + 1), message(T + 60), reply(T + 70, T + 1)],
        "2023-11-15": [message(T + DAY + 1), reply(T + DAY + 9, T + DAY + 1)],
    }
    bring(db, packed(tmp_path, files(days)))
    askers = [row[4] for row in stored(db) if row[3] == Kind.ARRIVAL]
    assert len(askers) == 3
    assert askers[0] == askers[1] != askers[2]
    assert len({row[4] for row in stored(db) if row[3] == Kind.REPLY}) == 1
    assert db.read("select count(*) from requests").fetchone() == (2,)


def test_an_objection_holds_for_exports_too(db: Database, tmp_path: Path) -> None:
    """Who objected in Slack gets no pseudonym from an export, whether they answer or ask."""
    keys.opt_out(db, "T1", "U1")
    keys.opt_out(db, "T1", "U0NOTONROSTER")
    bring(db, packed(tmp_path))
    assert {row[4] for row in stored(db)} == {b""}


def test_an_objection_reaches_what_was_imported_before(db: Database, tmp_path: Path) -> None:
    """Who objects in Slack later disappears from the export's facts too; everybody else stays."""
    bring(db, packed(tmp_path, files({**MESSAGES, "2023-11-16": [message(T + 2 * DAY, "U8")]})))
    for person in ("U1", "U0NOTONROSTER"):
        keys.opt_out(db, "T1", person)
    named = [Kind(row[3]) for row in stored(db) if row[4]]
    assert named == [Kind.ARRIVAL]
    before = stored(db)
    bring(db, tmp_path / "export.zip")
    assert stored(db) == before


@pytest.mark.parametrize("named", ["U1,U2", "ann,U2", "@Annie, bob", "ANN LEE,U2"])
def test_responders_are_known_by_id_handle_or_name(db: Database, tmp_path: Path, named: str) -> None:
    """However they are called, the roster holds their ids."""
    bring(db, packed(tmp_path), responders=named)
    record = teams.by_name(db, "Desk")
    assert record is not None
    assert record.team.people == (Person("U1"), Person("U2"))


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("U1,ane", r"--responders is 'ane': .*did you mean .*ann \(U1\)"),
        ("U8", r"'U8': the export knows nobody of that id or name; did you mean .*\(U"),
        ("Bob Ray", r"several are called that; give U2, U3"),
        ("helper-app", "that is an app"),
        (None, "--responders is '': say who answers in the channel"),
    ],
)
def test_unknown_responders_are_refused(db: Database, tmp_path: Path, named: str | None, said: str) -> None:
    """Nobody, an app, or two people of one name: the sentence names near ones, and nothing is stored."""
    with pytest.raises(BadInputError, match=said):
        bring(db, packed(tmp_path), responders=named)
    assert teams.all(db) == []


def test_a_team_file_says_who_answers_and_when(db: Database, tmp_path: Path) -> None:
    """Without --responders those of the roster answer, on their days: later the same person's post is a request."""
    team = tmp_path / "team.json"
    team.write_text('{"name": "x", "people": [{"id": "U2", "until": "2023-11-14"}, {"id": "nobody-here"}]}')
    days = {"2023-11-14": [message(T + 1, "U2")], "2023-11-15": [message(T + DAY, "U2")]}
    bring(db, packed(tmp_path, files(days)), responders=None, team_file=team)
    assert kinds(db) == [Kind.ARRIVAL]
    record = teams.by_name(db, "Desk")
    assert record is not None
    assert [person.id for person in record.team.people] == ["U2", "nobody-here"]


def test_private_channels_and_ids(db: Database, tmp_path: Path) -> None:
    """A private channel stands in groups.json; a channel may be given by id, or with its #."""
    path = packed(tmp_path, files(channel="quiet-room"))
    assert bring(db, path, "quiet-room").new == 5
    assert bring(db, path, "G1").new == 0
    assert bring(db, path, "#quiet-room").new == 0


@pytest.mark.parametrize("named", ["D0123456789", "mpdm-ann--bob-1", "G7", "D9999999999"])
def test_direct_messages_are_never_read(db: Database, tmp_path: Path, named: str) -> None:
    """Even when named, and even when a list of channels claims that the folder is one."""
    lists = [{"id": "C1", "name": "D0123456789"}, {"id": "C5", "name": "mpdm-ann--bob-1"}]
    for path in (packed(tmp_path), packed(tmp_path, files() | {"channels.json": lists}, name="b.zip")):
        with pytest.raises(BadInputError, match="direct messages are never read"):
            bring(db, path, named)
    with pytest.raises(BadInputError, match="direct messages are never read"):
        bring(db, tmp_path / "b.zip", "C1")
    assert teams.all(db) == []


@pytest.mark.parametrize(
    ("channel", "said"),
    [
        ("dsk", "--channel is 'dsk': there is none; there are desk"),
        ("zzz", "there are desk, quiet-room, random"),
        (None, "say which channel to read; there are desk, quiet-room, random"),
        ("random", "the export holds no day of it"),
    ],
)
def test_an_unknown_channel_is_refused_with_those_there_are(
    db: Database, tmp_path: Path, channel: str | None, said: str
) -> None:
    """The sentence names near ones, or all."""
    with pytest.raises(BadInputError, match=said):
        bring(db, packed(tmp_path), channel)


def test_a_zip_without_options_asks_for_the_channel(db: Database, tmp_path: Path) -> None:
    """A zip is known by its content, whatever its name."""
    with pytest.raises(BadInputError, match="say which channel to read"):
        bring(db, packed(tmp_path, name="export.csv"), None, None)


def test_a_folder_zipped_again_is_read(db: Database, tmp_path: Path) -> None:
    """One folder above everything, as operating systems put it, makes no difference."""
    extra = files() | {"__MACOSX/x": b"junk"}
    assert bring(db, packed(tmp_path, extra, root="Our export/")).new == 5


@pytest.mark.parametrize(
    "name",
    [
        "../evil.json",
        "desk/../../evil.json",
        "/etc/passwd",
        "C:/evil.json",
        "c:evil",
        "desk\\..\\evil",
        "a\x00b",
        "\x1b[2J",
    ],
)
def test_hostile_paths_are_refused(db: Database, tmp_path: Path, name: str) -> None:
    """A member that would leave its folder condemns the archive; nothing is stored and nothing written to disk."""
    path = packed(tmp_path, files() | {name.replace("\x00", "%"): b"[]"})
    path.write_bytes(path.read_bytes().replace(b"a%b", b"a\x00b"))
    there = set(tmp_path.rglob("*"))
    with pytest.raises(BadInputError, match=r"it holds '.*', a (path|name)"):
        bring(db, path)
    assert teams.all(db) == []
    assert {p for p in set(tmp_path.rglob("*")) - there if not p.name.startswith("headroom.db")} == set()


def test_links_are_refused(db: Database, tmp_path: Path) -> None:
    """A symbolic link has no place in an export."""
    path = packed(tmp_path)
    link = zipfile.ZipInfo("desk/2023-11-20.json")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "a") as file:
        file.writestr(link, "/etc/passwd")
    with pytest.raises(BadInputError, match="a link or device"):
        bring(db, path)


def test_an_encrypted_archive_is_refused(db: Database, tmp_path: Path) -> None:
    """The flag in the list of members is enough to tell; the sentence says what to do."""
    path = packed(tmp_path)
    raw = bytearray(path.read_bytes())
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(raw)
    with pytest.raises(BadInputError, match="which is encrypted"):
        bring(db, path)


@pytest.mark.parametrize("share", [0.001, 0.3, 0.7, 0.999])
def test_a_cut_archive_is_refused_whole(db: Database, tmp_path: Path, share: float) -> None:
    """Without the list at its end nothing of a zip can be trusted; nothing is stored."""
    path = packed(tmp_path)
    raw = path.read_bytes()
    path.write_bytes(raw[: max(4, int(len(raw) * share))])
    with pytest.raises(BadInputError, match="cut off or damaged"):
        bring(db, path)
    assert teams.all(db) == []


def test_a_broken_day_is_told_and_the_rest_kept(db: Database, tmp_path: Path) -> None:
    """The day's name is told, messages before the break stay, other days arrive, and no text is shown."""
    broken = json.dumps(MESSAGES["2023-11-14"])[:-30]
    summary = bring(db, packed(tmp_path, files({**MESSAGES, "2023-11-14": broken})))
    assert summary.bad == 1
    assert summary.shown[0].startswith(
        "export.zip: desk/2023-11-14.json: it is cut off or no JSON list after 1 entries"
    )
    assert SECRET not in summary.text
    assert kinds(db) == [Kind.ARRIVAL, Kind.REPLY, Kind.CLAIM, Kind.DONE, Kind.THANKS]


def test_a_damaged_day_is_told_and_the_rest_kept(db: Database, tmp_path: Path) -> None:
    """Flipped bytes in one member: its checksum is wrong, the other days arrive."""
    path = packed(tmp_path, files({**MESSAGES, "2023-11-13": [message(T - DAY + n * 400) for n in range(500)]}))
    with zipfile.ZipFile(path) as file:
        start = file.getinfo("desk/2023-11-13.json").header_offset + 60
    raw = bytearray(path.read_bytes())
    raw[start : start + 40] = bytes(40)
    path.write_bytes(raw)
    summary = bring(db, path)
    assert summary.bad == 1
    assert "desk/2023-11-13.json: it is cut off or" in summary.shown[0]
    assert Kind.REPLY in kinds(db)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("text", "the message is 'str': an object with a ts is wanted"),
        ({}, "ts is ''"),
        ({"ts": "soon"}, "ts is 'soon'"),
        ({"ts": 5}, "ts is 5"),
        ({"ts": "12.000000"}, "a time from 1980 to 2099 is wanted"),
    ],
)
def test_a_bad_message_is_told_and_the_others_kept(db: Database, tmp_path: Path, bad: Any, said: str) -> None:
    """Archive, day, number and fault are told; the messages beside it arrive."""
    days = {"2023-11-14": [*MESSAGES["2023-11-14"], bad], "2023-11-15": MESSAGES["2023-11-15"]}
    summary = bring(db, packed(tmp_path, files(days)))
    assert (summary.new, summary.bad) == (5, 1)
    assert summary.shown[0].startswith("export.zip: desk/2023-11-14.json message 3: ")
    assert said in summary.shown[0]


def test_a_channel_without_facts_makes_no_team(db: Database, tmp_path: Path) -> None:
    """Where nothing in the channel is a request or about one, nothing is stored and the count is told."""
    summary = bring(db, packed(tmp_path, files({"2023-11-14": [message(T, "U1")]})))
    assert (summary.rows, summary.new) == (1, 0)
    assert teams.all(db) == []


@pytest.mark.parametrize("name", ["channels.json", "users.json", "dms.json"])
def test_a_list_that_cannot_be_read_is_named(db: Database, tmp_path: Path, name: str) -> None:
    """Without knowing channels, people or direct messages nothing is read."""
    with pytest.raises(BadInputError, match=f"its {name} cannot be used"):
        bring(db, packed(tmp_path, files() | {name: "[{"}))
    assert teams.all(db) == []


def test_a_bomb_is_named_and_not_unpacked(db: Database, tmp_path: Path) -> None:
    """A day that shrank a thousandfold, and one over the limit, are told by name; the others are kept."""
    bomb = b"[" + b" " * (archive.RATIO_FROM + 1) + b"]"
    summary = bring(db, packed(tmp_path, files({**MESSAGES, "2023-11-16": bomb})))
    assert "desk/2023-11-16.json: it unpacks to over 250 times its size" in summary.shown[0]
    assert (summary.new, summary.bad) == (5, 1)


def test_a_day_over_the_limit_is_refused_by_name(db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is told, and the other days are kept."""
    monkeypatch.setattr(archive, "MEMBER", 1 << 20)
    big = [message(T + n, text=str(n) * 400) for n in range(2500)]
    summary = bring(db, packed(tmp_path, files({**MESSAGES, "2023-11-16": big})))
    assert "1 MB is the most that is read" in summary.shown[0]
    assert summary.new == 5


def test_a_list_of_members_without_end_is_refused(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python would read the whole list at once; a list too long is refused before."""
    monkeypatch.setattr(archive, "LIST", 500)
    with pytest.raises(BadInputError, match="its list of files is longer"):
        bring(db, packed(tmp_path))


@pytest.mark.parametrize(
    "strange", [{"user": "\ud800"}, {"user": ["U0NOTONROSTER"]}, {"thread_ts": 7}, {"reactions": "x"}]
)
def test_strange_messages_harm_nothing(db: Database, tmp_path: Path, strange: Mapping[str, Any]) -> None:
    """Whatever stands in a message's fields, the other messages arrive."""
    days = {
        **MESSAGES,
        "2023-11-16": [
            message(T + 2 * DAY, **strange) if "user" not in strange else {**message(T + 2 * DAY), **strange}
        ],
    }
    assert bring(db, packed(tmp_path, files(days))).new >= 5


def test_progress_grows_to_one(db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is told on the way never falls and ends at the whole."""
    monkeypatch.setattr(export, "EVERY", 20)
    told: list[float] = []
    days = {f"2023-11-{day}": [message(T + day * DAY + n) for n in range(30)] for day in range(10, 15)}
    form = options.form(channel="desk", responders="U1")
    imports.run(db, packed(tmp_path, files(days)), "Desk", form, lambda team: team, told.append)
    assert told == sorted(told)
    assert len(told) > 5
    assert told[-1] == 1.0


def test_other_formats_options_are_refused_beside_it() -> None:
    """--channel belongs to exports, --map and --case to others."""
    for other in ({"maps": ["request=id"]}, {"case": "c"}):
        with pytest.raises(BadInputError, match="--channel and --responders read a Slack export"):
            options.form(channel="desk", **other)


def test_a_file_that_is_no_zip_is_refused(db: Database, tmp_path: Path) -> None:
    """With --channel only a zip will do."""
    path = tmp_path / "x.jsonl"
    path.write_text("{}\n")
    with pytest.raises(BadInputError, match="it is no zip archive"):
        bring(db, path)


def test_a_zip_of_something_else_is_refused(db: Database, tmp_path: Path) -> None:
    """A zip without channels.json is no Slack export."""
    with pytest.raises(BadInputError, match=r"it holds no channels\.json"):
        bring(db, packed(tmp_path, {"log.csv": b"a,b"}))


def test_an_element_that_never_ends_is_given_up(tmp_path: Path) -> None:
    """An element over the limit ends the reading with what stood before it."""
    stream = (tmp_path / "x").open("w+b")
    with stream:
        stream.write(b'[{"ts": 1}, "' + b"x" * (2 * jsonarray.LONGEST) + b'"]')
        stream.seek(0)
        found = jsonarray.elements(stream)
        assert next(found) == {"ts": 1}
        with pytest.raises(jsonarray.BrokenError):
            next(found)
