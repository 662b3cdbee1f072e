"""The pulse as people live it: asked at a quiet hour, answered in two taps, told to everyone at the same time."""

import asyncio
import logging
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot import logs
from bot.jobs.pulse_closing import pulse_close
from bot.jobs.pulses import pulse
from bot.messages import actions
from bot.messages.readable import readable
from bot.outbox import Outbox
from bot.services.quiet import Quiet
from bot.services.work import Work
from storage import absences, mutes, pulse_answers, pulses, rhythms, roster
from storage.database import Database
from tests.fresh import fresh
from tests.stories.world import ASKER, CIRCLE, QUEUE, World, world

pytestmark = pytest.mark.slow


BERLIN, YORK, KOLKATA = "Europe/Berlin", "America/New_York", "Asia/Kolkata"


def seldom(_week: int) -> float:
    """So little arrives that no hour is called quiet: everybody is asked at 14:00."""
    return 0.01


FIVE = {"Ada": BERLIN, "Ben": BERLIN, "Cem": BERLIN, "Dia": YORK, "Eve": KOLKATA}
SIX = {**FIVE, "Fay": BERLIN}
MONDAY = "2026-03-02 08:00"


async def pulses_of(told: World, user: str) -> list[dict[str, Any]]:
    """The messages with a pulse's words that a person has, oldest first."""
    channels = (await told.slack.state(user))["channels"]
    mine = [c["id"] for c in channels if c["is_im"]]
    seen = [m for im in mine for m in await told.slack.messages(user, im) if m.get("bot_id")]
    return [m for m in seen if "pulse" in readable(m.get("blocks") or []).lower()]


def local(told: World, user: str, message: dict[str, Any]) -> datetime:
    """When a message came, on its reader's wall clock."""
    person = next(p for p in told.record.team.people if p.id == user)
    return datetime.fromtimestamp(float(message["ts"]), ZoneInfo(person.tz or told.tz))


async def taps(told: World, user: str, question: str, choice: int) -> None:
    """Tap an answer, and see that it is noted."""
    place = await told.direct(user)
    before = str(await told.slack.messages(user, place))
    await told.presses(user, f"{actions.PULSE_ANSWER}_{question}_{choice}")

    async def changed(_: Any) -> bool:
        return str(await told.slack.messages(user, place)) != before

    await told.slack.wait_for(changed, f"an answer to {user}'s tap")


async def everybody_taps(told: World, choice: int = 0) -> None:
    """All who were asked answer all questions of the open round alike."""
    current = pulses.running(told.work.db, told.team)
    assert current is not None
    for user in sorted(pulses.invited(told.work.db, current.id)):
        for question in current.questions:
            await taps(told, user, question, choice)


def people(told: World) -> list[str]:
    return [user for user in told.names if user != ASKER]


def told_at(told: World, words: str) -> list[str]:
    """Who was told something with these words, by the script."""
    return [entry.splitlines()[0] for entry in told.script if words in entry and "Headroom →" in entry]


async def test_six_people_over_weeks(tmp_path: Path) -> None:
    """Asked at 14:00 of their own day, once; told together after closing, with what changed; nothing before."""
    async with world(tmp_path, SIX, start=MONDAY, load=seldom) as told:
        await told.pass_until("2026-03-04 23:00")
        for user in people(told):
            asked = await pulses_of(told, user)
            assert len(asked) == 1, user
            at = local(told, user, asked[0])
            assert (at.hour, at.weekday() < 5) == (14, True)
        await everybody_taps(told)
        lead = people(told)[0]
        for text in ("pulse", "pulse results"):
            await told.types(lead, text, CIRCLE)
        assert "How many answered is told to nobody" in told.play()
        assert "There are no results of a pulse yet" in told.play()
        assert not told_at(told, "PULSE OF DESK")
        await told.pass_until("2026-03-11 12:00")
        results = told_at(told, "PULSE OF DESK, 2 MAR")
        assert len(results) == 1
        assert "#desk-team" in results[0]
        assert "nearly all said “Room to spare” or “Just right”, few or none “Too much”" in told.play()
        assert "At least 5 of 6 asked answered each question." in told.play()
        with told.work.db.write() as connection:  # only the first two questions are left, so that they come again
            connection.execute('update pulses set questions = \'["load", "focus"]\'')
        await told.pass_until("2026-03-31 12:00")
        assert len(await pulses_of(told, lead)) == 3
        assert {one.is_open for one in pulses.rounds(told.work.db, told.team)[1:]} == {False}


