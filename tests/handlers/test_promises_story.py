"""«We'll do …» under an alert, as people press and type it; and the look back on its day."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.jobs.promises import follow_up
from bot.messages import actions
from bot.messages.alerts import alert
from bot.outbox import Outbox
from bot.services.audience import address
from bot.services.quiet import Quiet
from bot.services.work import Work
from bot.slack import Me
from bot.timetable import run_due
from storage import alerts, due, outbox, promises, retention, teams, touches
from storage.teams import TeamRecord
from tests.clock import Clock
from tests.handlers.desk import ANNA, ASKER, BEN, BOT, CIRCLE, LEAD, QUEUE, RESPONDERS, STRANGER, Desk, opened
from tests.messages.examples import busy
from tests.patient import patient

WEDNESDAY = datetime(2026, 3, 11, 9, tzinfo=UTC).timestamp()  # 10:00 in Berlin
DAY, WEEK = 86_400.0, 7 * 86_400.0
REVIEW = "2026-04-08"


@pytest.fixture
def clock() -> Clock:
    return Clock(WEDNESDAY)


@pytest.fixture
async def desk(tmp_path: Path, clock: Clock) -> AsyncIterator[Desk]:
    """The bot in a workspace whose clock the test moves."""
    async with opened(tmp_path, patient(clock=clock)) as found:
        yield found


def work_of(desk: Desk) -> Work:
    parts = desk.parts
    return Work(parts.db, parts.slack, parts.clock, Me(parts.workspace, "", BOT, "B0BOT"))


def record_of(desk: Desk, number: int) -> TeamRecord:
    record = teams.get(desk.parts.db, number)
    assert record is not None
    return record


async def send(desk: Desk) -> None:
    """What waits leaves, as quietly as in real life."""
    work = work_of(desk)
    await asyncio.to_thread(Outbox(work.db, work.slack, work.clock, desk.parts.workspace, Quiet(work)).run)


async def warned(desk: Desk, number: int, recipients: list[tuple[str, bool]]) -> int:
    """An alert, as the check puts it down and the outbox posts it; returns its number."""
    now, record = desk.parts.clock(), record_of(desk, number)
    key = outbox.key_of("alert", record.workspace, record.id, int(now))
    found = alerts.record(desk.parts.db, number, now, 2, 0, key)
    said = alert(busy(), record.team.name, team_id=number, alert_id=found)
    address(desk.parts.db, record, recipients, key, said, now, hours=True, kind="alert")
    await send(desk)
    return found


async def in_circle(desk: Desk) -> int:
    """A team with an alert in its own channel; returns the alert's number."""
    number = desk.team()
    teams.set_announced(desk.parts.db, number, WEDNESDAY - 30 * WEEK)
    return await warned(desk, number, [(CIRCLE, False)])


async def form(desk: Desk, user: str, channel: str = CIRCLE) -> dict[str, Any]:
    """Press the button under the latest post of a channel; returns the form."""
    (*_, post) = await desk.posts(channel)
    await desk.click(user, post, actions.PROMISE_OPEN, channel)
    return await desk.modal(user, "What will the team try?")


async def submit(desk: Desk, user: str, view: dict[str, Any], words: str, review: str = REVIEW) -> dict[str, Any]:
    """Fill in the form and send it; returns Slack's answer."""
    return await desk.submit(user, view, **{actions.PROMISE_WORDS: words, actions.PROMISE_REVIEW: review})


def kept(desk: Desk, alert_id: int) -> tuple[str, date] | None:
    """Words and day of an alert's promise."""
    found = promises.get(desk.parts.db, alert_id)
    return None if found is None else (found.words, found.review)


