"""The lead's roster: who answers, from when to when; the past stays as it was, and the user group is followed."""

import asyncio
import json
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.jobs.check import check
from bot.jobs.roster import MOST_RESPONDERS, roster
from bot.messages import actions
from bot.messages.blocks import actions as actions_row
from bot.messages.blocks import button, message
from bot.messages.readable import readable
from bot.services.work import Work
from bot.slack import Me
from bot.team import Person
from bot.timetable import JUDGING, run_due
from handlers.setup_form import typed
from sandbox.config import DEFAULT_SCOPES
from storage import due, outbox, schema, teams
from storage import roster as rosters
from tests.handlers.desk import (
    ANNA,
    ASKER,
    BEN,
    BOT,
    CLEO,
    GONE,
    GROUP,
    LEAD,
    OPEN,
    QUEUE,
    RESPONDERS,
    ROBOT,
    STRANGER,
    Desk,
)
from tests.handlers.test_away_story import told, told_others

pytestmark = pytest.mark.slow

DAY = 86_400.0


def people(desk: Desk, number: int) -> dict[str, list[Person]]:
    record = teams.get(desk.parts.db, number)
    assert record is not None
    found: dict[str, list[Person]] = {}
    for person in record.team.people:
        found.setdefault(person.id, []).append(person)
    return found


def on_day(desk: Desk, number: int, day: date) -> frozenset[str]:
    record = teams.get(desk.parts.db, number)
    assert record is not None
    return record.responders_on(day)


def today(desk: Desk) -> date:
    return datetime.fromtimestamp(desk.parts.clock(), ZoneInfo("Europe/Berlin")).date()


async def opened(desk: Desk, what: str, user: str = LEAD, channel: str = QUEUE) -> dict[str, Any]:
    """The roster with the fields for one kind of change."""
    await desk.ask(user, "roster", channel)
    view = await desk.modal(user, "What changes?")
    await desk.slack.act(user, "select", view_id=view["id"], action_id=actions.ROSTER_WHAT, value=what)
    return await desk.modal(user, "Who?")


def held(view: dict[str, Any]) -> dict[str, Any]:
    """What stands in a form's fields."""
    return {field: typed(state) for field, by_id in view["state"]["values"].items() for state in by_id.values()}


async def save(desk: Desk, view: dict[str, Any], person: str, **values: Any) -> dict[str, Any]:
    """Fill in the person and what else is named, save, and read what comes of it."""
    filled = {actions.ROSTER_PERSON: person, **{getattr(actions, name): str(v) for name, v in values.items()}}
    return await desk.outcome(LEAD, await desk.submit(LEAD, view, **filled))


async def test_somebody_joins(desk: Desk) -> None:
    """From the first day on they answer, with a share, hours and a zone of their own; before, they do not."""
    number = desk.team()
    view = await opened(desk, "add")
    first = today(desk) + timedelta(days=3)
    hours = {"ROSTER_SHARE": 50, "ROSTER_HOURS": "Mon-Thu 09:00-13:00", "ROSTER_TZ": "Asia/Tokyo"}
    answer = await save(desk, view, ASKER, ROSTER_FROM=first, **hours)
    assert answer["shown"] == "updated"
    said = readable(answer["view"]["blocks"])
    assert f"answers from {first} on" in said
    assert "50%, Mon-Thu 09:00-13:00, Asia/Tokyo" in said
    own = Person(ASKER, first, share=0.5, hours="Mon-Thu 09:00-13:00", tz="Asia/Tokyo")
    assert people(desk, number)[ASKER] == [own]
    assert ASKER not in on_day(desk, number, first - timedelta(days=1))
    assert ASKER in on_day(desk, number, first)
    assert desk.woken


