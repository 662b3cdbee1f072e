"""What waits, lived by a desk of three: the list behind the button, its answers, Home, and who may see what."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.messages import actions, alerts
from bot.messages.readable import readable
from bot.services.assessing import assess_team
from bot.signal import Kind, Signal
from storage import keys, outbox, signals, teams
from storage.teams import TeamRecord
from tests.clock import Clock
from tests.handlers.desk import ANNA, ASKER, BEN, CIRCLE, CLEO, LEAD, QUEUE, Desk, opened
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
            return next((v for v in views[-1:] if holding in readable(v["blocks"]) and "moment" not in str(v)), None)

        shown: dict[str, Any] = await self.desk.slack.wait_for(there, f"list of {user} with {holding!r}")
        return shown

    async def press(self, user: str, view: dict[str, Any], action: str, ts: str) -> None:
        """Press a button that stands with one request of a view."""
        block = next(
            b
            for b in view["blocks"]
            for e in (*b.get("elements", ()), b.get("accessory") or {})
            if e.get("action_id") == action and ts.replace(".", "") in e["value"]
        )
        await self.desk.slack.act(
            user, "click", view_id=view["id"], action_id=action, block_id=block["block_id"], value=None
        )

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
        assert "Nobody yet: 1" in text
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