async def test_a_promise_is_noted_and_shown_under_the_alert(desk: Desk) -> None:
    """One line and a day: the form thanks, the alert shows it to all without a name, and the day is planned."""
    number = await in_circle(desk)
    view = await form(desk, ANNA)
    offered = next(b for b in view["blocks"] if b["block_id"] == actions.PROMISE_REVIEW)["element"]["initial_date"]
    assert offered == REVIEW  # in four weeks
    await submit(desk, ANNA, view, "Office hours")
    assert await desk.modal(ANNA, "Noted. On 8 Apr Headroom shows the team once")
    assert kept(desk, number) == ("Office hours", date(2026, 4, 8))

    async def shown(_: object) -> bool:
        return "We'll do: Office hours. Headroom looks at it again on 8 Apr." in (await desk.posts(CIRCLE))[0]["text"]

    await desk.slack.wait_for(shown, "the promise under the alert")
    (post,) = await desk.posts(CIRCLE)
    assert ANNA not in str(post["blocks"])
    (team,) = (record.id for record in teams.all(desk.parts.db))
    assert touches.taps(desk.parts.db, team, date(2026, 3, 1), date(2026, 4, 1)) == {"alert": 1}
    assert due.planned(desk.parts.db, "follow_up", team)


async def test_sent_twice_it_is_one_and_can_be_changed(desk: Desk) -> None:
    """The same form sent twice, and opened anew by somebody else: one promise, the last words, the old ones shown."""
    number = await in_circle(desk)
    first, second = await form(desk, ANNA), await form(desk, BEN)
    await asyncio.gather(*(submit(desk, user, view, "Office hours") for user, view in ((ANNA, first), (BEN, second))))
    assert kept(desk, number) == ("Office hours", date(2026, 4, 8))
    again = await form(desk, LEAD)
    assert again["blocks"][0]["element"]["initial_value"] == "Office hours"
    await submit(desk, LEAD, again, "Office hours on Tuesdays", "2026-03-18")
    assert kept(desk, number) == ("Office hours on Tuesdays", date(2026, 3, 18))
    assert desk.parts.db.read("select count(*) from promises").fetchone() == (1,)


async def test_what_is_wrong_is_said_at_the_field(desk: Desk) -> None:
    """Blanks for words, or today for a day: a sentence at the field, and nothing written down."""
    number = await in_circle(desk)
    view = await form(desk, ANNA)
    answer = await submit(desk, ANNA, view, "  \u200b ", "2026-03-11")
    assert answer["errors"] == {
        actions.PROMISE_WORDS: "Write one line: what will the team try?",
        actions.PROMISE_REVIEW: "Choose a day after today, 2027-03-11 at the latest.",
    }
    assert kept(desk, number) is None


async def test_only_the_team_may_promise(desk: Desk) -> None:
    """An asker and a guest of another company who see an alert get one kind sentence, and no form."""
    number = await warned(desk, desk.team(team_channel=QUEUE), [])
    record = record_of(desk, 1)
    key = outbox.key_of("shown", number)
    body = alert(busy(), record.team.name, team_id=record.id, alert_id=number).body()
    outbox.put(
        desk.parts.db, key=key, workspace=record.workspace, channel=QUEUE, team=record.id, body=body, kind="share"
    )
    await send(desk)
    (*_, post) = await desk.posts(QUEUE)
    for user in (ASKER, STRANGER):
        await desk.click(user, post, actions.PROMISE_OPEN, QUEUE)
        await desk.whisper(user, "Only the people who answer for Deal desk, and their lead", QUEUE)
        assert (await desk.slack.state(user))["modals"] == []
    assert kept(desk, number) is None


async def test_who_left_the_team_meanwhile_writes_nothing_down(desk: Desk) -> None:
    """The roster is asked again when the form is sent."""
    number = await in_circle(desk)
    view = await form(desk, ANNA)
    desk.team(team_id=1, responders=tuple(user for user in RESPONDERS if user != ANNA))
    await submit(desk, ANNA, view, "Office hours")
    assert await desk.modal(ANNA, "Only the people who answer for Deal desk")
    assert kept(desk, number) is None