async def test_one_change_after_another(desk: Desk) -> None:
    """After one change the button under it opens an empty form again; saving the same twice is refused in one line."""
    number = desk.team()
    answer = await save(desk, await opened(desk, "add"), ASKER)
    view = answer["view"]
    await desk.slack.act(LEAD, "click", view_id=view["id"], action_id=actions.ROSTER_OPEN)
    view = await desk.modal(LEAD, "What changes?")
    await desk.slack.act(LEAD, "select", view_id=view["id"], action_id=actions.ROSTER_WHAT, value="add")
    again = await save(desk, await desk.modal(LEAD, "Who?"), ASKER)
    assert "on the roster already" in again["errors"][actions.ROSTER_FROM]
    assert len(people(desk, number)[ASKER]) == 1


async def test_somebody_leaves(desk: Desk) -> None:
    """Their last day is what was chosen; the days before stay as they were, and leaving twice changes nothing."""
    number = desk.team()
    last = today(desk) + timedelta(days=2)
    await save(desk, await opened(desk, "end"), ANNA, ROSTER_UNTIL=last)
    assert ANNA in on_day(desk, number, last)
    assert ANNA in on_day(desk, number, last - timedelta(days=300))
    assert ANNA not in on_day(desk, number, last + timedelta(days=1))
    answer = await save(desk, await opened(desk, "end"), ANNA, ROSTER_UNTIL=last)
    assert "not on the roster after it" in answer["errors"][actions.ROSTER_UNTIL]


async def test_somebody_always_answers(desk: Desk) -> None:
    """The last one cannot be taken off: somebody else comes first."""
    number = desk.team(responders=(ANNA,))
    answer = await save(desk, await opened(desk, "end"), ANNA)
    assert "Nobody would answer" in answer["errors"][actions.ROSTER_PERSON]
    assert on_day(desk, number, today(desk) + timedelta(days=9)) == {ANNA}


async def test_share_and_hours_change_from_a_day_on(desk: Desk) -> None:
    """The past keeps the share it had; what was left empty stays as it is; nothing at all is refused."""
    number = desk.team()
    day = today(desk) + timedelta(days=5)
    await save(desk, await opened(desk, "change"), ANNA, ROSTER_FROM=day, ROSTER_SHARE=40)
    before, after = people(desk, number)[ANNA]
    assert (before.share, before.until) == (1.0, day - timedelta(days=1))
    assert (after.share, after.since, after.hours) == (0.4, day, before.hours)
    answer = await save(desk, await opened(desk, "change"), ANNA)
    assert "Write a share, hours or a time zone" in answer["errors"][actions.ROSTER_SHARE]


async def test_days_away_for_somebody(desk: Desk) -> None:
    """The lead notes days for somebody of this team alone, half days too, without a reason; and takes them back."""
    number = desk.team()
    other = desk.team(name="Second desk", queue=OPEN, responders=(ANNA,), team_channel=None)
    first = today(desk) + timedelta(days=3)
    view = await opened(desk, "away")
    assert "No reason is asked or kept" in json.dumps(view)
    await save(desk, view, ANNA, AWAY_FROM=first, AWAY_UNTIL=first + timedelta(days=1), AWAY_HOW="half")
    assert people(desk, number)[ANNA][0].half == {first, first + timedelta(days=1)}
    assert people(desk, other)[ANNA][0].half == frozenset()
    await save(desk, await opened(desk, "away"), ANNA, AWAY_FROM=first, AWAY_HOW="there")
    assert people(desk, number)[ANNA][0].half == {first + timedelta(days=1)}
    answer = await save(desk, await opened(desk, "away"), ASKER, AWAY_FROM=first)
    assert "not on the roster" in answer["errors"][actions.ROSTER_PERSON]