async def test_what_changed_since_last_time(tmp_path: Path) -> None:
    """The second time a question is told, the words of the first time stand beside it; the lines come apart."""
    async with world(tmp_path, SIX, start=MONDAY, load=seldom) as told:
        db, record = told.work.db, told.record
        with db.write():
            first = pulse_answers.open_round(
                db, record.id, opened=date(2026, 2, 9), closes=0, questions={"load": 4}, floor=5, invited=people(told)
            )
            pulse_answers.close(db, first, people(told))
            for question in ("load", "focus", "safe", "quality"):
                pulses.publish(db, first, question, {"good": 3, "poor": 1, "asked": 6, "floor": 5})
        await told.types(people(told)[0], "pulse now", CIRCLE)
        await told.pass_until("2026-03-05 12:00")
        await everybody_taps(told, choice=2)
        current = pulses.running(db, record.id)
        assert current is not None
        for n, user in enumerate(people(told)):
            await told.presses(user, actions.PULSE_TEXT)
            view = await modal(told, user)
            filled = {actions.PULSE_TEXT: {actions.PULSE_TEXT: f"line {n} of <!channel> & co"}}
            await told.slack.act(user, "view_submit", view_id=view["id"], values=filled)
        await told.pass_until("2026-03-12 17:00")
        play = told.play()
        assert "On 9 Feb it was most, and some." in play
        assert "Nobody pressed" in play or "WHAT WAS ADDED TO THE PULSE OF DESK" in play
        added = next(entry for entry in told.script if "WHAT WAS ADDED" in entry)
        assert sorted(line.strip()[:8] for line in added.splitlines() if "• line" in line) == [
            f"• line {n}" for n in range(6)
        ]
        assert "few or none" not in added
        assert "<!channel>" not in str(outbox_bodies(db))


async def modal(told: World, user: str) -> dict[str, Any]:
    async def there(_: Any) -> dict[str, Any] | None:
        shown = (await told.slack.state(user))["modals"]
        return shown[-1] if shown else None

    view: dict[str, Any] = await told.slack.wait_for(there, "a form")
    return view


def outbox_bodies(db: Database) -> list[str]:
    return [body for (body,) in db.read("select body from outbox where kind = 'results'").fetchall()]


async def test_double_clicks_mute_and_late_taps(tmp_path: Path) -> None:
    """Twice counts once and says so; mute holds from the next pulse on; last month's button closes kindly."""
    async with world(tmp_path, dict.fromkeys(SIX, BERLIN), start=MONDAY, load=seldom) as told:
        await told.pass_until("2026-03-03 15:00")
        ben = people(told)[1]
        place = await told.direct(ben)
        message = (await pulses_of(told, ben))[-1]
        button = f"{actions.PULSE_ANSWER}_load_1"
        await asyncio.gather(
            *(told.slack.act(ben, "click", channel=place, ts=message["ts"], action_id=button) for _ in range(3))
        )

        async def noted(_: Any) -> bool:
            return "Noted" in str((await pulses_of(told, ben))[-1])

        await told.slack.wait_for(noted, "the note")
        counted = told.work.db.read("select sum(n) - 1000 * count(*) from pulse_counts").fetchone()
        assert counted == (1,)
        assert "Just right" not in readable((await pulses_of(told, ben))[-1]["blocks"])
        await told.presses(ben, actions.PULSE_MUTE)

        async def muted(_: Any) -> bool:
            return mutes.muted(told.work.db, "T0SANDBOX", ben, "pulse")

        await told.slack.wait_for(muted, "the wish")
        await told.pass_until("2026-03-27 12:00")
        assert len([m for m in await pulses_of(told, ben) if "A short pulse" in m["text"]]) == 1
        assert len([m for m in await pulses_of(told, people(told)[2]) if "A short pulse" in m["text"]]) == 2
        await told.presses(ben, f"{actions.PULSE_ANSWER}_focus_0")

        async def closed(_: Any) -> bool:
            return any("This pulse is closed" in m["text"] for m in await pulses_of(told, ben))

        await told.slack.wait_for(closed, "the kind sentence")
        await told.types(ben, "pulse unmute", CIRCLE)
        assert not mutes.muted(told.work.db, "T0SANDBOX", ben, "pulse")


