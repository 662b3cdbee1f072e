"""Things go away and come back: each is said once, directly, to whoever can mend it; nothing stored is harmed."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.jobs import setup
from bot.jobs.check import check
from bot.jobs.membership import CLOSED, TAKEN_OUT, lost
from bot.jobs.reading import gaps
from bot.messages import actions
from bot.services.work import Work
from bot.slack import Me
from bot.timetable import run_due
from bot.watch import Gone
from sandbox.config import DEFAULT_EVENTS, DEFAULT_SCOPES
from storage import due, signals, teams
from tests.handlers.desk import ANNA, ASKER, AWAY, BEN, BOT, CIRCLE, LEAD, OPEN, QUEUE, RESPONDERS, Desk
from tests.odd import ODD

pytestmark = pytest.mark.slow

DAY = 86_400.0


def work_of(desk: Desk) -> Work:
    """The parts as jobs get them."""
    parts = desk.parts
    return Work(parts.db, parts.slack, parts.clock, Me(parts.workspace, "", BOT, "B0BOT"))


async def settle(desk: Desk) -> None:
    """Let every event arrive, do what is due, and send what waits."""
    assert await desk.slack.flush()
    await asyncio.to_thread(run_due, work_of(desk), {"lost": lost, "gaps": gaps})
    await desk.deliver()


async def tomorrow(desk: Desk) -> None:
    """The daily look, now."""
    for record in teams.all(desk.parts.db):
        due.put(desk.parts.db, "lost", record.id, desk.parts.clock())
    await settle(desk)


async def told(desk: Desk, user: str) -> list[str]:
    """What the bot said to a person directly."""
    state = await desk.slack.state(user)
    ims = [c["id"] for c in state["channels"] if c["is_im"]]
    return [m["text"] for im in ims for m in await desk.slack.messages(user, im) if m.get("bot_id")]


async def told_others(desk: Desk, *but: str) -> list[str]:
    """What the bot said directly to anybody else."""
    return [text for user in {LEAD, *RESPONDERS, ASKER} - set(but) for text in await told(desk, user)]


def announced_team(desk: Desk, **changes: Any) -> int:
    """A team whose queue was told what is kept, an hour ago."""
    number, now = desk.team(**changes), desk.parts.clock()
    teams.set_announced(desk.parts.db, number, now - 3600)
    for queue in record_of(desk, number).queues:
        teams.set_watermark(desk.parts.db, queue.id, int((now - 3600) * 1e6))
    return number


def record_of(desk: Desk, number: int) -> teams.TeamRecord:
    record = teams.get(desk.parts.db, number)
    assert record is not None
    return record


async def subscribe(desk: Desk, *scopes: str) -> None:
    """Install the app with all events, and with only these scopes where some are named."""
    events = [*DEFAULT_EVENTS, "group_archive", "group_unarchive"]
    await desk.slack.seed(app={"bot_events": events, "scopes": list(scopes or DEFAULT_SCOPES)})


async def ask(desk: Desk, text: str = "Could you look at this?") -> None:
    await desk.slack.act(ASKER, "message", channel=QUEUE, text=text)


async def test_removed_from_the_queue(desk: Desk) -> None:
    """The lead alone is told once; when the bot is back, it listens and reads what it missed."""
    number = announced_team(desk)
    await ask(desk, "Before")
    await settle(desk)
    await desk.slack.act(LEAD, "kick", channel=QUEUE, user=BOT)
    await settle(desk)
    await tomorrow(desk)
    assert record_of(desk, number).queues[0].gone == TAKEN_OUT
    said = await told(desk, LEAD)
    assert len(said) == 1
    assert f"Headroom is no longer in <#{QUEUE}>" in said[0]
    assert "/invite @headroom" in said[0]
    assert await told_others(desk, LEAD) == []
    assert await desk.posts(QUEUE) == []
    await ask(desk, "While away")
    await desk.slack.act(LEAD, "invite", channel=QUEUE, user=BOT)
    await settle(desk)
    record = record_of(desk, number)
    assert record.queues[0].gone is None
    assert signals.count(desk.parts.db, [record.queues[0].id]) == 2
    assert len(await told(desk, LEAD)) == 1
    assert await desk.posts(QUEUE) == []


async def test_removed_again_is_said_again(desk: Desk) -> None:
    """Once for as long as it lasts: a second removal, after a return, is news."""
    announced_team(desk)
    for _ in range(2):
        await desk.slack.act(LEAD, "kick", channel=QUEUE, user=BOT)
        await settle(desk)
        await desk.slack.act(LEAD, "invite", channel=QUEUE, user=BOT)
        await settle(desk)
    assert len(await told(desk, LEAD)) == 2


async def test_a_removal_that_nobody_heard_of(desk: Desk) -> None:
    """The daily look finds what happened while the bot was away, and what is mended since."""
    number = announced_team(desk)
    await subscribe(desk)
    await desk.slack.seed(app={"bot_events": ["app_home_opened"]})
    await desk.slack.act(LEAD, "kick", channel=QUEUE, user=BOT)
    await tomorrow(desk)
    assert record_of(desk, number).queues[0].gone == TAKEN_OUT
    assert len(await told(desk, LEAD)) == 1
    await desk.slack.act(LEAD, "invite", channel=QUEUE, user=BOT)
    await tomorrow(desk)
    assert record_of(desk, number).queues[0].gone is None
    assert len(await told(desk, LEAD)) == 1


async def test_archived_and_back(desk: Desk) -> None:
    """An archived queue is said once to the lead; opened again, it is heard and read on."""
    number = announced_team(desk)
    await ask(desk)
    await desk.slack.act(LEAD, "archive", channel=QUEUE)
    await settle(desk)
    await tomorrow(desk)
    assert record_of(desk, number).queues[0].gone == CLOSED
    said = await told(desk, LEAD)
    assert len(said) == 1
    assert "was archived" in said[0]
    await desk.slack.act(LEAD, "unarchive", channel=QUEUE)
    await settle(desk)
    queue = record_of(desk, number).queues[0]
    assert queue.gone is None
    assert signals.count(desk.parts.db, [queue.id]) == 1
    assert len(await told(desk, LEAD)) == 1


async def test_unarchived_without_the_bot(desk: Desk) -> None:
    """A channel that is opened again without the bot in it stays unheard, and nothing is said twice."""
    number = announced_team(desk)
    await desk.slack.act(LEAD, "archive", channel=QUEUE)
    await settle(desk)
    await desk.slack.seed(channels=[{"id": QUEUE, "name": "deal-desk", "members": [LEAD, *RESPONDERS, ASKER]}])
    await tomorrow(desk)
    assert record_of(desk, number).queues[0].gone == CLOSED
    assert len(await told(desk, LEAD)) == 1


async def test_nothing_is_read_before_the_announcement(desk: Desk) -> None:
    """A bot that was removed before it could announce announces on its return, and reads nothing before."""
    number = desk.team()
    await desk.slack.act(LEAD, "kick", channel=QUEUE, user=BOT)
    await desk.slack.flush()
    setup.begin(desk.parts.db, number, desk.parts.clock())
    await desk.deliver()
    assert await desk.posts(QUEUE) == []
    await ask(desk)
    await desk.slack.act(LEAD, "invite", channel=QUEUE, user=BOT)
    await settle(desk)
    record = record_of(desk, number)
    assert len(await desk.posts(QUEUE)) == 1
    assert record.queues[0].gone is None
    assert signals.count(desk.parts.db, [record.queues[0].id]) == 0
    await asyncio.to_thread(setup.announced, work_of(desk), number)
    assert record_of(desk, number).announced is not None


async def test_made_private_without_the_scopes(desk: Desk) -> None:
    """A queue that Slack hides is said once, with what to add; nothing stored is lost."""
    number = announced_team(desk)
    await ask(desk)
    due.put(desk.parts.db, "gaps", record_of(desk, number).queues[0].id, desk.parts.clock())
    await settle(desk)
    members = [LEAD, *RESPONDERS, ASKER, BOT]
    await desk.slack.seed(channels=[{"id": QUEUE, "name": "deal-desk", "is_private": True, "members": members}])
    await subscribe(desk, "chat:write", "channels:read", "channels:history", "users:read")
    await tomorrow(desk)
    await tomorrow(desk)
    queue = record_of(desk, number).queues[0]
    assert queue.gone is not None
    assert signals.count(desk.parts.db, [queue.id]) == 1
    said = await told(desk, LEAD)
    assert len([text for text in said if "groups:history" in text]) == 1


async def test_made_private_with_the_scopes(desk: Desk) -> None:
    """With the scopes for private channels everything goes on, and nobody is told anything."""
    number = announced_team(desk)
    members = [LEAD, *RESPONDERS, ASKER, BOT]
    await desk.slack.seed(channels=[{"id": QUEUE, "name": "deal-desk", "is_private": True, "members": members}])
    await tomorrow(desk)
    assert record_of(desk, number).queues[0].gone is None
    assert await told_others(desk) == []


async def test_the_channel_gets_another_id(desk: Desk) -> None:
    """The queue and the team channel are followed to their new ids, with their facts, and nothing is announced."""
    number = announced_team(desk)
    before = record_of(desk, number).queues[0].id
    await desk.slack.act(LEAD, "change_id", channel=QUEUE, id="C1NEW")
    await desk.slack.act(LEAD, "change_id", channel=CIRCLE, id="C2NEW")
    await settle(desk)
    record = record_of(desk, number)
    assert [(q.id, q.channel, q.gone) for q in record.queues] == [(before, "C1NEW", None)]
    assert record.team_channel == "C2NEW"
    assert await desk.posts("C1NEW") == []
    await desk.slack.act(ASKER, "message", channel="C1NEW", text="Could you?")
    due.put(desk.parts.db, "gaps", before, desk.parts.clock())
    await settle(desk)
    assert signals.count(desk.parts.db, [before]) == 1


async def test_an_outsider_in_the_team_channel(desk: Desk) -> None:
    """Load goes by direct message, the lead is told why without a name, and once; it goes back by itself."""
    number = announced_team(desk)
    await desk.slack.act(LEAD, "invite", channel=CIRCLE, user=ASKER)
    await settle(desk)
    await tomorrow(desk)
    said = await told(desk, LEAD)
    assert len(said) == 1
    assert "by direct message" in said[0]
    assert ASKER not in said[0]
    assert "asker" not in said[0].lower()
    assert await told_others(desk, LEAD) == []
    assert record_of(desk, number).team_channel == CIRCLE
    await desk.slack.act(ASKER, "leave", channel=CIRCLE)
    await settle(desk)
    await desk.slack.act(LEAD, "invite", channel=CIRCLE, user=ASKER)
    await settle(desk)
    assert len(await told(desk, LEAD)) == 2


@pytest.mark.parametrize("how", ["kick", "archive"])
async def test_the_team_channel_is_lost(desk: Desk, how: str) -> None:
    """Removed from it or archived: the lead is told once where load goes now, and the queue is heard on."""
    await subscribe(desk)
    number = announced_team(desk)
    await desk.slack.act(LEAD, how, channel=CIRCLE, user=BOT)
    await settle(desk)
    await tomorrow(desk)
    said = await told(desk, LEAD)
    assert len(said) == 1
    assert "by direct message" in said[0]
    assert record_of(desk, number).queues[0].gone is None
    assert await told_others(desk, LEAD) == []


async def test_the_lead_leaves(desk: Desk) -> None:
    """The responders are told once that any of them may take over; one of them opens the settings from it."""
    number = announced_team(desk)
    await desk.slack.act(LEAD, "profile", profile={"deleted": True})
    await settle(desk)
    await tomorrow(desk)
    for person in RESPONDERS:
        said = await told(desk, person)
        assert len(said) == 1
        assert "any of you may take over" in said[0]
        assert LEAD not in said[0]
    assert await told(desk, ASKER) == []
    assert record_of(desk, number).lead == LEAD
    state = await desk.slack.state(ANNA)
    im = next(c["id"] for c in state["channels"] if c["is_im"])
    message = (await desk.slack.messages(ANNA, im))[-1]
    await desk.click(ANNA, message, actions.OPEN_SETUP, channel=im)
    assert await desk.modal(ANNA, "Deal desk")


async def test_a_loss_without_a_lead_is_told_to_the_responders(desk: Desk) -> None:
    """Where the lead is gone, those who may take over hear of a lost queue."""
    announced_team(desk)
    await desk.slack.act(LEAD, "profile", profile={"deleted": True})
    await settle(desk)
    await desk.slack.act(ANNA, "kick", channel=QUEUE, user=BOT)
    await settle(desk)
    assert ["/invite @headroom" in text for text in await told(desk, BEN)] == [False, True]


async def test_a_responder_leaves(desk: Desk) -> None:
    """The lead is asked once whether the list still holds; the roster stays as it was said, and nobody is named."""
    number = announced_team(desk)
    before = record_of(desk, number).team.people
    await desk.slack.act(ANNA, "profile", profile={"deleted": True})
    await settle(desk)
    await tomorrow(desk)
    said = await told(desk, LEAD)
    assert len(said) == 1
    assert "1 account was deactivated" in said[0]
    assert ANNA not in said[0]
    assert record_of(desk, number).team.people == before
    assert await told_others(desk, LEAD, ANNA) == []


async def test_several_responders_leave_at_once(desk: Desk) -> None:
    """What one look finds is one message."""
    announced_team(desk)
    await desk.slack.seed(users=[{"id": p, "name": p.lower(), "deleted": True} for p in (ANNA, BEN)])
    await tomorrow(desk)
    said = await told(desk, LEAD)
    assert len(said) == 1
    assert "2 accounts were deactivated" in said[0]


async def test_other_changes_of_a_profile_are_nobodys_business(desk: Desk) -> None:
    """A new status or a stranger's deactivation asks Slack nothing and says nothing."""
    announced_team(desk)
    await desk.slack.act(ANNA, "profile", profile={"status_text": "In a meeting"})
    await desk.slack.act(ASKER, "profile", profile={"deleted": True})
    await desk.slack.flush()
    assert not due.planned(desk.parts.db, "lost", 1)