@pytest.mark.parametrize("person", [STRANGER, ROBOT, GONE])
async def test_who_cannot_answer(desk: Desk, person: str) -> None:
    """A guest, a bot and a deactivated account are refused, as at set-up; the form is there again as it was filled."""
    number = desk.team()
    first = today(desk) + timedelta(days=3)
    hours = {"ROSTER_SHARE": 50, "ROSTER_HOURS": "Mon-Thu 09:00-13:00", "ROSTER_TZ": "Asia/Tokyo"}
    answer = await save(desk, await opened(desk, "add"), person, ROSTER_FROM=first, ROSTER_UNTIL=first, **hours)
    view = answer["view"]
    assert readable(view["blocks"]).startswith("This person cannot answer.")
    assert held(view) == {
        actions.ROSTER_WHAT: "add",
        actions.ROSTER_PERSON: person,
        actions.ROSTER_FROM: str(first),
        actions.ROSTER_UNTIL: str(first),
        actions.ROSTER_SHARE: "50",
        actions.ROSTER_HOURS: "Mon-Thu 09:00-13:00",
        actions.ROSTER_TZ: "Asia/Tokyo",
    }
    assert person not in people(desk, number)
    mended = await desk.outcome(LEAD, await desk.submit(LEAD, view, **{actions.ROSTER_PERSON: ASKER}))
    assert f"<@{ASKER}> answers from {first} on" in str(mended["view"]["blocks"])


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"ROSTER_SHARE": "0"}, actions.ROSTER_SHARE, "at least 1"),
        ({"ROSTER_HOURS": "whenever"}, actions.ROSTER_HOURS, "write days and times"),
        ({"ROSTER_TZ": "Mars/Base"}, actions.ROSTER_TZ, "IANA time zone"),
        ({"ROSTER_FROM": "2020-01-01"}, actions.ROSTER_FROM, "more than 28 days back"),
        ({"ROSTER_FROM": "2199-01-01"}, actions.ROSTER_FROM, "more than a year ahead"),
    ],
)
async def test_mistakes_stand_at_their_field(desk: Desk, values: dict[str, str], field: str, words: str) -> None:
    """Each wrong field says what is wrong with it, and nothing is changed."""
    number = desk.team()
    answer = await save(desk, await opened(desk, "add"), ASKER, **values)
    assert words in answer["errors"][field]
    assert ASKER not in people(desk, number)


async def test_an_end_before_the_start(desk: Desk) -> None:
    """It is said at the last day."""
    desk.team()
    day = today(desk)
    answer = await save(desk, await opened(desk, "add"), ASKER, ROSTER_FROM=day, ROSTER_UNTIL=day - timedelta(days=1))
    assert "before the first" in answer["errors"][actions.ROSTER_UNTIL]


async def test_go_on_goes_on(desk: Desk) -> None:
    """A form that is sent before the fields for the choice were shown shows them now; without a choice it asks for one.

    Nothing is changed, and what was typed for another choice stays where both ask for it.
    """
    number = desk.team()
    await desk.ask(LEAD, "roster")
    view = await desk.modal(LEAD, "Who answers for Deal desk")
    before = people(desk, number)
    assert "Choose what changes" in (await desk.submit(LEAD, view))["errors"][actions.ROSTER_WHAT]
    answer = await desk.submit(LEAD, view, **{actions.ROSTER_WHAT: "add"})
    assert "Who?" in readable(answer["view"]["blocks"])
    first = str(today(desk) + timedelta(days=3))
    filled = {actions.ROSTER_PERSON: ANNA, actions.ROSTER_FROM: first, actions.ROSTER_SHARE: "40"}
    answer = await desk.submit(LEAD, answer["view"], **filled, **{actions.ROSTER_WHAT: "change"})
    kept = {**filled, actions.ROSTER_WHAT: "change", actions.ROSTER_HOURS: None, actions.ROSTER_TZ: None}
    assert held(answer["view"]) == kept
    assert people(desk, number) == before
    await desk.outcome(LEAD, await desk.submit(LEAD, answer["view"]))
    assert people(desk, number)[ANNA][-1].share == 0.4


