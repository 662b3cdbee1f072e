"""What waits, lived by a desk of three: the list behind the button, its answers, Home, and who may see what."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.messages import actions, alerts
from bot.messages.readable import readable
from bot.services.assessing import assess_team
from bot.signal import Kind, Signal
from bot.slack import Slack
from handlers import waits
from handlers.meant import allow
from handlers.rows import Button, RefusedError
from storage import keys, outbox, signals, teams
from storage.teams import TeamRecord
from tests.clock import Clock
from tests.handlers.desk import ANNA, ASKER, BEN, BOT, CIRCLE, CLEO, LEAD, OPEN, QUEUE, STRANGER, Desk, call, opened
from tests.patient import patient

BERLIN = ZoneInfo("Europe/Berlin")
SECOND = 1_000_000
THREE = (ANNA, BEN, CLEO)


def berlin(text: str) -> float:
    """Unix seconds of a wall-clock time of the team."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).timestamp()


@dataclass
class Office:
    """A desk of three and its clock.

    Attributes:
        desk: The local Slack, and the parts under test.
        clock: What everybody's clock shows.
        team: The team's number.
    """

    desk: Desk
    clock: Clock
    team: int

    @property
    def record(self) -> TeamRecord:
        """The team as stored."""
        record = teams.get(self.desk.parts.db, self.team)
        assert record is not None
        return record

    def past(self, since: str, days: int) -> None:
        """Six requests a working day, each taken within half an hour by one of three and done an hour later."""
        keyed = keys.Pseudonymizer(self.desk.parts.db, self.desk.parts.workspace)
        queue, first = self.record.queues[0].id, datetime.fromisoformat(since).replace(tzinfo=BERLIN)
        facts = []
        for day in (first + timedelta(days=n) for n in range(days)):
            for n in range(6 if day.weekday() < 5 else 0):
                key = int(day.replace(hour=9 + n, minute=7 * n % 20).timestamp()) * SECOND + n + 1
                actor = keyed(THREE[n % 3], key)
                facts.append(Signal(queue, key, key, Kind.ARRIVAL, keyed("U9SOMEBODY", key)))
                facts.append(Signal(queue, key, key, Kind.CLAIM, actor, key + (10 + 3 * n) * 60 * SECOND))
                facts.append(Signal(queue, key, key, Kind.DONE, actor, key + (70 + 3 * n) * 60 * SECOND))
        signals.add(self.desk.parts.db, facts)

    async def asks(self, at: str, words: str, user: str = ASKER) -> str:
        """Somebody posts a request at a wall-clock time; returns its `ts`."""
        self.clock.now = berlin(at)
        said = await self.desk.slack.act(user, "message", channel=QUEUE, text=words)
        return str(said["ts"])

    async def replies(self, at: str, user: str, ts: str, words: str) -> None:
        """Somebody writes in a thread."""
        self.clock.now = berlin(at)
        await self.desk.slack.act(user, "message", channel=QUEUE, text=words, thread_ts=ts)

    async def reacts(self, at: str, user: str, ts: str, name: str) -> None:
        """Somebody reacts."""
        self.clock.now = berlin(at)
        await self.desk.slack.act(user, "react", channel=QUEUE, ts=ts, name=name)

    async def heard(self) -> None:
        """All that was said is on disk."""
        assert await self.desk.slack.flush()
        await self.desk.parts.settled()

    async def alert(self, channel: str = CIRCLE) -> dict[str, Any]:
        """An alert as the check posts it."""
        assessed = assess_team(self.desk.parts.db, self.record, self.clock.now)
        body = alerts.alert(assessed, "Deal desk", team_id=self.team, alert_id=1).body()
        outbox.put(self.desk.parts.db, workspace=self.desk.parts.workspace, channel=channel, body=body, team=self.team)
        await self.desk.deliver()
        return (await self.desk.posts(channel))[-1]

    async def list_of(self, user: str, holding: str = "") -> dict[str, Any]:
        """The list, once somebody has it open with these words in it."""

        async def there(slack: Any) -> dict[str, Any] | None:
            views = (await slack.state(user))["modals"]
            return next(
                (v for v in views[-1:] if holding in readable(v["blocks"]) and "One moment" not in str(v)), None
            )

        shown: dict[str, Any] = await self.desk.slack.wait_for(there, f"list of {user} with {holding!r}")
        return shown

    async def open_list(self, user: str = LEAD, holding: str = "open now") -> dict[str, Any]:
        """Press "What waits" under an alert."""
        await self.desk.click(user, await self.alert(), actions.WAITS_OPEN, CIRCLE)
        return await self.list_of(user, holding)

    async def home_of(self, user: str, there: Callable[[str], bool]) -> dict[str, Any]:
        """Somebody's Home, once its words are as they should be."""

        async def shown(slack: Any) -> dict[str, Any] | None:
            home = (await slack.state(user))["home"]
            return home if home and there(readable(home["blocks"])) else None

        found: dict[str, Any] = await self.desk.slack.wait_for(shown, f"Home of {user}")
        return found

    async def press(self, user: str, view: dict[str, Any], action: str, ts: str) -> None:
        """Press a button that stands with one request of a view."""
        block = next(
            b
            for b in view["blocks"]
            for e in (*b.get("elements", ()), b.get("accessory") or {})
            if e.get("action_id") == action and ts.replace(".", "") in e["value"]
        )
        place = {"view_id": view["id"], "block_id": block["block_id"]}
        await self.desk.slack.act(user, "click", action_id=action, **place)

    def kinds(self, ts: str) -> list[tuple[int, bool, bool]]:
        """(Kind, with an actor, with a time) of the reactions and presses on a request, in the order they are kept."""
        rows = self.desk.parts.db.read(
            "select kind, actor <> x'', reacted <> 0 from signals where message = ? and kind <> ? order by id",
            (int(ts.replace(".", "")), int(Kind.ARRIVAL)),
        )
        return [(kind, bool(actor), bool(timed)) for kind, actor, timed in rows]

    def open_now(self) -> int:
        """How many are open, as every message and the report say it."""
        said = assess_team(self.desk.parts.db, self.record, self.clock.now).flow.open
        assert isinstance(said, int)
        return said