async def test_other_channels_are_nobodys_business(desk: Desk) -> None:
    """What happens to a channel of no team makes no work."""
    announced_team(desk)
    await desk.slack.act(ASKER, "leave", channel=OPEN)
    await desk.slack.act(LEAD, "archive", channel=AWAY)
    await desk.slack.act(LEAD, "kick", channel=OPEN, user=BOT)
    await desk.slack.flush()
    assert not due.planned(desk.parts.db, "lost", 1)


async def test_a_queue_that_was_given_up_stays_so(desk: Desk) -> None:
    """A channel that the team no longer names is neither mourned nor taken up again."""
    number = announced_team(desk)
    announced_team(desk, team_id=number, queue=OPEN)
    await desk.slack.act(LEAD, "kick", channel=QUEUE, user=BOT)
    await settle(desk)
    await desk.slack.act(LEAD, "invite", channel=QUEUE, user=BOT)
    await settle(desk)
    assert [q.gone is None for q in record_of(desk, number).queues] == [False, True]
    assert await told_others(desk) == []


ENDED = [why for why in Gone if not why.ours]


@pytest.mark.parametrize("why", ENDED)
@pytest.mark.parametrize("how", ["daily", "invited"])
async def test_a_queue_is_asked_about_again_whatever_the_reason(desk: Desk, why: Gone, how: str) -> None:
    """Daily, and at every invitation, a queue that is not heard is asked about; what was missed is read."""
    number = announced_team(desk)
    if how == "invited":
        await desk.slack.act(LEAD, "kick", channel=QUEUE, user=BOT)
        assert await desk.slack.flush()
    teams.mark_gone(desk.parts.db, record_of(desk, number).queues[0].id, why)
    await ask(desk, "Anybody there?")
    if how == "invited":
        await desk.slack.act(LEAD, "invite", channel=QUEUE, user=BOT)
        await settle(desk)
    else:
        await tomorrow(desk)
    (queue,) = record_of(desk, number).queues
    assert queue.gone is None
    assert signals.count(desk.parts.db, [queue.id]) == 1
    assert await told_others(desk) == []


