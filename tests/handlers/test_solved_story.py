"""Whoever asked is asked "did this solve it?": later, seldom, once, and nobody learns who answered what."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

import handlers
from bot.errors import BadInputError
from bot.messages import actions
from bot.outbox import Outbox
from bot.services.quiet import NOT_DONE, Quiet
from bot.services.work import Work
from bot.slack import Me, Slack
from handlers.answers import Instead
from handlers.parts import Parts
from handlers.signals import Ear
from handlers.solved import Asker
from sandbox.client import Client
from sandbox.server import running
from storage import keys, mutes, rhythms, solved, teams, touches
from storage.rhythms import Rhythm
from storage.teams import TeamDraft
from storage.writer import Writer
from tests.clock import Clock
from tests.fresh import fresh
from tests.handlers.desk import ANNA, ASKER, BEN, BOT, GONE, LEAD, PLACES, QUEUE, RESPONDERS, ROBOT, STRANGER, call
from tests.patient import listening, patient

DAY = 86_400.0
WEDNESDAY = datetime(2026, 3, 11, 14, tzinfo=UTC).timestamp()
THURSDAY_TEN = datetime(2026, 3, 12, 9, tzinfo=UTC).timestamp()  # in Berlin, an hour after the desk opens


@dataclass
class Story:
    """A desk whose bot hears, and what a test does with it."""

    slack: Client
    parts: Parts
    clock: Clock
    asker: Asker
    box: Outbox
    team: int

    async def request(self, user: str = ASKER, text: str = "Could you look at this?") -> str:
        """Somebody asks for something; returns its `ts`."""
        return str((await self.slack.act(user, "message", channel=QUEUE, text=text))["ts"])

    async def react(self, user: str, ts: str, name: str = "white_check_mark") -> None:
        """Somebody puts a reaction on a message; returns when all that follows has happened."""
        await self.slack.act(user, "react", channel=QUEUE, ts=ts, name=name)
        await self.settled()

    async def settled(self) -> None:
        """Every event has arrived and every question is decided."""
        assert await self.slack.flush()
        await self.asker.idle()

    async def until(self, when: float) -> None:
        """Let time pass, and send what waits."""
        self.clock.now = when
        await asyncio.to_thread(self.box.run)

    async def told(self, user: str) -> list[dict[str, Any]]:
        """What the bot wrote to a person directly."""
        state = await self.slack.state(user)
        ims = [c["id"] for c in state["channels"] if c["is_im"]]
        return [{**m, "channel": im} for im in ims for m in await self.slack.messages(user, im) if m.get("bot_id")]

    async def press(self, user: str, message: dict[str, Any], end: str) -> str:
        """Press a button of a question; returns what then stands there."""
        await self.slack.act(
            user, "click", channel=message["channel"], ts=message["ts"], action_id=actions.SOLVED + end
        )
        before = message["text"]

        async def changed(_slack: Client) -> str | None:
            (now,) = [m["text"] for m in await self.told(user) if m["ts"] == message["ts"]]
            return None if now == before else str(now)

        return str(await self.slack.wait_for(changed, "an answer to the answer"))

    def answers(self) -> list[tuple[int, ...]]:
        """What is counted, week by week."""
        return [counts for _, counts in solved.weeks(self.parts.db, self.team)]

    def rows(self) -> list[tuple[str, str | None]]:
        """State and reason of every question."""
        return self.parts.db.read("select state, error from outbox where kind = 'solved' order by rowid").fetchall()


@pytest.fixture
def draws() -> list[int]:
    """What the draw gives, one after the other; when none is left, 0, which asks."""
    return []


@pytest.fixture
async def story(tmp_path: Path, draws: list[int]) -> AsyncIterator[Story]:
    """A desk that was announced, with a bot that hears and asks."""
    clock = Clock(WEDNESDAY)
    config = patient(clock=clock)
    async with running(config) as slack:
        await slack.seed(**PLACES)
        db, token = fresh(tmp_path / "headroom.db"), config.app.bot_token
        api = Slack(token, slack.api_url)
        work = Work(db, api, clock, Me(config.workspace_id, "", BOT, config.app.bot_id))
        writer = Writer(db)
        asker = Asker(work, lambda _n: draws.pop(0) if draws else 0)
        draft = TeamDraft(
            workspace=config.workspace_id,
            name="Deal desk",
            queue=QUEUE,
            responders=RESPONDERS,
            lead=LEAD,
            tz="Europe/Berlin",
            country="DE",
        )
        team = teams.save(db, draft, clock())
        keys.make_first(db, config.workspace_id, clock())
        teams.set_announced(db, team, clock() - 3600)
        ear = Ear(db, writer, config.workspace_id, BOT, config.app.bot_id, clock, asker)
        app = AsyncApp(
            name="test",
            signing_secret="unused-in-socket-mode",
            client=AsyncWebClient(token=token, base_url=slack.api_url),
            before_authorize=ear,
        )
        parts = Parts(db, api, clock, lambda: None, config.workspace_id, BOT, ear.settled)
        handlers.register(app, parts)
        writer.start()
        box = Outbox(db, api, clock, config.workspace_id, Quiet(work))
        async with listening(slack, app):
            yield Story(slack, parts, clock, asker, box, team)
        writer.stop()
        db.close()


async def test_a_requester_is_asked_the_next_morning_and_answers(story: Story) -> None:
    """Not at once, but an hour into the next working day; one press counts, and the thread of buttons is gone."""
    ts = await story.request()
    await story.react(ANNA, ts)
    await story.until(WEDNESDAY + 60)
    assert await story.told(ASKER) == []
    await story.until(THURSDAY_TEN - 1)
    assert await story.told(ASKER) == []
    await story.until(THURSDAY_TEN)
    (question,) = await story.told(ASKER)
    assert f"in <#{QUEUE}> of Wednesday was marked done. Did this solve it?" in question["text"]
    assert "{{token}}" not in json.dumps(question)
    assert "Could you look" not in json.dumps(question)
    said = await story.press(ASKER, question, "_yes")
    assert said == "Thank you. Yes is counted, without your name."
    (after,) = await story.told(ASKER)
    assert actions.SOLVED not in json.dumps(after["blocks"])
    assert story.answers() == [(1, 0, 0)]
    today = datetime.fromtimestamp(story.clock(), UTC).date()
    assert sum(touches.taps(story.parts.db, story.team, today, today.replace(day=30)).values()) == 1


async def test_nothing_leads_from_the_answer_to_the_person(story: Story) -> None:
    """Two days later neither the file nor its log names whoever was asked, or holds a token."""
    ts = await story.request()
    await story.react(ANNA, ts)
    await story.until(THURSDAY_TEN)
    (question,) = await story.told(ASKER)
    await story.press(ASKER, question, "_no")
    token = question["blocks"][1]["elements"][0]["value"].split()[2]
    solved.let_go(story.parts.db, THURSDAY_TEN + 3 * DAY)
    story.parts.db.checkpoint()
    held = b"".join(p.read_bytes() for p in story.parts.db.path.parent.glob("headroom.db*"))
    assert ASKER.encode() not in held
    assert token.encode() not in held
    assert len(token) > 20


async def test_a_double_press_counts_once(story: Story) -> None:
    """Two presses of one message, on the same or on another button, are one answer: the first."""
    await story.react(ANNA, await story.request())
    await story.until(THURSDAY_TEN)
    (question,) = await story.told(ASKER)
    body = {
        "user": {"id": ASKER},
        "actions": [{"value": question["blocks"][1]["elements"][0]["value"]}],
        "container": {"message_ts": question["ts"]},
    }
    pressed = call(story.parts, ASKER, body)
    said = await asyncio.gather(*(asyncio.to_thread(handlers.solved.answer, pressed) for _ in range(2)))
    assert sorted("first answer" in one.message.text for one in said) == [False, True]
    await story.press(ASKER, question, "_no")
    assert story.answers() == [(1, 0, 0)]


async def test_last_months_button_is_closed(story: Story) -> None:
    """After four weeks a question takes no answer any more, and says so kindly."""
    await story.react(ANNA, await story.request())
    await story.until(THURSDAY_TEN)
    (question,) = await story.told(ASKER)
    story.clock.now += 29 * DAY
    said = await story.press(ASKER, question, "_yes")
    assert "closed, so nothing was counted" in said
    assert story.answers() == []


async def test_a_team_that_is_gone_counts_nothing(story: Story) -> None:
    """A button of a team of another workspace, or that was forgotten, ends in a kind sentence."""

    def pressed(value: str) -> Instead:
        body = {"actions": [{"value": value}], "message": {"ts": f"{story.clock()}"}}
        return handlers.solved.answer(call(story.parts, ASKER, body))

    assert "closed" in pressed(f"{story.team + 7} yes abc").message.text
    for strange in ("1 maybe abc", "", "x yes abc", f"{story.team} yes"):
        with pytest.raises(BadInputError, match="button"):
            pressed(strange)
    assert story.answers() == []


async def test_reopened_before_it_leaves_is_not_asked(story: Story) -> None:
    """A request that is open again by the morning is not asked about."""
    ts = await story.request()
    await story.react(ANNA, ts)
    await story.react(ASKER, ts, "repeat")
    await story.until(THURSDAY_TEN)
    assert await story.told(ASKER) == []
    assert story.rows() == [("failed", NOT_DONE)]


async def test_taken_back_before_it_leaves_is_not_asked(story: Story) -> None:
    """A ✅ by mistake, taken off again, asks nobody."""
    ts = await story.request()
    await story.react(ANNA, ts)
    await story.slack.act(ANNA, "unreact", channel=QUEUE, ts=ts, name="white_check_mark")
    await story.settled()
    await story.until(THURSDAY_TEN)
    assert await story.told(ASKER) == []


async def test_two_dones_are_one_question(story: Story) -> None:
    """A ✅ by two responders, delivered twice each, asks once."""
    await story.slack.fault("duplicate", rate=1.0)
    ts = await story.request()
    await story.react(ANNA, ts)
    await story.react(BEN, ts)
    await story.until(THURSDAY_TEN)
    assert len(await story.told(ASKER)) == 1


async def test_only_some_are_asked(story: Story, draws: list[int]) -> None:
    """The draw decides: only a 0 of three asks."""
    draws += [1, 2, 0]
    for n in range(3):
        await story.react(ANNA, await story.request(text=f"Question {n}"))
        story.clock.now += 600
    assert len(story.rows()) == 1


async def test_who_is_never_asked(story: Story) -> None:
    """Responders, the lead, bots, people who left, who muted it, or who had their traces removed."""
    mutes.mute(story.parts.db, story.parts.workspace, STRANGER, "solved")
    keys.opt_out(story.parts.db, story.parts.workspace, ASKER)
    for user in (LEAD, STRANGER, ASKER):
        await story.react(ANNA, await story.request(user))
        story.clock.now += 600
    assert story.rows() == []
    ts = await story.request("U6EVE")
    await story.react(ANNA, ts, "ticket")
    await story.react(ANNA, ts)
    for user in (ROBOT, GONE):
        old = f"{story.clock() - 3000:.6f}"
        await story.slack.seed(messages=[{"channel": QUEUE, "user": user, "ts": old, "text": "please"}])
        story.clock.now += 600
        await story.react(ANNA, old, "ticket")
        await story.react(ANNA, old)
    assert story.rows() == []


async def test_the_teams_switch_holds(story: Story) -> None:
    """Switched off, nobody is asked; switched off before the morning, what waits is dropped."""
    await story.react(ANNA, await story.request())
    rhythms.save(story.parts.db, story.team, Rhythm(solved=False))
    story.clock.now += 600
    await story.react(ANNA, await story.request())
    await story.until(THURSDAY_TEN)
    assert await story.told(ASKER) == []
    assert story.rows() == [("failed", NOT_DONE)]


async def test_a_team_of_two_does_not_ask(story: Story) -> None:
    """In a team of two the answers would be about a person, so they are not asked for."""
    draft = TeamDraft(
        workspace=story.parts.workspace,
        name="Deal desk",
        queue=QUEUE,
        responders=(ANNA, BEN),
        lead=LEAD,
        tz="Europe/Berlin",
        team_id=story.team,
    )
    teams.save(story.parts.db, draft, story.clock())
    await story.react(ANNA, await story.request())
    assert story.rows() == []


async def test_do_not_ask_me_again(story: Story) -> None:
    """The button is a lasting wish of that person, and the trust page takes it back."""
    await story.react(ANNA, await story.request())
    await story.until(THURSDAY_TEN)
    (question,) = await story.told(ASKER)
    said = await story.press(ASKER, question, "_mute")
    assert "not be asked again" in said
    story.clock.now += 600
    await story.react(ANNA, await story.request())
    assert len(story.rows()) == 1
    asked = call(story.parts, ASKER, channel=QUEUE)
    assert actions.SOLVED_UNMUTE in json.dumps(handlers.trust.page(asked))
    assert actions.SOLVED_UNMUTE not in json.dumps(handlers.trust.unmute(asked))
    assert mutes.of(story.parts.db, story.parts.workspace, ASKER) == ()


async def test_a_guest_of_another_workspace_answers_about_the_own_request(story: Story) -> None:
    """Somebody from a connected workspace may answer, and learns nothing of the team by it."""
    await story.react(ANNA, await story.request(STRANGER))
    await story.until(datetime(2026, 3, 12, 15, tzinfo=UTC).timestamp())
    (question,) = await story.told(STRANGER)
    said = await story.press(STRANGER, question, "_partly")
    assert "Partly is counted" in said
    assert story.answers() == [(0, 1, 0)]
    assert not any(word in said for word in ("%", "Deal desk", "utilization"))


async def test_a_workspace_without_messages_from_apps(story: Story) -> None:
    """Where Slack refuses the direct message it is closed quietly, once, and nobody is told."""
    await story.react(ANNA, await story.request())
    await story.slack.fault("error", method="chat.postMessage", error="messages_tab_disabled", next=1)
    await story.until(THURSDAY_TEN)
    await story.until(THURSDAY_TEN + 2 * DAY)
    assert story.rows() == [("failed", "messages_tab_disabled")]
    assert await story.told(ASKER) == []
    assert await story.told(LEAD) == []


async def test_slack_without_an_answer_harms_nothing(story: Story) -> None:
    """When Slack cannot say who wrote it, the fact is kept, nobody is asked and nothing fails."""
    ts = await story.request()
    await story.slack.fault("error", method="users.info", error="internal_error", next=1)
    await story.react(ANNA, ts)
    assert story.rows() == []
    assert solved.is_done(story.parts.db, 1, int(ts.replace(".", "")))


async def test_the_author_is_kept_nowhere_by_hearing(story: Story, draws: list[int]) -> None:
    """Where the draw says no, the file holds nothing that names whoever asked."""
    draws.append(1)
    await story.react(ANNA, await story.request())
    held = b"".join(p.read_bytes() for p in story.parts.db.path.parent.glob("headroom.db*"))
    assert ASKER.encode() not in held