async def test_a_button_of_last_month(desk: Desk, clock: Clock) -> None:
    """After the look back the button under the old alert says so; after the team is forgotten nothing is kept."""
    number = await in_circle(desk)
    await submit(desk, ANNA, await form(desk, ANNA), "Office hours", "2026-03-18")
    late = await form(desk, BEN)
    promises.follow(desk.parts.db, number)
    clock.now += 5 * WEEK
    await submit(desk, BEN, late, "Something else", "2026-05-18")
    assert await desk.modal(BEN, "This was looked at on its day already")
    (post,) = await desk.posts(CIRCLE)
    await desk.click(LEAD, post, actions.PROMISE_OPEN, CIRCLE)
    await desk.whisper(LEAD, "This was looked at on its day already", CIRCLE)
    assert kept(desk, number) == ("Office hours", date(2026, 3, 18))
    (record,) = teams.all(desk.parts.db)
    retention.forget_team(desk.parts.db, record.id)
    await desk.click(LEAD, post, actions.PROMISE_OPEN, CIRCLE)
    await desk.whisper(LEAD, "does not exist any more", CIRCLE)


async def test_acknowledged_first_it_may_still_be_promised(desk: Desk) -> None:
    """Acknowledging leaves the button in place; both count as taps, neither says whose."""
    number = await in_circle(desk)
    (post,) = await desk.posts(CIRCLE)
    await desk.click(BEN, post, actions.ACKNOWLEDGE, CIRCLE)

    async def seen(_: object) -> bool:
        return "Seen by the team" in (await desk.posts(CIRCLE))[0]["text"]

    await desk.slack.wait_for(seen, "the acknowledged alert")
    await submit(desk, ANNA, await form(desk, ANNA), "Office hours")
    assert kept(desk, number) == ("Office hours", date(2026, 4, 8))
    await desk.click(ANNA, post, actions.SEE_NUMBERS, CIRCLE)
    await desk.whisper(ANNA, "Deal desk", CIRCLE)
    assert touches.taps(desk.parts.db, 1, date(2026, 3, 1), date(2026, 4, 1)) == {"alert": 3}


async def test_the_team_is_asked_once_on_the_day(desk: Desk, clock: Clock) -> None:
    """On the review day, at the team's opening and not before, one post says what was promised; never again."""
    await in_circle(desk)
    await submit(desk, ANNA, await form(desk, ANNA), "Office hours", "2026-04-05")  # Easter Sunday
    opening = datetime(2026, 4, 7, 7, tzinfo=UTC).timestamp()  # Tuesday 09:00, summer time
    for now in (opening - 1, opening, opening, opening + DAY, opening + WEEK):
        clock.now = now
        await asyncio.gather(*(asyncio.to_thread(run_due, work_of(desk), {"follow_up": follow_up}) for _ in range(2)))
        await asyncio.gather(*(send(desk) for _ in range(2)))
        assert len(await desk.posts(CIRCLE)) == (1 if now < opening else 2)
    (_, said) = await desk.posts(CIRCLE)
    assert "After the alert of 11 Mar you wrote: “Office hours”." in said["text"]
    assert "One thing to do:" in said["text"]
    assert not due.planned(desk.parts.db, "follow_up", 1)


async def test_without_a_channel_of_its_own_each_is_told_in_their_hours(desk: Desk, clock: Clock) -> None:
    """The look back goes to each responder and the lead directly, in New York six hours after Berlin."""
    number = desk.team(team_channel=None)
    teams.set_announced(desk.parts.db, number, WEDNESDAY - 30 * WEEK)
    with desk.parts.db.write() as connection:
        connection.execute("update people set tz = 'America/New_York' where person = ?", (ANNA,))
    alert_id = await warned(desk, number, [])
    promises.put(desk.parts.db, alert_id, number, "Office hours", date(2026, 3, 18))
    due.put(desk.parts.db, "follow_up", number, WEDNESDAY)
    told: dict[str, int] = {}
    for hour in range(8, 15):
        clock.now = datetime(2026, 3, 18, hour, tzinfo=UTC).timestamp()
        await asyncio.to_thread(run_due, work_of(desk), {"follow_up": follow_up})
        await send(desk)
        for call in await desk.slack.calls(method="chat.postMessage"):
            told.setdefault(call["args"]["channel"], hour)
    assert told == {**dict.fromkeys((*RESPONDERS, LEAD), 8), ANNA: 13}