async def test_a_slow_slack_loses_nothing_that_was_typed(desk: Desk) -> None:
    """While Slack does not say who somebody is, the form comes back as it was filled, and can be sent again."""
    number = desk.team()
    view = await opened(desk, "add")
    await desk.slack.fault("rate_limited", method="users.info", next=1, retry_after=30)
    answer = await save(desk, view, ASKER, ROSTER_SHARE=50)
    assert "wait a moment and try again" in readable(answer["view"]["blocks"])
    assert held(answer["view"])[actions.ROSTER_SHARE] == "50"
    await desk.outcome(LEAD, await desk.submit(LEAD, answer["view"]))
    assert people(desk, number)[ASKER][0].share == 0.5


REFUSED = {
    ANNA: "Only the lead of Deal desk can change its roster.",
    ASKER: "Only the people who answer for Deal desk, and their lead, can do this.",
    STRANGER: "Only the people who answer for Deal desk, and their lead, can do this.",
}


@pytest.mark.parametrize("user", [ANNA, ASKER])
async def test_only_the_lead_keeps_the_roster(desk: Desk, user: str) -> None:
    """A responder and a requester read one kind sentence, and see no roster."""
    desk.team()
    await desk.ask(user, "roster")
    await desk.whisper(user, REFUSED[user])
    assert (await desk.slack.state(user))["modals"] == []


@pytest.mark.parametrize("user", [ANNA, STRANGER])
async def test_the_button_is_the_leads(desk: Desk, user: str) -> None:
    """Pressed by a responder or a guest, or with the number of no team, it answers in one kind sentence."""
    number = desk.team()
    for value, words in ((str(number), REFUSED[user]), ("999", "does not exist"), ("x", "does not exist")):
        body = message([actions_row([button("Roster", actions.ROSTER_OPEN, value)])]).body()
        outbox.put(desk.parts.db, workspace=desk.parts.workspace, channel=QUEUE, body=body)
        await desk.deliver()
        await desk.click(user, (await desk.posts())[-1], actions.ROSTER_OPEN)
        said = await desk.whisper(user, words)
        assert RESPONDERS[1] not in json.dumps(said)
        await desk.slack.act(user, "delete", channel=QUEUE, ts=said["ts"])
    assert (await desk.slack.state(user))["modals"] == []


async def test_a_form_of_a_lead_who_handed_over(desk: Desk) -> None:
    """An open form of somebody who leads no more is answered kindly, shows no roster and changes nothing."""
    number = desk.team()
    view = await opened(desk, "end")
    desk.team(team_id=number, lead=ANNA)
    answer = await save(desk, view, BEN)
    assert REFUSED[ASKER] in readable(answer["view"]["blocks"])
    assert people(desk, number)[BEN][0].until is None


@pytest.mark.parametrize("chosen", ["end", "change"])
async def test_a_form_of_a_lead_who_only_answers_now(desk: Desk, chosen: str) -> None:
    """Whoever handed the lead over and still answers may neither save nor go on: not even the roster is shown."""
    number = desk.team(responders=(*RESPONDERS, LEAD))
    view = await opened(desk, "end")
    desk.team(team_id=number, lead=ANNA, responders=(*RESPONDERS, LEAD))
    answer = await save(desk, view, BEN, ROSTER_WHAT=chosen)
    assert REFUSED[ANNA] in readable(answer["view"]["blocks"])
    assert BEN not in json.dumps(answer["view"]["blocks"])
    assert people(desk, number)[BEN][0].until is None


async def test_a_lead_who_left(desk: Desk) -> None:
    """Once the lead's account is gone, any responder may keep the roster; a stranger still may not."""
    number = desk.team()
    await desk.slack.act(LEAD, "profile", profile={"deleted": True})
    view = await opened(desk, "end", ANNA)
    long_ago = {actions.ROSTER_PERSON: BEN, actions.ROSTER_UNTIL: "2020-01-01"}
    answer = await desk.outcome(ANNA, await desk.submit(ANNA, view, **long_ago))
    assert "more than 28 days back" in readable(answer["view"]["blocks"])
    last = today(desk)
    answer = await desk.submit(ANNA, answer["view"], **{actions.ROSTER_UNTIL: str(last)})
    await desk.outcome(ANNA, answer)
    assert people(desk, number)[BEN][0].until == last
    await desk.ask(ASKER, "roster")
    await desk.whisper(ASKER, REFUSED[ASKER])