@pytest.mark.parametrize("why", [why for why in Gone if why.ours])
async def test_what_we_gave_up_ourselves_is_not_taken_up_again(desk: Desk, why: Gone) -> None:
    """A queue that is not named any more, or is being forgotten, stays unheard, invited or looked at."""
    number = announced_team(desk)
    teams.mark_gone(desk.parts.db, record_of(desk, number).queues[0].id, why)
    await desk.slack.act(LEAD, "kick", channel=QUEUE, user=BOT)
    await settle(desk)
    await desk.slack.act(LEAD, "invite", channel=QUEUE, user=BOT)
    await settle(desk)
    await tomorrow(desk)
    assert record_of(desk, number).queues[0].gone is why


async def test_a_history_that_slack_denies_is_told_once(desk: Desk) -> None:
    """Where Slack shows the channel and denies its history for good, the lead is told once; it is asked daily."""
    number = announced_team(desk)
    teams.mark_gone(desk.parts.db, record_of(desk, number).queues[0].id, Gone.UNREADABLE)
    await desk.slack.fault("error", method="conversations.history", error="channel_not_found", rate=1.0)
    for _ in range(2):
        await tomorrow(desk)
        assert record_of(desk, number).queues[0].gone is Gone.UNREADABLE
    (said,) = await told(desk, LEAD)
    assert "no longer lets Headroom read" in said
    await desk.slack.clear_faults()
    await tomorrow(desk)
    assert record_of(desk, number).queues[0].gone is None


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "options"), ODD)
@pytest.mark.parametrize("method", ["users.info", "conversations.info", "conversations.members"])
async def test_an_odd_answer_says_nothing_of_anybody(
    desk: Desk, method: str, kind: str, options: dict[str, Any]
) -> None:
    """Whatever comes in place of an answer, no queue is marked, nobody is written to, and it is looked at again."""
    number = announced_team(desk)
    work = work_of(desk)
    await desk.slack.fault(kind, method=method, rate=1.0, **options)
    again = await asyncio.to_thread(lost, work, number)
    assert again is not None
    assert work.clock() < again <= work.clock() + DAY
    assert record_of(desk, number).queues[0].gone is None
    await desk.deliver()
    assert await told_others(desk) == []


