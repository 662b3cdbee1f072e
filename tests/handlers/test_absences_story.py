"""Days away as people note them, in the command and in the form; capacity follows, and no reason is kept."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.health.seen.capacity import Roster
from bot.messages import actions
from bot.messages.absences import spans
from bot.messages.blocks import actions as actions_row
from bot.messages.blocks import button, message
from bot.messages.readable import readable
from storage import outbox, schema, teams
from tests.handlers.desk import ANNA, ASKER, BEN, LEAD, OPEN, QUEUE, STRANGER, Desk


def record_of(desk: Desk, number: int) -> teams.TeamRecord:
    record = teams.get(desk.parts.db, number)
    assert record is not None
    return record


def away(desk: Desk, number: int, user: str = ANNA) -> tuple[frozenset[date], frozenset[date]]:
    """The days somebody is away from a team, whole and half."""
    own = next(p for p in record_of(desk, number).team.people if p.id == user)
    return own.off, own.half


def today(desk: Desk, tz: str = "Europe/Berlin") -> date:
    return datetime.fromtimestamp(desk.parts.clock(), ZoneInfo(tz)).date()


async def test_days_are_noted_and_taken_back(desk: Desk) -> None:
    """The person reads which days were noted, for which team, and how to take them back; the list shows the rest."""
    number = desk.team()
    first = today(desk) + timedelta(days=10)
    days = frozenset(first + timedelta(days=n) for n in range(3))
    await desk.ask(ANNA, f"away {first} - {max(days)}")
    said = await desk.whisper(ANNA, "Noted for Deal desk")
    assert "No reason is asked or kept" in said["text"]
    assert f"/headroom away cancel {first} - {max(days)}" in said["text"]
    assert away(desk, number) == (days, frozenset())
    await desk.ask(ANNA, f"away cancel {first}")
    await desk.whisper(ANNA, "Taken back for Deal desk")
    assert away(desk, number) == (days - {first}, frozenset())
    await desk.ask(ANNA, "away list")
    listed = await desk.whisper(ANNA, "Your days away in Deal desk")
    assert f"cancel {first + timedelta(days=1)} - {max(days)}" in listed["text"]
    await desk.ask(ANNA, "away cancel all")
    (left,) = spans(dict.fromkeys(days - {first}, 1.0), today(desk))
    await desk.whisper(ANNA, f"you are there {left}")
    assert away(desk, number) == (frozenset(), frozenset())
    await desk.ask(ANNA, "away cancel tomorrow")
    await desk.whisper(ANNA, "None of these days was noted")
    assert desk.woken


async def test_half_a_day_lowers_capacity_by_half_a_day(desk: Desk) -> None:
    """`Friday afternoon` takes half of that day's hours off the team's capacity."""
    number = desk.team(country=None)
    day = today(desk, "Europe/Berlin")
    friday = day + timedelta(days=(4 - day.weekday()) % 7)
    start = datetime(friday.year, friday.month, friday.day, tzinfo=ZoneInfo("Europe/Berlin")).timestamp()
    edges = [start, start + 86_400]
    before = Roster.of(record_of(desk, number).team, *edges).hours(edges)[0]
    await desk.ask(ANNA, "away Friday afternoon")
    await desk.whisper(ANNA, "(half the day)")
    assert before == 40
    assert Roster.of(record_of(desk, number).team, *edges).hours(edges)[0] == 36


async def test_what_cannot_be_read_is_said(desk: Desk) -> None:
    """A reason, or anything that is no day, is not kept: the part that was not understood is named, with an example."""
    number = desk.team()
    await desk.ask(ANNA, "away tomorrow with the flu")
    said = await desk.whisper(ANNA, "cannot be read")
    assert "with the flu" in said["text"]
    assert "3-5 Dec" in said["text"]
    assert "no reason is needed" in said["text"]
    assert away(desk, number) == (frozenset(), frozenset())
    await desk.ask(ANNA, "away cancel")
    await desk.whisper(ANNA, "Say which days")


async def test_the_day_is_that_of_the_person(desk: Desk) -> None:
    """`today` is the day it is where the person works, also where the team's day is another."""
    number = desk.team(tz="Pacific/Kiritimati", person_tz={ANNA: "Pacific/Pago_Pago"})
    await desk.ask(ANNA, "away today")
    await desk.whisper(ANNA, "Noted for Deal desk")
    assert away(desk, number)[0] == {today(desk, "Pacific/Pago_Pago")}
    await desk.ask(BEN, "away today")
    await desk.whisper(BEN, "Noted for Deal desk")
    assert away(desk, number, BEN)[0] == {today(desk, "Pacific/Kiritimati")}
    assert today(desk, "Pacific/Kiritimati") != today(desk, "Pacific/Pago_Pago")