async def test_a_channel_of_no_team(desk: Desk) -> None:
    """Elsewhere the only team that a lead has is shown; others read where to type it."""
    desk.team()
    await desk.ask(LEAD, "roster", OPEN)
    assert await desk.modal(LEAD, "Who answers for Deal desk")
    await desk.ask(ASKER, "roster", OPEN)
    await desk.whisper(ASKER, "belongs to no team", OPEN)


# -- the user group ---------------------------------------------------------------------------


def work_of(desk: Desk, later: float = 0.0) -> Work:
    """The parts as jobs get them, some seconds later."""
    parts = desk.parts
    return Work(parts.db, parts.slack, lambda: parts.clock() + later, Me(parts.workspace, "", BOT, "B0BOT"))


async def follow(desk: Desk, number: int, later: float = 0.0) -> float | None:
    again = await asyncio.to_thread(roster, work_of(desk, later), number)
    await desk.deliver()
    return again


async def group(desk: Desk, *members: str) -> None:
    await desk.slack.seed(usergroups=[{"id": GROUP, "handle": "desk", "users": list(members)}])


async def test_the_group_is_followed_every_day(desk: Desk) -> None:
    """Who joins the group answers from that day on, who leaves it no more; bots, guests and the gone never do."""
    number = desk.team(user_group=GROUP)
    again = await follow(desk, number)
    assert again == pytest.approx(desk.parts.clock() + DAY, abs=60)
    assert on_day(desk, number, today(desk)) == set(RESPONDERS)
    await group(desk, ANNA, BEN, ASKER, ROBOT, STRANGER, GONE, BOT)
    await follow(desk, number, DAY)
    tomorrow = today(desk) + timedelta(days=1)
    assert on_day(desk, number, tomorrow) == {ANNA, BEN, ASKER}
    assert on_day(desk, number, today(desk)) == set(RESPONDERS)
    assert await told_others(desk) == []


async def test_a_newcomer_keeps_their_own_clock(desk: Desk) -> None:
    """Somebody from another zone comes with it; somebody in none works in the team's."""
    await desk.slack.seed(
        users=[
            {"id": "U7TOKYO", "name": "tokyo", "tz": "Asia/Tokyo"},
            {"id": "U7NOWHERE", "name": "nowhere", "tz": ""},
        ]
    )
    number = desk.team(user_group=GROUP)
    await group(desk, "U7TOKYO", "U7NOWHERE")
    await follow(desk, number)
    zones = {person: own[0].tz for person, own in people(desk, number).items() if person.startswith("U7")}
    assert zones == {"U7TOKYO": "Asia/Tokyo", "U7NOWHERE": None}


async def test_who_was_added_by_hand_stays(desk: Desk) -> None:
    """A lead's own addition outlives the group's changes; a group's member is taken off in the group alone."""
    number = desk.team(user_group=GROUP, responders=(ANNA,))
    await group(desk, BEN, CLEO)
    await follow(desk, number)
    await group(desk, BEN)
    await follow(desk, number, DAY)
    assert on_day(desk, number, today(desk) + timedelta(days=1)) == {ANNA, BEN}
    answer = await save(desk, await opened(desk, "end"), BEN)
    assert "user group" in answer["errors"][actions.ROSTER_PERSON]