async def test_nobody_is_asked_on_a_day_off_or_a_holiday(tmp_path: Path) -> None:
    """Over Easter and a day off the question waits; whoever is away for long is left out, and nobody else knows."""
    async with world(tmp_path, dict.fromkeys([*SIX, "Gus"], BERLIN), start="2026-04-02 15:30", load=seldom) as told:
        cem, gus = people(told)[2], people(told)[6]
        absences.put(told.work.db, [told.team], cem, {date(2026, 4, 7): 1.0})
        absences.put(told.work.db, [told.team], gus, {date(2026, 4, 2) + timedelta(days=n): 1.0 for n in range(12)})
        await told.pass_until("2026-04-09 12:00")
        days = {
            user: [local(told, user, m).strftime("%d %H") for m in await pulses_of(told, user)] for user in people(told)
        }
        assert days.pop(cem) == ["08 14"]
        assert days.pop(gus) == []
        assert {tuple(one) for one in days.values()} == {("07 14",)}


async def test_small_teams_hear_why_not_once(tmp_path: Path) -> None:
    """Two, or four, people are not asked; the lead hears it once, kindly, and again when they ask."""
    for names in (("Ada", "Ben"), ("Ada", "Ben", "Cem", "Dia")):
        folder = tmp_path / str(len(names))
        folder.mkdir()
        async with world(folder, dict.fromkeys(names, BERLIN), start=MONDAY, load=seldom) as told:
            await told.pass_until("2026-03-20 12:00")
            assert len(told_at(told, "no pulse is asked")) == 1
            await told.types(people(told)[0], "pulse now", CIRCLE)
            assert told.play().count("Desk has fewer than 5 people") == 2
            assert pulses.rounds(told.work.db, told.team) == []


async def test_two_processes_and_a_restart_ask_once(tmp_path: Path) -> None:
    """Two bots on one file that wake together, and one that died in between, send each question and result once."""
    async with world(tmp_path, dict.fromkeys(SIX, BERLIN), start=MONDAY, load=seldom) as told:
        now = told.at("2026-03-02 10:00")
        told.clock.now = now
        other = fresh(tmp_path / "headroom.db")
        second = Work(other, told.work.slack, told.clock, told.work.me)

        def both(job: Any) -> None:
            job(told.work, told.team)
            job(second, told.team)

        await asyncio.gather(asyncio.to_thread(both, pulse), asyncio.to_thread(pulse, second, told.team))
        assert len(pulses.rounds(other, told.team)) == 1
        told.clock.now = told.at("2026-03-02 14:00")
        outboxes = [told.outbox, Outbox(other, second.slack, told.clock, second.me.workspace, Quiet(second))]
        await asyncio.gather(*(asyncio.to_thread(one.run) for one in outboxes))
        for user in people(told):
            assert len(await pulses_of(told, user)) == 1
        await everybody_taps(told)
        told.clock.now = told.at("2026-03-06 14:00")
        await asyncio.gather(asyncio.to_thread(both, pulse_close), asyncio.to_thread(pulse_close, second, told.team))
        await asyncio.gather(*(asyncio.to_thread(one.run) for one in outboxes))
        posts = [m for m in await told.slack.messages(people(told)[0], CIRCLE) if "Pulse of Desk" in m["text"]]
        assert len(posts) == 1
        other.close()