@contextlib.asynccontextmanager
async def office(folder: Path) -> AsyncIterator[Office]:
    """A desk of three that has been heard for eight weeks; it is Monday 2 March 2026, 9:00."""
    clock = Clock(berlin("2026-03-02 09:00"))
    async with opened(folder, patient(clock=clock)) as desk:
        team = desk.team(responders=THREE)
        teams.set_announced(desk.parts.db, team, int(berlin("2026-01-02 09:00")))
        desk.parts.wake()
        told = Office(desk, clock, team)
        told.past("2026-01-05", 56)
        yield told


@dataclass
class Week:
    """Requests of one week, by their `ts`."""

    old: str
    quiet: str
    asked_back: str
    fresh: str
    in_hand: str


async def a_week(told: Office) -> Week:
    """One is passed over, one is taken and goes quiet, one waits for its asker, one is new, one is in hand."""
    old = await told.asks("2026-03-02 09:05", "The old one")
    quiet = await told.asks("2026-03-02 10:05", "A discount for Fig")
    await told.reacts("2026-03-02 10:10", ANNA, quiet, "eyes")
    told.past("2026-03-03", 7)
    asked_back = await told.asks("2026-03-10 09:12", "A contract")
    await told.reacts("2026-03-10 09:20", BEN, asked_back, "eyes")
    await told.replies("2026-03-10 09:30", BEN, asked_back, "Which customer is it for?")
    in_hand = await told.asks("2026-03-10 11:00", "A price")
    await told.reacts("2026-03-10 11:05", CLEO, in_hand, "eyes")
    fresh = await told.asks("2026-03-10 11:30", "A new one", "U1LEAD")
    told.clock.now = berlin("2026-03-10 12:00")
    await told.heard()
    return Week(old, quiet, asked_back, fresh, in_hand)