@pytest.mark.parametrize("how", ["removed", "scope", "empty", "robots", "large"])
async def test_a_group_that_cannot_be_followed(desk: Desk, how: str) -> None:
    """Removed, hidden, empty or too large: the roster stays, and the lead alone is told once; mended, it may recur."""
    number = desk.team(user_group=GROUP)
    await follow(desk, number)
    before = people(desk, number)
    for _ in range(2):
        if how == "empty":
            await group(desk)
        elif how == "robots":
            await group(desk, ROBOT, STRANGER, GONE)
        elif how == "large":
            await group(desk, *(f"U{n}" for n in range(MOST_RESPONDERS + 1)))
        elif how == "scope":
            await desk.slack.seed(app={"scopes": [s for s in DEFAULT_SCOPES if s != "usergroups:read"]})
        else:
            await desk.slack.fault("error", method="usergroups.users.list", error="no_such_subteam", next=1)
        await follow(desk, number)
        assert people(desk, number) == before
    said = await told(desk, LEAD)
    assert len(said) == 1
    assert "The roster stays as it was." in said[0]
    assert await told_others(desk, LEAD) == []
    await desk.slack.seed(app={"scopes": list(DEFAULT_SCOPES)})
    await group(desk, *RESPONDERS)
    await follow(desk, number)
    await group(desk)
    await follow(desk, number)
    assert len(await told(desk, LEAD)) == 2


async def test_a_lost_group_without_a_lead(desk: Desk) -> None:
    """Where the lead is gone, those who may take over hear of it."""
    number = desk.team(user_group=GROUP)
    await desk.slack.act(LEAD, "profile", profile={"deleted": True})
    await group(desk)
    await follow(desk, number)
    assert len(await told(desk, ANNA)) == 1


async def test_a_busy_slack_changes_nothing(desk: Desk) -> None:
    """Rate limits and revoked tokens tell nothing of a group: the roster stays, and it is looked at again."""
    number = desk.team(user_group=GROUP)
    await group(desk, ANNA, ASKER)
    before = people(desk, number)
    for fault in ("usergroups.users.list", "users.info"):
        await desk.slack.fault("rate_limited", method=fault, next=1, retry_after=30)
        again = await follow(desk, number)
        assert again == pytest.approx(desk.parts.clock() + 30, abs=20)
        assert people(desk, number) == before
    await desk.slack.fault("error", method="usergroups.users.list", error="account_inactive", next=1)
    assert await follow(desk, number) == pytest.approx(desk.parts.clock() + DAY, abs=60)
    assert people(desk, number) == before
    assert await told_others(desk) == []


async def test_a_team_without_a_group_is_left_alone(desk: Desk) -> None:
    """Nothing is looked up, and the job is not due again."""
    number = desk.team()
    assert await follow(desk, number) is None
    assert await desk.slack.calls(method="usergroups.users.list") == []


async def test_the_check_makes_the_group_followed(desk: Desk) -> None:
    """Once a team with a group is checked, its group is looked at every day by the timetable."""
    number = desk.team(user_group=GROUP)
    teams.set_announced(desk.parts.db, number, desk.parts.clock() - 3600)
    await asyncio.to_thread(check, work_of(desk), number)
    assert due.planned(desk.parts.db, "roster", number)
    await group(desk, ANNA, BEN)
    await asyncio.to_thread(run_due, work_of(desk), {"roster": JUDGING["roster"]})
    assert rosters.grouped(desk.parts.db, number) == {ANNA, BEN}


async def test_no_status_is_ever_asked_for(desk: Desk) -> None:
    """Following a group and noting days away asks Slack for accounts and members, never for status or presence."""
    await desk.slack.seed(users=[{"id": ANNA, "name": "anna", "profile": {"status_text": "On holiday"}}])
    number = desk.team(user_group=GROUP)
    await follow(desk, number)
    await desk.ask(ANNA, "away tomorrow")
    await desk.whisper(ANNA, "Noted for Deal desk")
    methods = {call["method"] for call in await desk.slack.calls()}
    assert "usergroups.users.list" in methods
    assert not {name for name in methods if "rofile" in name or "resence" in name or name.startswith("dnd")}
    for table in schema.columns():
        assert "On holiday" not in str(desk.parts.db.read(f"select * from {table}").fetchall())
