"""`/headroom plan` and `/headroom change` as people type them: the lead notes, the team reads, mistakes are named."""

import json
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.errors import BadInputError
from handlers.plans import read_change, read_plan
from storage import changes, plans
from tests.handlers.desk import ANNA, ASKER, LEAD, OPEN, QUEUE, RESPONDERS, Desk
from tests.handlers.test_whatif_story import busy_weeks

TODAY = date(2026, 11, 23)


def today(desk: Desk) -> date:
    return datetime.fromtimestamp(desk.parts.clock(), ZoneInfo("Europe/Berlin")).date()


async def test_a_lead_plans_a_peak_and_takes_it_back(desk: Desk) -> None:
    """Hours short come by week, the list has them, and after cancelling there is no plan."""
    number = desk.team()
    busy_weeks(desk, number)
    first = today(desk) + timedelta(days=10)
    last = first + timedelta(days=9)
    await desk.ask(LEAD, f"plan {first} - {last} +40%")
    said = await desk.whisper(LEAD, "+40%, noted")
    assert "80% range" in said["text"]
    assert f"week {first.isocalendar().week}" in said["text"]
    (plan,) = plans.of_team(desk.parts.db, number)
    assert (plan.since, plan.until, plan.demand) == (first, last, 0.4)
    assert plan.predicted["wait"]
    await desk.ask(LEAD, f"plan {last} +10%")
    await desk.whisper(LEAD, "Another plan has one of these days")
    await desk.ask(ANNA, "plan list")
    await desk.whisper(ANNA, "Known peaks of Deal desk")
    await desk.ask(LEAD, f"plan cancel {first}")
    await desk.whisper(LEAD, "Taken back")
    assert plans.of_team(desk.parts.db, number) == []


async def test_a_lead_marks_a_change_and_takes_it_back(desk: Desk) -> None:
    """It says when it will be compared; marked twice it is one; the list says it is too early."""
    number = desk.team()
    await desk.ask(LEAD, 'change "assistant live"')
    await desk.whisper(LEAD, "“assistant live” is marked on")
    await desk.ask(LEAD, "change “assistant live”")
    await desk.whisper(LEAD, "is marked on that day already")
    assert [one.day for one in changes.of_team(desk.parts.db, number)] == [today(desk)]
    await desk.ask(ANNA, "change list")
    await desk.whisper(ANNA, "too early to compare")
    await desk.ask(LEAD, f"change cancel {today(desk)}")
    await desk.whisper(LEAD, "Taken back: “assistant live”")
    assert changes.of_team(desk.parts.db, number) == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("plan 15-31 Dec", "the rise is missing"),
        ("plan +40%", "15-31 Dec +40%"),
        ("plan Foober +40%", "foober"),
        ("plan 15-31 Dec -40%", "a quieter time needs no plan"),
        ("plan 15-31 Dec +40% +50%", "more than one rise"),
        ("plan 15-31 Dec +900%", "+5% to +400%"),
        ("plan tomorrow +0%", "+5% to +400%"),
        ("plan yesterday +40%", "days to come"),
        ("plan <!channel> +40%", "15-31 Dec +40%"),
        ("plan cancel", "a day of the plan"),
        ("plan cancel tomorrow", "No plan has that day"),
        ("change assistant live", "quotation marks"),
        ('change ""', "quotation marks"),
        ('change "assistant live" soonish', "soonish"),
        ('change "assistant live" 3-5 Dec', "one day"),
        ("change cancel", "the day of the change"),
        ("change cancel tomorrow", "No change is marked on that day"),
        ("change list", "no change is marked"),
        ("plan", "no peak is planned"),
    ],
)
async def test_every_mistake_gets_the_part_and_an_example(desk: Desk, typed: str, said: str) -> None:
    """What cannot be read is answered with the part that was not understood; nothing is kept."""
    number = desk.team()
    await desk.ask(LEAD, typed)
    seen = await desk.whisper(LEAD, said)
    assert "<!channel>" not in json.dumps(seen)
    assert not plans.of_team(desk.parts.db, number)
    assert not changes.of_team(desk.parts.db, number)


