"""Every wish goes its whole way: a new line in the table is tested by being there."""

from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from bot.errors import BadInputError
from bot.health.seen.worktime import CHECKS
from bot.importing.teamfile import TEAM_KEYS, parse
from bot.messages import actions
from bot.messages.setup import SetupDraft, draft_of, setup_view
from bot.privacy.columns import KEPT
from bot.wishes import WISHES, Asked, Wish, Wishes, wished
from handlers.setup_form import mistakes, of_record, read, to_team
from storage import schema, teams
from storage.database import Database
from tests.fresh import fresh
from tests.handlers.forms import HELD, state_of

NOW = 1_772_445_600.0
DRAFT = SetupDraft(queue="C1", name="Desk", responders=("U1", "U2"), lead="U1", history_days=0)
GROUPS = (("S7", "desk"), ("S8", "other"))
OURS = {"id", "workspace", "hands_on_given", "announced", "basis"}
"""Columns of `teams` that no team says, or that say whether it did."""

WORDS = {"hours": "Mon-Thu 08:00-12:00", "tz": "Asia/Tokyo", "country": "AT"}
"""For what is checked: something that passes."""

WRITTEN: tuple[Any, ...] = (True, 0.25, "Some words")
"""What may stand in a team file: the first that a reader takes is tried."""


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return fresh(tmp_path / "headroom.db")


def chosen(asked: Asked, key: str) -> list[str]:
    """What a person may type or choose in a field, as Slack hands it over."""
    match asked.kind:
        case "number":
            return [str(asked.least + 1), str(asked.most - 1)]
        case "select" | "radio":
            return [value for value, _ in asked.options]
        case "text":
            return [WORDS.get(key, "Some words")]
    return [{"person": "U7", "channel": "C7", "group": "S7"}[asked.kind]]


def asked() -> Iterator[Any]:
    """Each wish of the form with each thing that may be said."""
    for wish in WISHES:
        if wish.asked:
            yield from (pytest.param(wish, raw, id=f"{wish.key}-{raw}") for raw in chosen(wish.asked, wish.key))


def submitted(view: dict[str, Any], field: str, raw: str) -> tuple[SetupDraft, dict[str, str]]:
    """A form with one field filled in anew, as it is read."""
    (element,) = [block["element"] for block in view["blocks"] if block.get("block_id") == field]
    held, _ = HELD.get(element["type"], ("value", ""))
    value: Any = {"value": raw} if held == "selected_option" else raw
    return read(draft_of(view["private_metadata"]), {**state_of(view), field: {field: {held: value}}})


def test_the_table_tells_each_wish_once() -> None:
    """Every attribute of the record has its line in the table, in the same order, and the form an id for each."""
    assert [wish.key for wish in WISHES] == [each.name for each in fields(Wishes)]
    ids = [value for name, value in vars(actions).items() if name.isupper() and isinstance(value, str)]
    assert len(ids) == len(set(ids))
    assert {actions.of_wish(wish.key) for wish in WISHES} & {actions.SHARE, actions.SETUP_MORE} == set()
    assert len({actions.of_wish(wish.key) for wish in WISHES}) == len(WISHES)
    assert set(CHECKS) <= {wish.key for wish in WISHES}


def test_the_privacy_page_tells_each_column_of_a_team() -> None:
    """The columns of `teams` are the wishes and those that are ours, and the page says what each holds."""
    columns = {wish.key for wish in WISHES} | OURS
    assert set(schema.columns()["teams"]) == columns == set(KEPT["teams"].columns)
    assert {wish.key: wish.holds for wish in WISHES}.items() <= KEPT["teams"].columns.items()


@pytest.mark.parametrize(("wish", "raw"), list(asked()))
def test_what_is_said_in_the_form_is_stored_and_shown_again(db: Database, wish: Wish, raw: str) -> None:
    """Form → draft → database → record → form: what was said is there, and nothing else has changed."""
    assert wish.asked is not None
    field = actions.of_wish(wish.key)
    said, wrong = submitted(setup_view(DRAFT, more=True, groups=GROUPS), field, raw)
    assert wrong == mistakes(said) == {}
    number = teams.save(db, to_team(said, "T1", said.responders, []), NOW)
    record = teams.get(db, number)
    assert record is not None
    again = of_record(record, "C1", NOW)
    assert getattr(again, wish.key) == getattr(record, wish.key) == getattr(said, wish.key)
    usual = {each.key for each in WISHES if each.from_preset and each.asked is None}
    others = {key: value for key, value in wished(again).items() if key not in usual | {wish.key}}
    assert others == {key: value for key, value in wished(DRAFT).items() if key in others}
    view = setup_view(again, more=True, groups=GROUPS)
    once_more, wrong = submitted(view, field, raw)
    assert (once_more, wrong) == (again, {})
    shown = next(block["element"] for block in view["blocks"] if block.get("block_id") == field)
    assert raw in str({name: value for name, value in shown.items() if name.startswith("initial")})


@pytest.mark.parametrize("wish", [pytest.param(w, id=w.key) for w in WISHES if w.asked])
def test_something_else_than_the_default_can_be_said(wish: Wish) -> None:
    """What the test above says of a wish is for once not what it says unasked."""
    assert wish.asked is not None
    said = [wish.asked.read(raw) for raw in chosen(wish.asked, wish.key)]
    assert any(value != getattr(Wishes(), wish.key) for value in said)


@pytest.mark.parametrize("wish", [pytest.param(w, id=w.key) for w in WISHES if w.written])
def test_what_a_team_file_says_is_stored(db: Database, wish: Wish) -> None:
    """File → database → record, beside a team's defaults; nobody warns of the key, and null says nothing."""
    raw = WORDS.get(wish.key) or next(value for value in WRITTEN if taken(wish, value))
    said, warnings = parse({"name": "Desk", wish.key: raw, "people": [{"id": "u1"}]})
    assert warnings == ()
    assert wish.key in TEAM_KEYS
    number = teams.save_roster(db, teams.IMPORTED, said, said.people, ["q"])
    record = teams.get(db, number)
    assert record is not None
    assert wished(record) == wished(said) == {**wished(Wishes(name="Desk")), wish.key: raw}
    assert record.team == said.team
    assert parse({wish.key: None})[0] == parse({})[0]


def taken(wish: Wish, value: Any) -> bool:
    """Whether a file may say that of a wish."""
    assert wish.written is not None
    try:
        wish.written(value)
    except BadInputError:
        return False
    return True


@pytest.mark.parametrize("wish", [pytest.param(w, id=w.key) for w in WISHES if w.settled])
def test_what_is_settled_stays(db: Database, wish: Wish) -> None:
    """Once the channel was told, saving another value changes nothing, and the form asks no more."""
    assert wish.asked is not None
    values = [wish.asked.read(raw) for raw in chosen(wish.asked, wish.key)]
    first = replace(DRAFT, **{wish.key: values[0]})
    number = teams.save(db, to_team(first, "T1", first.responders, []), NOW)
    teams.set_announced(db, number, NOW)
    record = teams.get(db, number)
    assert record is not None
    other = replace(of_record(record, "C1", NOW), **{wish.key: values[1]})
    assert actions.of_wish(wish.key) not in state_of(setup_view(other, more=True))
    teams.save(db, to_team(other, "T1", other.responders, []), NOW)
    assert teams.get(db, number) == record
