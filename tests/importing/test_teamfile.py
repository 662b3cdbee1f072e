"""Team files: what they say becomes a team, and each wrong field is named."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.errors import BadInputError
from bot.importing.teamfile import TeamFile, nameless, parse, read, said
from bot.team import Person, Team

DESK: dict[str, Any] = {
    "name": "Deal desk",
    "tz": "Europe/Berlin",
    "hours": "Mon-Fri 09:00-17:00",
    "country": "de",
    "people": [
        {"id": "u1", "from": "2026-01-05", "until": None, "off": ["2026-02-03"], "half": ["2026-02-04"], "share": 0.5},
        {"id": 7, "hours": "Mon-Thu 08:00-12:00", "tz": "Asia/Tokyo"},
    ],
    "hands_on_minutes": 45,
    "target_wait_hours": 4,
    "unseen_share": 0.2,
}


def test_all_fields_arrive() -> None:
    """Every key of the contract lands in its field, with a person's own zone, hours and share kept."""
    team, warnings = parse(DESK)
    assert warnings == ()
    assert team.team == Team(
        name="Deal desk",
        tz="Europe/Berlin",
        hours="Mon-Fri 09:00-17:00",
        country="DE",
        people=(
            Person(
                "u1",
                since=date(2026, 1, 5),
                off=frozenset({date(2026, 2, 3)}),
                half=frozenset({date(2026, 2, 4)}),
                share=0.5,
            ),
            Person("7", hours="Mon-Thu 08:00-12:00", tz="Asia/Tokyo"),
        ),
        hands_on_minutes=45,
        hands_on_given=True,
        target_wait_hours=4,
        unseen_share=0.2,
    )


def test_a_bare_file_takes_defaults() -> None:
    """Without its optional keys a team has UTC, office hours, no holidays and nothing stated."""
    team, _ = parse({"people": []})
    assert team.team == Team(name="")


def test_an_unknown_key_is_warned_of() -> None:
    """A misspelt key does not stop the import, but is never silently ignored."""
    _, warnings = parse({"timezone": "UTC", "hour": "x", "people": [{"id": "u1", "shares": 1}]})
    assert len(warnings) == 3
    assert "'timezone' is not a key" in warnings[0]
    assert "did you mean 'hours'?" in warnings[1]
    assert "people[0]: 'shares'" in warnings[2]
    assert "did you mean 'share'?" in warnings[2]


def _changed(path: str, value: object) -> dict[str, Any]:
    desk = json.loads(json.dumps(DESK))
    target, *rest = path.split(".")
    if rest:
        desk["people"][0][rest[0]] = value
    else:
        desk[target] = value
    return desk  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("name", 3, "desk.json: name"),
        ("tz", "Europe/Berlln", "desk.json: tz"),
        ("tz", "Europe", "desk.json: tz"),
        ("tz", "../etc", "desk.json: tz"),
        ("hours", "9 to 5", "desk.json: hours"),
        ("country", "Germany", "desk.json: country"),
        ("people", {"id": "u1"}, "desk.json: people"),
        ("people", ["u1"], "desk.json: people[0]"),
        ("hands_on_minutes", 0, "desk.json: hands_on_minutes"),
        ("hands_on_minutes", "45", "desk.json: hands_on_minutes"),
        ("hands_on_minutes", float("nan"), "desk.json: hands_on_minutes"),
        ("hands_on_minutes", True, "desk.json: hands_on_minutes"),
        ("target_wait_hours", -1, "desk.json: target_wait_hours"),
        ("unseen_share", 1, "desk.json: unseen_share"),
        ("unseen_share", 20, "desk.json: unseen_share"),
        ("usually_away", -1, "desk.json: usually_away"),
        ("people.id", "", "desk.json: people[0].id"),
        ("people.from", "05.01.2026", "desk.json: people[0].from"),
        ("people.from", 20260105, "desk.json: people[0].from"),
        ("people.until", "2026-01-04", "desk.json: people[0].until"),
        ("people.off", "2026-02-03", "desk.json: people[0].off"),
        ("people.off", ["2026-02-30"], "desk.json: people[0].off[0]"),
        ("people.half", ["2026-02-30"], "desk.json: people[0].half[0]"),
        ("people.tz", "Mars/Olympus", "desk.json: people[0].tz"),
        ("people.hours", "always", "desk.json: people[0].hours"),
        ("people.share", 1.5, "desk.json: people[0].share"),
    ],
)
def test_a_wrong_field_is_named(path: str, value: object, field: str) -> None:
    """The error carries the file, the place in it and the value, so that it can be found and mended."""
    with pytest.raises(BadInputError) as caught:
        parse(_changed(path, value), "desk.json")
    assert caught.value.field == field
    assert caught.value.mend


def test_a_last_day_may_be_the_first() -> None:
    """Dates are inclusive, so a roster entry of one day is fine."""
    team, _ = parse(_changed("people.until", "2026-01-05"))
    assert team.people[0].until == date(2026, 1, 5)


def test_somebody_may_come_back_but_not_be_there_twice() -> None:
    """Two stints of one person are kept; stints that overlap are refused by id."""
    apart = [{"id": "u1", "until": "2026-01-31"}, {"id": "u1", "from": "2026-03-01"}]
    assert len(parse({"people": apart})[0].people) == 2
    with pytest.raises(BadInputError, match="'u1': is there twice at once"):
        parse({"people": [apart[0], {"id": "u1", "from": "2026-01-31"}]})


def test_files_are_read_with_or_without_a_byte_order_mark(tmp_path: Path) -> None:
    """An editor's BOM does no harm."""
    file = tmp_path / "desk.json"
    file.write_text("\ufeff" + json.dumps(DESK), encoding="utf-8")
    assert read(file)[0] == parse(DESK)[0]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"name": "x",}', "line 1, column 14 is no JSON"),
        (b'"\xff"', "save it as UTF-8"),
        (b"[]", "write an object"),
    ],
)
def test_a_file_that_is_no_team_file_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    """Broken JSON is reported with line and column, wrong encoding and shape in plain words."""
    file = tmp_path / "desk.json"
    file.write_bytes(content)
    with pytest.raises(BadInputError, match=said):
        read(file)


def test_a_missing_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path that leads nowhere is reported as the option's value."""
    monkeypatch.chdir(tmp_path)  # a long path would be cut
    with pytest.raises(BadInputError, match=r"--team-file is 'nowhere.json'.*cannot be read"):
        read(Path("nowhere.json"))


def test_a_team_without_a_file_is_people_by_number() -> None:
    """`--people 3` makes three nameless people; none or a negative number is refused."""
    assert [person.id for person in nameless(3)] == ["#1", "#2", "#3"]
    with pytest.raises(BadInputError, match="--people is 0"):
        nameless(0)


def test_options_are_checked_like_fields() -> None:
    """A bad --tz, --hours or --country is named as the option it came from; None keeps what is known."""
    team = TeamFile(name="Desk", tz="Asia/Tokyo")
    assert said(team, None, None, None) == team
    wanted = TeamFile(name="Desk", tz="UTC", hours="Mon 09:00-10:00", country="IT")
    assert said(team, "UTC", "Mon 09:00-10:00", "it") == wanted
    options = ("tz", "hours", "country")
    for option in options:
        tz, hours, country = (("nonsense" if name == option else None) for name in options)
        with pytest.raises(BadInputError, match=f"--{option} is 'nonsense'"):
            said(team, tz, hours, country)