async def test_direct_messages_that_slack_refuses(tmp_path: Path) -> None:
    """Where apps may not write directly, the round closes, nothing is shown, and the lead hears it without names."""
    async with world(tmp_path, dict.fromkeys(SIX, BERLIN), start=MONDAY, load=seldom) as told:
        told.clock.now = told.at("2026-03-02 10:00")
        await asyncio.to_thread(pulse, told.work, told.team)
        told.clock.now = told.at("2026-03-02 14:00")
        await told.slack.fault("error", method="chat.postMessage", error="messages_tab_disabled", next=6)
        await asyncio.to_thread(told.outbox.run)
        await asyncio.to_thread(pulse_close, told.work, told.team)
        assert pulses.running(told.work.db, told.team) is None
        await told.pass_until("2026-03-04 12:00")
        lead = people(told)[0]
        sentences = [m["text"] for m in await pulses_of(told, lead)]
        assert any("reached fewer than 5 people" in text for text in sentences)
        assert any("Some messages" in text for text in sentences)
        assert not [name for name in people(told) if name in " ".join(sentences)]
        assert await pulses_of(told, people(told)[1]) == []


async def test_whoever_mutes_before_it_arrives_is_not_asked_and_not_told_of(tmp_path: Path) -> None:
    """A wish between opening and sending holds; the lead hears of no failure, and one fewer counts as asked."""
    async with world(tmp_path, dict.fromkeys([*SIX, "Gus"], BERLIN), start=MONDAY, load=seldom) as told:
        await told.pass_until("2026-03-02 11:00")
        await told.types(people(told)[3], "pulse mute", CIRCLE)
        await told.pass_until("2026-03-02 15:00")
        assert await pulses_of(told, people(told)[3]) == []
        current = pulses.running(told.work.db, told.team)
        assert current is not None
        for user in (one for one in people(told) if one != people(told)[3]):
            for question in current.questions:
                await taps(told, user, question, 1)
        await told.pass_until("2026-03-10 12:00")
        assert "At least 5 of 6 asked" in told.play()
        assert "could not be delivered" not in told.play()


async def test_a_joiner_waits_for_the_next_quarter_and_a_leaver_rests_the_questions(tmp_path: Path) -> None:
    """Who joins is asked from the next quarter on; after somebody left, other questions come, never the same."""
    async with world(tmp_path, dict.fromkeys([*SIX, "Gus"], BERLIN), start=MONDAY, load=seldom) as told:
        db = told.work.db
        joiner, leaver = people(told)[6], people(told)[5]
        with db.write() as connection:
            roster.change(connection, told.team, [p for p in people(told) if p != joiner], date(2026, 3, 2))
        await told.pass_until("2026-03-03 10:00")
        await everybody_taps(told)
        with db.write() as connection:
            roster.change(connection, told.team, people(told), date(2026, 3, 4))
        await told.pass_until("2026-03-18 15:00")
        assert await pulses_of(told, joiner) == []
        await everybody_taps(told)
        with db.write() as connection:
            roster.change(connection, told.team, [p for p in people(told) if p != leaver], date(2026, 3, 19))
        await told.pass_until("2026-04-24 12:00")
        rounds = pulses.rounds(db, told.team)[::-1]
        assert len([m for m in await pulses_of(told, joiner) if "A short pulse" in m["text"]]) >= 1
        told_of = [set(pulses.results(db, one.id)) for one in rounds]
        assert told_of[0] | told_of[1]
        for one in rounds[2:]:
            assert not set(one.questions) & (told_of[0] | told_of[1])


