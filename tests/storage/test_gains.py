"""The ledger on disk: one form is one gain, a look is taken once, an end stands."""

from dataclasses import replace
from datetime import date

from storage import gains
from storage.database import Database
from storage.gains import BEFORE, Gain, Look, Pledge

DAY = date(2026, 3, 2)


def gain(team: int, **changes: object) -> Gain:
    """A gain as it is written down."""
    return replace(Gain(0, team, "Template", 6.0, "learning", "the template", "wait", DAY, 200.0), **changes)  # type: ignore[arg-type]


def test_what_is_kept_comes_back(db: Database, queue: int) -> None:
    """A gain is read as it was written, oldest first."""
    later = gains.add(db, "b", gain(1, began=date(2026, 4, 1), people=None))
    first = gains.add(db, "a", gain(1))
    assert first is not None
    assert gains.get(db, first) == gain(1, id=first)
    assert [g.id for g in gains.of_team(db, 1)] == [first, later]
    assert gains.get(db, 99) is None
    assert gains.of_team(db, 2) == []


def test_a_form_sent_twice_is_one_gain(db: Database, queue: int) -> None:
    """The second time nothing is kept."""
    assert gains.add(db, "a", gain(1)) is not None
    assert gains.add(db, "a", gain(1, title="again")) is None
    assert len(gains.of_team(db, 1)) == 1


def test_a_look_is_taken_once(db: Database, queue: int) -> None:
    """The first one stands, and looks come in order."""
    number = gains.add(db, "a", gain(1)) or 0
    assert gains.look(db, number, 4, DAY, {"x": 1})
    assert not gains.look(db, number, 4, DAY, {"x": 2})
    assert gains.look(db, number, BEFORE, DAY, {})
    assert gains.looks(db, number) == [Look(BEFORE, DAY, {}), Look(4, DAY, {"x": 1})]


def test_an_end_stands(db: Database, queue: int) -> None:
    """What was ended is not ended again, and does not stand any more."""
    number = gains.add(db, "a", gain(1)) or 0
    assert gains.stands(db, number, DAY)
    assert gains.end(db, number, DAY)
    assert not gains.end(db, number, date(2026, 5, 1))
    assert not gains.stands(db, number, date(2026, 5, 1))
    found = gains.get(db, number)
    assert found is not None
    assert (found.stood, found.ended) == (DAY, DAY)


def test_a_pledge_takes_the_place_of_the_one_before(db: Database, queue: int) -> None:
    """There is one pledge a team."""
    assert gains.pledge(db, 1) is None
    gains.set_pledge(db, 1, Pledge("buffer", "", DAY))
    gains.set_pledge(db, 1, Pledge("learning", "ours", DAY))
    assert gains.pledge(db, 1) == Pledge("learning", "ours", DAY)