async def test_only_the_lead_notes_and_only_the_team_reads(desk: Desk) -> None:
    """A responder is told who does; a requester reads whom it is for; neither changes anything."""
    number = desk.team()
    for typed, what in (
        ("plan 15-31 Dec +40%", "note known peaks"),
        ('change "assistant live"', "mark changes"),
        ("plan cancel tomorrow", "note known peaks"),
    ):
        await desk.ask(ANNA, typed)
        await desk.whisper(ANNA, f"Only the lead of Deal desk can {what}.")
        await desk.ask(ASKER, typed)
        await desk.whisper(ASKER, "Only the people who answer for Deal desk, and their lead")
    await desk.ask(ASKER, "plan list")
    assert not plans.of_team(desk.parts.db, number)
    assert not changes.of_team(desk.parts.db, number)


async def test_in_another_teams_channel_nothing_is_noted(desk: Desk) -> None:
    """A lead who types it there is told the way to their own team; neither team has a plan or a change."""
    both = [desk.team(), desk.team(name="Legal", queue=OPEN, lead=ASKER, responders=(ASKER,), team_channel=None)]
    for typed in ("plan 15-31 Dec +40%", 'change "assistant live"'):
        await desk.ask(LEAD, typed, OPEN)
        word = typed.partition(" ")[0]
        await desk.whisper(LEAD, f"You answer for Deal desk, in <#{QUEUE}>: type `/headroom {word}` there.", OPEN)
    assert [plans.of_team(desk.parts.db, number) for number in both] == [[], []]
    assert [changes.of_team(desk.parts.db, number) for number in both] == [[], []]


async def test_a_pair_plans_without_hours(desk: Desk) -> None:
    """A team of two reads why no hours are told."""
    number = desk.team(responders=RESPONDERS[:2])
    busy_weeks(desk, number, RESPONDERS[:2])
    await desk.ask(LEAD, f"plan {today(desk) + timedelta(days=5)} +40%")
    seen = await desk.whisper(LEAD, "hours would describe a person")
    assert "short" not in seen["text"]


@pytest.mark.parametrize(
    ("text", "first", "last", "share"),
    [
        ("15-31 Dec +40%", date(2026, 12, 15), date(2026, 12, 31), 0.4),
        ("+40% 15 - 31 December", date(2026, 12, 15), date(2026, 12, 31), 0.4),
        ("24 Dec - 2 Jan +12,5 % demand", date(2026, 12, 24), date(2027, 1, 2), 0.125),
        ("next week 20% more requests", date(2026, 11, 30), date(2026, 12, 6), 0.2),
        ("tomorrow + 100%", date(2026, 11, 24), date(2026, 11, 24), 1.0),
        ("2026-12-15 +40%", date(2026, 12, 15), date(2026, 12, 15), 0.4),
        ("15.12. - 31.12. +40%", date(2026, 12, 15), date(2026, 12, 31), 0.4),
    ],
)
def test_plans_are_read_as_people_write_them(text: str, first: date, last: date, share: float) -> None:
    """Days and rise in either order, with or without words."""
    since, until, demand = read_plan(text, TODAY)
    assert (since, until) == (first, last)
    assert demand == pytest.approx(share)


@pytest.mark.parametrize("text", ["1 Dec, 5 Dec +40%", "1 Dec - 30 Apr +40%", "31-15 Dec +40%", "1 Dec 2029 +40%", "%"])
def test_a_plan_is_one_stretch_of_at_most_a_quarter(text: str) -> None:
    """Scattered days, half a year, days in the wrong order and far-off ones are refused."""
    with pytest.raises(BadInputError):
        read_plan(text, TODAY)


@pytest.mark.parametrize(
    ("text", "title", "day"),
    [
        ('"assistant live"', "assistant live", TODAY),
        ("“assistant live” 15 Dec", "assistant live", date(2026, 12, 15)),
        ("'new form' 2026-02-04", "new form", date(2026, 2, 4)),
        ('"a  b\n<!here>" yesterday', "a b <!here>", date(2026, 11, 22)),
    ],
)
def test_changes_are_read_as_people_write_them(text: str, title: str, day: date) -> None:
    """Straight and curly quotation marks, today without a day, and up to a year back."""
    assert read_change(text, TODAY) == (title, day)