async def test_a_reminder_only_where_the_team_wishes_it(tmp_path: Path) -> None:
    """With the switch on, everyone gets one reminder, answered or not; switched off, nobody is asked."""
    async with world(tmp_path, dict.fromkeys(SIX, BERLIN), start=MONDAY, load=seldom) as told:
        rhythms.save(told.work.db, told.team, rhythms.Rhythm(pulse_reminder=True))
        await told.pass_until("2026-03-02 15:00")
        await everybody_taps(told)
        await told.types(people(told)[0], "pulse schedule off", CIRCLE)
        await told.types(people(told)[1], "pulse schedule weekly", CIRCLE)
        await told.types(people(told)[0], "pulse schedule often", CIRCLE)
        assert "is switched off" in told.play()
        assert "Only the lead of Desk can choose how often the pulse is asked" in told.play()
        assert "one of weekly, fortnightly, monthly or off" in told.play()
        await told.pass_until("2026-04-10 12:00")
        for user in people(told):
            seen = [m["text"] for m in await pulses_of(told, user)]
            assert len(seen) == 2
            assert "two more working days" in seen[1]
        assert len(pulses.rounds(told.work.db, told.team)) == 1


async def test_whoever_wants_none_says_so_anywhere(tmp_path: Path) -> None:
    """`mute` and `unmute` are about the person alone: they work for anybody, in a channel that is not their team's."""
    async with world(tmp_path, dict.fromkeys(SIX, BERLIN), start=MONDAY, load=seldom) as told:
        await told.types(ASKER, "pulse Mute", QUEUE)
        assert "You get no more pulses" in told.play()
        assert mutes.muted(told.work.db, "T0SANDBOX", ASKER, "pulse")
        await told.types(ASKER, "pulse unmute", QUEUE)
        assert not mutes.muted(told.work.db, "T0SANDBOX", ASKER, "pulse")


async def test_who_may_not_ask(tmp_path: Path) -> None:
    """A requester is told whose the pulse is; a second pulse within a week is declined; guests are never asked."""
    async with world(tmp_path, dict.fromkeys(SIX, BERLIN), start=MONDAY, load=seldom) as told:
        lead, guest = people(told)[0], people(told)[5]
        await told.slack.seed(users=[{"id": guest, "name": "fay", "is_stranger": True, "team_id": "T9"}])
        await told.types(ASKER, "pulse now", QUEUE)
        assert "Only the people who answer for Desk" in told.play()
        await told.types(lead, "pulse now", CIRCLE)
        await told.types(lead, "pulse now", CIRCLE)
        assert "is open already" in told.play()
        await told.types(lead, "pulse nonsense", CIRCLE)
        assert "one of now, schedule, results, mute or unmute" in told.play()
        await told.pass_until("2026-03-02 15:00")
        assert await pulses_of(told, guest) == []
        with told.work.db.write():
            pulse_answers.close(told.work.db, 1, [])
        await told.types(lead, "pulse now", CIRCLE)
        assert "less than a week ago" in told.play()


async def test_the_log_of_a_whole_round_names_nobody(tmp_path: Path) -> None:
    """From asking to telling, through Bolt and Slack's own libraries at level debug, no id, token or line is logged."""
    written = StringIO()
    kept = logs.handler()
    kept.stream = written  # type: ignore[attr-defined]
    root = logging.getLogger()
    before = root.level
    root.addHandler(kept)
    root.setLevel(logging.DEBUG)
    try:
        async with world(tmp_path, dict.fromkeys(SIX, BERLIN), start=MONDAY, load=seldom) as told:
            await told.slack.fault("error", method="chat.postMessage", error="cannot_dm_bot", next=1)
            await told.pass_until("2026-03-02 15:00")
            await everybody_taps(told)
            await told.presses(people(told)[1], actions.PULSE_TEXT)
            view = await modal(told, people(told)[1])
            filled = {actions.PULSE_TEXT: {actions.PULSE_TEXT: "a line of mine"}}
            await told.slack.act(people(told)[1], "view_submit", view_id=view["id"], values=filled)
            token = str(view["private_metadata"]).split(" ")[1]
            await told.pass_until("2026-03-10 12:00")
    finally:
        root.removeHandler(kept)
        root.setLevel(before)
    text = written.getvalue()
    assert token not in text
    assert "a line of mine" not in text
    assert not [user for user in people(told) if user in text]