async def test_people_nobody_can_say_anything_of_keep_no_queue_deaf(desk: Desk) -> None:
    """A queue is heard again though Slack has no sensible word for the people who answer it."""
    number = announced_team(desk)
    teams.mark_gone(desk.parts.db, record_of(desk, number).queues[0].id, Gone.TAKEN_OUT)
    await desk.slack.fault("error", method="users.info", error="moon_in_the_wrong_phase", rate=1.0)
    await tomorrow(desk)
    assert record_of(desk, number).queues[0].gone is None


async def test_slack_says_nothing_of_use(desk: Desk) -> None:
    """A revoked token or a busy Slack tells nothing of the team: no queue is marked, nobody is written to."""
    number = announced_team(desk)
    work = work_of(desk)
    await desk.slack.fault("error", method="users.info", error="account_inactive", next=1)
    assert await asyncio.to_thread(lost, work, number) == pytest.approx(work.clock() + DAY, abs=60)
    await desk.slack.fault("rate_limited", method="conversations.info", next=1)
    again = await asyncio.to_thread(lost, work, number)
    assert again is not None
    assert again < work.clock() + DAY / 2
    assert record_of(desk, number).queues[0].gone is None
    await desk.deliver()
    assert await told_others(desk) == []


async def test_the_check_makes_the_daily_look_due(desk: Desk) -> None:
    """Once a team is checked, it is looked at every day, also without any event."""
    number = announced_team(desk)
    work = work_of(desk)
    await asyncio.to_thread(check, work, number)
    assert due.planned(desk.parts.db, "lost", number)
    later = replace(work, clock=lambda: desk.parts.clock() + DAY)
    assert await asyncio.to_thread(run_due, later, {"lost": lost}) == pytest.approx(later.clock() + DAY, abs=60)