async def test_the_lead_sees_what_waits_and_closes_one(tmp_path: Path) -> None:
    """Under an alert: four groups as links, no names, no words; Done takes one out; all agrees with "open now"."""
    async with office(tmp_path) as told:
        week = await a_week(told)
        assert told.open_now() == 5
        await told.desk.click(LEAD, await told.alert(), actions.WAITS_OPEN, CIRCLE)
        view = await told.list_of(LEAD, "5 open now")
        text = readable(view["blocks"])
        assert "Nobody yet: 1." in text
        assert "Taken and quiet: 1" in text
        assert "Waiting for the asker: 1" in text
        assert "May be answered elsewhere: 1" in text
        assert "In hand: 1" in text
        assert "posted Tuesday 11:30" in text
        assert "posted Monday 2 March 9:05" in text
        links = str(view["blocks"])
        for ts in (week.fresh, week.asked_back, week.old):
            assert f"/archives/{QUEUE}/p{ts.replace('.', '')}" in links
        for ts in (week.quiet, week.in_hand):  # of these the team sees a number alone
            assert ts.replace(".", "") not in links
        for name in ("discount", "contract", "old one", *THREE, ASKER, "anna", "ben"):
            assert name not in links
        await told.press(LEAD, view, actions.WAITS_DONE, week.fresh)
        after = await told.list_of(LEAD, "4 open now")
        assert week.fresh.replace(".", "") not in str(after["blocks"])
        assert told.open_now() == 4
        assert "Nobody yet" not in readable(after["blocks"])
        await told.desk.ask(LEAD, channel=CIRCLE)
        await told.desk.whisper(LEAD, "4 open now", CIRCLE)


async def test_what_the_three_buttons_write(tmp_path: Path) -> None:
    """Done is a ✅ of now; answered elsewhere one without time or actor; not a request goes, with all its posts."""
    async with office(tmp_path) as told:
        week = await a_week(told)
        second = await told.asks("2026-03-10 12:01", "One thing")
        more = await told.asks("2026-03-10 12:02", "… and another, of the same matter")
        told.clock.now += 60
        await told.heard()
        view = await told.open_list(ANNA, "6 open now")
        before = assess_team(told.desk.parts.db, told.record, told.clock.now).flow
        await told.press(ANNA, view, actions.WAITS_ELSEWHERE, week.old)
        view = await told.list_of(ANNA, "5 open now")
        assert "Noted as answered elsewhere." in readable(view["blocks"])
        after = assess_team(told.desk.parts.db, told.record, told.clock.now).flow
        assert (after.done_per_week, after.arrivals_per_week) == (before.done_per_week, before.arrivals_per_week)
        assert "May be answered elsewhere" not in readable(view["blocks"])
        await told.press(ANNA, view, actions.WAITS_NO_REQUEST, second)
        view = await told.list_of(ANNA, "4 open now")
        assert more.replace(".", "") not in str(view["blocks"])
        await told.press(ANNA, view, actions.WAITS_DONE, week.fresh)
        await told.list_of(ANNA, "3 open now")
        assert told.kinds(week.old) == [(Kind.DONE, False, False)]
        assert told.kinds(second) == told.kinds(more) == [(Kind.DISMISS, True, True)]
        assert told.kinds(week.fresh) == [(Kind.DONE, True, True)]
        assert told.open_now() == 3


async def test_a_lead_who_only_leads_leaves_no_actor(tmp_path: Path) -> None:
    """Nobody's work was seen where somebody who does not answer tidies up."""
    async with office(tmp_path) as told:
        week = await a_week(told)
        await told.press(LEAD, await told.open_list(), actions.WAITS_DONE, week.fresh)
        await told.list_of(LEAD, "4 open now")
        assert told.kinds(week.fresh) == [(Kind.DONE, False, True)]


async def test_one_that_came_back_is_closed_too(tmp_path: Path) -> None:
    """Answered elsewhere closes a request that was done before and reopened."""
    async with office(tmp_path) as told:
        back = await told.asks("2026-03-03 09:30", "It came back")
        await told.reacts("2026-03-03 09:40", ANNA, back, "eyes")
        await told.reacts("2026-03-03 09:50", ANNA, back, "white_check_mark")
        await told.reacts("2026-03-03 10:50", ASKER, back, "repeat")
        await told.heard()
        view = await told.open_list(LEAD, "1 open now")
        assert "Nobody yet: 1." in readable(view["blocks"])
        await told.press(LEAD, view, actions.WAITS_ELSEWHERE, back)
        await told.list_of(LEAD, "nothing waits")
        assert told.open_now() == 0