async def test_who_is_on_two_teams_is_away_from_both(desk: Desk) -> None:
    """One word is enough, and the answer names both teams; others on them are as they were."""
    both = [desk.team(), desk.team(name="Second desk", queue=OPEN, responders=(ANNA,), team_channel=None)]
    await desk.ask(ANNA, "away tomorrow")
    await desk.whisper(ANNA, "Noted for Deal desk and Second desk")
    tomorrow = today(desk) + timedelta(days=1)
    assert [away(desk, number)[0] for number in both] == [{tomorrow}, {tomorrow}]
    assert away(desk, both[0], BEN)[0] == frozenset()


@pytest.mark.parametrize("user", [ASKER, LEAD])
async def test_who_is_on_no_roster_has_nothing_to_note(desk: Desk, user: str) -> None:
    """A requester and a lead who answers nothing read one kind sentence, and nothing is kept."""
    desk.team()
    for text in ("away tomorrow", "away"):
        await desk.ask(user, text)
        await desk.whisper(user, "You are on no team's roster")
    assert (await desk.slack.state(user))["modals"] == []
    assert desk.parts.db.read("select count(*) from absences").fetchone() == (0,)


async def test_a_guest_presses_the_button(desk: Desk) -> None:
    """Somebody of another workspace who presses the button under a post reads one kind sentence."""
    desk.team()
    body = message([actions_row([button("I'm away", actions.AWAY_OPEN)])]).body()
    outbox.put(desk.parts.db, workspace=desk.parts.workspace, channel=QUEUE, body=body)
    await desk.deliver()
    post = (await desk.posts())[-1]
    await desk.click(STRANGER, post, actions.AWAY_OPEN)
    await desk.whisper(STRANGER, "on no team")
    await desk.click(ANNA, post, actions.AWAY_OPEN)
    await desk.modal(ANNA, "Counts for Deal desk")


async def test_the_form(desk: Desk) -> None:
    """Without words a form opens; what it says is noted, half days too, and taken back by the same form."""
    number = desk.team()
    await desk.ask(ANNA, "away")
    view = await desk.modal(ANNA, "First day")
    assert "Counts for Deal desk" in readable(view["blocks"])
    first, last = today(desk) + timedelta(days=3), today(desk) + timedelta(days=4)
    dates = {actions.AWAY_FROM: str(first), actions.AWAY_UNTIL: str(last)}
    answer = await desk.submit(ANNA, view, **dates, **{actions.AWAY_HOW: "half"})
    assert answer["shown"] == "updated"
    assert "Noted for Deal desk" in readable(answer["view"]["blocks"])
    assert away(desk, number) == (frozenset(), frozenset({first, last}))
    await desk.ask(ANNA, "away")
    view = await desk.modal(ANNA, "Noted so far")
    await desk.submit(ANNA, view, **{actions.AWAY_FROM: str(first), actions.AWAY_HOW: "there"})
    assert away(desk, number) == (frozenset(), frozenset({last}))


async def test_the_form_says_at_the_field_what_is_wrong(desk: Desk) -> None:
    """An end before the start, a day long past and one too far ahead stand at their field; nothing is kept."""
    number = desk.team()
    await desk.ask(ANNA, "away")
    view = await desk.modal(ANNA, "First day")
    day = today(desk)
    for first, last, field, words in (
        (3, 2, actions.AWAY_UNTIL, "before the first"),
        (-40, 0, actions.AWAY_FROM, "more than 28 days back"),
        (3, 400, actions.AWAY_FROM, "more than a year ahead"),
    ):
        dates = {
            actions.AWAY_FROM: str(day + timedelta(days=first)),
            actions.AWAY_UNTIL: str(day + timedelta(days=last)),
        }
        answer = await desk.submit(ANNA, view, **dates)
        assert words in answer["errors"][field]
    assert away(desk, number) == (frozenset(), frozenset())


async def test_somebody_taken_off_the_roster_meanwhile(desk: Desk) -> None:
    """A form that was open when the person left the team is answered kindly, and notes nothing."""
    number = desk.team()
    await desk.ask(ANNA, "away")
    view = await desk.modal(ANNA, "First day")
    desk.parts.db.read("delete from people where person = ?", (ANNA,))
    answer = await desk.submit(ANNA, view, **{actions.AWAY_FROM: str(today(desk))})
    assert "You are on no team's roster" in readable(answer["view"]["blocks"])
    assert desk.parts.db.read("select count(*) from absences where team = ?", (number,)).fetchone() == (0,)


async def test_others_see_no_days_away(desk: Desk) -> None:
    """What is noted is answered to the person alone: nobody else's screen shows anything, and no channel a post."""
    desk.team()
    await desk.ask(ANNA, "away tomorrow")
    await desk.whisper(ANNA, "Noted for Deal desk")
    assert await desk.posts(QUEUE) == []
    assert all("away" not in m["text"] for m in await desk.slack.messages(BEN, QUEUE))


def test_no_reason_can_be_kept() -> None:
    """A day away is a team, a person, a day and how much of it: there is no room for why."""
    assert set(schema.columns()["absences"]) == {"team", "person", "day", "part"}
