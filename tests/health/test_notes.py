"""What people are told of the data: only where it is so."""

from dataclasses import replace

from bot.health.notes import LONGER, notes
from bot.health.picture import Picture, look
from bot.health.quality import old_enough, reopen_rate
from bot.health.results import UNTOLD
from tests.health.desk import START, WEEK, simulate


def seen(weeks: int = 8) -> Picture:
    """A desk that nothing is wrong with."""
    desk = simulate(1, rho=0.6, weeks=weeks)
    return look(desk.facts, desk.team, desk.now, basis=None, held=None, history_weeks=26)


def test_waits_longer_than_the_work_explains_are_named_once() -> None:
    """Where ρ by waits is far above ρ by work, and nothing else tells of work that is not seen."""
    picture = seen()
    belief = picture.believe(picture.load(picture.desk.now - 4 * WEEK))
    assert belief is not None
    assert belief.work is not None
    longer = replace(belief, wait=belief.work + 0.3)
    assert LONGER in notes(picture, longer, 1.0, 5, True)
    assert LONGER not in notes(picture, longer, 1.0, 5, True, unseen=True)
    assert LONGER not in notes(picture, replace(belief, wait=belief.work + 0.1), 1.0, 5, True)
    assert LONGER not in notes(picture, replace(belief, wait=None), 1.0, 5, True)


def test_few_closings_old_enough_are_a_doubtful_share() -> None:
    """Fewer than half: both numbers are told; from half on, nothing is."""
    picture = seen()
    told = [note for note in notes(picture, UNTOLD, 1.0, 5, True, (30, 90)) if "closing" in note]
    assert told == [
        "Only 30 of 90 closings are old enough to tell whether they come back: the share of all may be quite another."
    ]
    assert not any("old enough" in note for note in notes(picture, UNTOLD, 1.0, 5, True, (45, 90)))


def test_closings_of_the_last_days_are_not_old_enough() -> None:
    """Those counted are the ones the share is of; the others are of the last five days."""
    picture = seen()
    requests, now = picture.desk.requests, picture.desk.now
    some, all_of_them = old_enough(requests, START, now)
    rate = reopen_rate(requests, START, now)
    assert rate
    assert rate.n == some < all_of_them
    assert old_enough(requests, now - 86_400, now)[0] == 0