async def test_a_stale_list_is_answered_kindly(tmp_path: Path) -> None:
    """What somebody else closed meanwhile, or what is gone, is said in one sentence, and nothing is written twice."""
    async with office(tmp_path) as told:
        week = await a_week(told)
        view = await told.open_list(ANNA, "5 open now")
        other = await told.open_list(BEN, "5 open now")
        await told.press(BEN, other, actions.WAITS_DONE, week.fresh)
        await told.list_of(BEN, "4 open now")
        await told.press(ANNA, view, actions.WAITS_ELSEWHERE, week.fresh)
        view = await told.list_of(ANNA, "closed already")
        assert "4 open now" in readable(view["blocks"])
        assert told.kinds(week.fresh) == [(Kind.DONE, True, True)]
        await told.desk.slack.act(ASKER, "delete", channel=QUEUE, ts=week.asked_back)
        await told.heard()
        await told.press(ANNA, view, actions.WAITS_DONE, week.asked_back)
        await told.list_of(ANNA, "3 open now")
        assert (Kind.DONE, True, True) not in told.kinds(week.asked_back)


async def test_a_channel_the_bot_left_is_named(tmp_path: Path) -> None:
    """The list still opens and closes requests, and says that what is answered there is not seen."""
    async with office(tmp_path) as told:
        week = await a_week(told)
        await told.desk.slack.act(LEAD, "kick", channel=QUEUE, user=BOT)
        assert await told.desk.slack.flush()
        view = await told.open_list(LEAD, "Not heard at the moment")
        await told.press(LEAD, view, actions.WAITS_DONE, week.fresh)
        await told.list_of(LEAD, "4 open now")


@pytest.mark.parametrize("who", [ASKER, STRANGER])
async def test_outsiders_learn_nothing(tmp_path: Path, who: str) -> None:
    """Whoever does not answer for the team gets one kind sentence for the list, and changes nothing by a press."""
    async with office(tmp_path) as told:
        week = await a_week(told)
        await told.desk.click(who, await told.alert(OPEN), actions.WAITS_OPEN, OPEN)
        await told.desk.whisper(who, "Only the people who answer for Deal desk", OPEN)
        assert not (await told.desk.slack.state(who))["modals"]
        queue = told.record.queues[0].id
        body = {"actions": [{"action_id": actions.WAITS_DONE, "value": f"{told.team}.{queue}.1"}]}
        row = next(r for r in waits.ROWS if isinstance(r, Button) and r.action == actions.WAITS_DONE)
        assert row.team(told.desk.parts, body) == told.team
        with pytest.raises(RefusedError):
            allow(told.desk.parts, row, told.record, who)
        assert told.kinds(week.fresh) == []


@pytest.mark.parametrize("value", ["", "1.2", "x.y.z", "1.2.3.4", "-1.2.3", "1.²2.3"])
async def test_a_button_that_is_none_of_ours(desk: Desk, value: str) -> None:
    """A value that cannot be read names no team, and so changes nothing."""
    assert waits.unpacked(value)[0] is None
    assert waits.by_request(desk.parts, {"actions": [{"value": value}]}) is None


async def test_a_request_of_another_team_is_not_closed(tmp_path: Path) -> None:
    """A button that names our team and another's queue says that the request is not here."""
    async with office(tmp_path) as told:
        week = await a_week(told)
        legal = told.desk.team(name="Legal", queue=OPEN, responders=(BEN,), team_channel=None, lead=BEN)
        value = f"{legal}.{told.record.queues[0].id}.{week.fresh.replace('.', '')}"
        pressed = {"actions": [{"action_id": actions.WAITS_DONE, "value": value}], "view": {"type": "modal"}}
        shown = await asyncio.to_thread(waits.answer, told.desk.call(BEN, pressed, team=legal))
        assert "not here any more" in readable(shown["blocks"])  # type: ignore[index]
        assert told.kinds(week.fresh) == []


async def test_each_sees_their_own_quiet_ones_at_home(tmp_path: Path) -> None:
    """Whoever took it reads it at Home, with its buttons; the others read nothing of it, and the page follows."""
    async with office(tmp_path) as told:
        week = await a_week(told)
        for user in (ANNA, BEN, CLEO, LEAD):
            await told.desk.slack.act(user, "home")
        for user in (BEN, CLEO, LEAD):
            await told.home_of(user, lambda text: "Deal desk" in text and "Taken by you" not in text)
        page = await told.home_of(ANNA, lambda text: "Taken by you and quiet" in text)
        assert f"p{week.quiet.replace('.', '')}" in str(page["blocks"])
        assert week.in_hand.replace(".", "") not in str([b for b in page["blocks"] if b["type"] == "actions"])
        await told.press(ANNA, page, actions.WAITS_DONE, week.quiet)
        page = await told.home_of(ANNA, lambda text: "Taken by you" not in text)
        assert told.kinds(week.quiet)[-1] == (Kind.DONE, True, True)
        await told.desk.slack.act(ANNA, "click", view_id=page["id"], action_id=actions.WAITS_OPEN)
        assert "Taken and quiet" not in readable((await told.list_of(ANNA, "4 open now"))["blocks"])


async def test_what_an_asker_has_open_stands_on_their_own_page(tmp_path: Path) -> None:
    """Whoever asked reads theirs, as links; nobody else does."""
    async with office(tmp_path) as told:
        week = await a_week(told)
        for user in (ASKER, LEAD, "U9SOMEBODY", CLEO):
            await told.desk.slack.seed(users=[{"id": "U9SOMEBODY", "name": "somebody"}])
            await told.desk.slack.act(user, "home")
        page = await told.home_of(ASKER, lambda text: "You asked, and it is open" in text)
        asked = [b for b in page["blocks"] if (b.get("accessory") or {}).get("action_id") == actions.WAITS_NEVER_MIND]
        for block, ts in zip(asked, (week.old, week.quiet, week.asked_back, week.in_hand), strict=True):
            assert _key(ts) in str(block)
        lead = await told.home_of(LEAD, lambda text: "You asked, and it is open" in text)  # asked `fresh`
        assert _key(week.fresh) in str([b for b in lead["blocks"] if b.get("accessory")])
        await told.home_of("U9SOMEBODY", lambda text: "Deal desk" in text and "You asked" not in text)
        await told.home_of(CLEO, lambda text: "Deal desk" in text and "You asked" not in text)


async def test_an_asker_takes_a_request_back(tmp_path: Path) -> None:
    """*Never mind*: it leaves the asker's page and the desk's list, once; it came and waited all the same."""
    async with office(tmp_path) as told:
        week = await a_week(told)
        await told.desk.slack.act(ASKER, "home")
        page = await told.home_of(ASKER, lambda text: "You asked, and it is open" in text)
        before = assess_team(told.desk.parts.db, told.record, told.clock.now).flow
        told.clock.now += 60
        await told.press(ASKER, page, actions.WAITS_NEVER_MIND, week.in_hand)
        await told.home_of(ASKER, lambda text: "posted Tuesday 9:12" in text and "posted Tuesday 11:00" not in text)
        assert told.kinds(week.in_hand)[-1] == (Kind.CANCEL, True, True)
        assert told.open_now() == 4
        after = assess_team(told.desk.parts.db, told.record, told.clock.now).flow
        assert (after.arrivals_per_week, after.done_per_week) == (before.arrivals_per_week, before.done_per_week)
        value = f"{told.team}.{told.record.queues[0].id}.{_key(week.in_hand)}"
        pressed = {"actions": [{"action_id": actions.WAITS_NEVER_MIND, "value": value}], "view": {"type": "home"}}
        for user, said in ((ASKER, "not open any more"), (CLEO, "Only whoever asked")):
            answer = await asyncio.to_thread(waits.never_mind, told.desk.call(user, pressed))
            assert said in readable(answer.blocks)  # type: ignore[union-attr]
        assert len(told.kinds(week.in_hand)) == 2
        for wrong in ("", f"{told.team}.99.1", "77.1.1"):
            pressed["actions"] = [{"action_id": actions.WAITS_NEVER_MIND, "value": wrong}]
            answer = await asyncio.to_thread(waits.never_mind, told.desk.call(ASKER, pressed))
            assert "not here any more" in readable(answer.blocks)  # type: ignore[union-attr]


def _key(ts: str) -> str:
    return ts.replace(".", "")


async def test_without_an_address_there_are_no_links(tmp_path: Path) -> None:
    """Where Slack does not say its web address, the list still says when each was posted."""
    async with office(tmp_path) as told:
        await a_week(told)
        nowhere = replace(told.desk.parts, slack=Slack("xoxb-none", "http://127.0.0.1:9/api/"))
        view = await asyncio.to_thread(waits.show, call(nowhere, LEAD, team=told.team))
        assert "posted Tuesday 11:30" in readable(view["blocks"])
        assert "/archives/" not in str(view["blocks"])
