"""A workspace whose weeks pass at once: the real jobs, outbox and listeners, a clock that is moved, and a script.

The desk's work is put into the store as facts, not written in Slack, so nothing is read back from there.

What is written down is every message that leaves the bot, when, and who sees it: a golden file reads like a play.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

import handlers
from bot.health.seen.worktime import WorkClock, work_clock
from bot.messages import actions
from bot.messages.readable import readable
from bot.outbox import Outbox
from bot.services.quiet import Quiet
from bot.services.work import Work
from bot.signal import Kind, Signal
from bot.slack import Slack
from bot.timetable import JUDGING, run_due
from handlers.parts import Parts
from sandbox.client import Client
from sandbox.server import running
from storage import due, outbox, signals, teams
from storage.teams import TeamDraft, TeamRecord
from tests.clock import Clock
from tests.fresh import fresh
from tests.patient import listening, patient

QUEUE, CIRCLE, BOT, ASKER = "C1DESK", "C2TEAM", "U0BOT", "U9ASKER"
HOURS = "Mon-Fri 09:00-17:00"
SECOND = 1_000_000
DAY, WEEK = 86_400.0, 7 * 86_400.0
STEP = 60.0
"""Seconds the clock moves at least, so that a job that is due again at once cannot hold the story up."""


@dataclass
class World:
    """One team's workspace, and the script so far.

    Attributes:
        slack: The local Slack.
        work: Parts for jobs.
        names: Slack user id → name in the script.
        tz: The team's time zone.
        script: What was said, in order.
    """

    slack: Client
    work: Work
    outbox: Outbox
    clock: Clock
    parts: Parts
    names: Mapping[str, str]
    tz: str
    team: int
    load: Callable[[int], float]
    rng: np.random.Generator
    script: list[str] = field(default_factory=list)
    _coming: list[Signal] = field(default_factory=list)
    _until: float = 0.0
    _free: dict[str, float] = field(default_factory=dict)
    _noted: int = 0
    _hours: WorkClock = field(init=False)
    _clocks: dict[str, WorkClock] = field(default_factory=dict)

    @property
    def record(self) -> TeamRecord:
        """The team as stored."""
        record = teams.get(self.work.db, self.team)
        assert record is not None
        return record

    def local(self, at: float | None = None) -> datetime:
        """A moment on the team's wall clock."""
        return datetime.fromtimestamp(self.clock.now if at is None else at, ZoneInfo(self.tz))

    def at(self, text: str) -> float:
        """Unix seconds of a wall-clock time of the team, such as `2026-03-09 09:01`."""
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(self.tz)).timestamp()

    async def pass_until(self, text: str) -> None:
        """Let time pass up to a wall-clock time of the team; everything that falls due is done when it does."""
        end = self.at(text)
        while True:
            await asyncio.to_thread(self._everything)
            await self.note()
            ahead = [
                due.next_at(self.work.db, JUDGING.keys(), self.work.me.workspace),
                outbox.next_at(self.work.db, 30.0, self.work.me.workspace),
            ]
            soonest = min((float(at) for at in ahead if at is not None), default=end)
            if soonest >= end and self.clock.now >= end:
                return
            self.clock.now = min(end, max(soonest, self.clock.now + STEP))

    def _everything(self) -> None:
        self._work_up_to(self.clock.now)
        run_due(self.work, JUDGING)
        self.outbox.run()

    # -- the desk's work ----------------------------------------------------------------------

    def past(self, weeks: int) -> None:
        """Give the desk a past of that many weeks, from now back."""
        begin = self.clock.now - weeks * WEEK
        end = self.clock.now + 30 * WEEK
        self._hours = work_clock(HOURS, self.tz, begin, end)
        self._clocks = {p.id: work_clock(HOURS, p.tz or self.tz, begin, end) for p in self.record.team.people}
        self._until = begin
        self._work_up_to(self.clock.now)

    def _work_up_to(self, now: float) -> None:
        """Requests come and are answered, day by day, as full as `load` says (week number → utilization)."""
        while self._until < now:
            self._coming += self._day(self._until, self._until + DAY)
            self._until += DAY
        due_now = [fact for fact in self._coming if max(fact.reacted, fact.message) <= now * SECOND]
        self._coming = [fact for fact in self._coming if max(fact.reacted, fact.message) > now * SECOND]
        signals.add(self.work.db, due_now)

    def _day(self, start: float, end: float) -> list[Signal]:
        present = self.record.responders_on(self.local(start).date())
        people = [p for p in self.names if p in present]
        opening, closing = (float(self._hours.elapsed(at)) for at in (start, end))
        week = int((start - self.at("2026-03-02 00:00")) // WEEK)
        number = self.rng.poisson(self.load(week) * len(people) * (closing - opening))
        facts, queue = [], self.record.queues[0].id
        for place in np.sort(self.rng.uniform(opening, closing, number)):
            arrived = float(self._hours.at(place))
            # a moment after what has passed on someone's clock is in their next shift, not at the end of the last one
            began = {
                p: float(c.at(max(float(c.elapsed(arrived)), self._free.get(p, 0.0)) + 1e-3))
                for p, c in self._own(people)
            }
            person = min(began, key=lambda p: began[p])
            own = dict(self._own(people))[person]
            self._free[person] = float(own.elapsed(began[person])) + float(self.rng.exponential(1.0))
            key = int(arrived * SECOND) + int(self.rng.integers(1, SECOND))
            actor = bytes([list(self.names).index(person) + 1] * 8)
            facts.append(Signal(queue, key, key, Kind.ARRIVAL, b"asker-%02d" % int(self.rng.integers(60))))
            for kind, when in ((Kind.CLAIM, began[person]), (Kind.DONE, float(own.at(self._free[person])))):
                facts.append(Signal(queue, key, key, kind, actor, reacted=int(when * SECOND) + 1))
        return facts

    def _own(self, people: list[str]) -> list[tuple[str, WorkClock]]:
        return [(person, self._clocks[person]) for person in people]

    # -- what people do -----------------------------------------------------------------------

    async def does(self, user: str, words: str) -> None:
        """Write a stage direction into the script."""
        await self.note()
        self.script.append(f"{self._stamp(self.clock.now)}  {self.names.get(user, user)} {words}\n")

    async def types(self, user: str, text: str, channel: str = QUEUE) -> None:
        """Type `/headroom …`; what only that person sees is written down."""
        await self.does(user, f"types `/headroom {text}`".replace(" `", " `"))
        before = len(await self._whispers(user, channel))
        await self.slack.act(user, "command", channel=channel, command="/headroom", text=text)

        async def answered(_: Client) -> list[dict[str, Any]]:
            return (await self._whispers(user, channel))[before:]

        for message in await self.slack.wait_for(answered, f"an answer to {text!r}"):
            self._say(f"only {self.names.get(user, user)}", message["blocks"] or message["text"])

    async def fills(self, user: str, text: str, values: Mapping[str, str], channel: str = CIRCLE) -> None:
        """Type a command that opens a form, fill it in and send it; what it says then is written down."""
        await self.does(user, f"types `/headroom {text}` and fills the form in: {', '.join(values.values())}")
        await self.slack.act(user, "command", channel=channel, command="/headroom", text=text)

        async def opened(slack: Client) -> dict[str, Any] | None:
            found = (await slack.state(user))["modals"]
            return dict(found[-1]) if found else None

        view = await self.slack.wait_for(opened, f"a form for {text!r}")
        sent = await self.slack.act(
            user, "view_submit", view_id=view["id"], values={name: {name: value} for name, value in values.items()}
        )
        assert not sent.get("errors"), sent
        if sent.get("view"):
            self._say(f"only {self.names[user]}", sent["view"])

    async def answers(self, user: str, choice: int) -> None:
        """Answer every question of the newest pulse in the person's direct messages with the same place."""
        place = await self.direct(user)
        pulse = next(m for m in reversed(await self.slack.messages(user, place)) if actions.PULSE_ANSWER in str(m))
        questions = [
            [e["action_id"] for e in block["elements"] if e["action_id"].startswith(actions.PULSE_ANSWER)]
            for block in pulse["blocks"]
            if block["type"] == "actions"
        ]
        for buttons in filter(None, questions):
            await self.slack.act(user, "click", channel=place, ts=pulse["ts"], action_id=buttons[choice % len(buttons)])
        await self.does(user, "answers the pulse")

    async def presses(self, user: str, action: str, *, channel: str | None = None) -> None:
        """Press the newest button whose action id begins so, in the person's direct messages or a channel."""
        place = channel or await self.direct(user)
        for message in reversed(await self.slack.messages(user, place)):
            for block in message.get("blocks") or ():
                for element in block.get("elements") or ():
                    if str(element.get("action_id", "")).startswith(action):
                        label = element["text"]["text"]
                        await self.does(user, f"presses [{label}]")
                        await self.slack.act(
                            user, "click", channel=place, ts=message["ts"], action_id=element["action_id"]
                        )
                        return
        raise AssertionError(f"{user} sees no button {action} in {place}")

    async def direct(self, user: str) -> str:
        """The channel of a person's direct messages with the bot."""
        channels = (await self.slack.state(user))["channels"]
        return next(str(channel["id"]) for channel in channels if channel["is_im"])

    async def _whispers(self, user: str, channel: str) -> list[dict[str, Any]]:
        return [m for m in await self.slack.messages(user, channel) if m.get("ephemeral")]

    # -- the script ---------------------------------------------------------------------------

    async def note(self) -> None:
        """Write down what left since the last time, the same words to several people once."""
        fresh = await self.slack.calls(self._noted)
        self._noted = fresh[-1]["n"] if fresh else self._noted
        told: dict[str, tuple[float, list[str], Any]] = {}
        for call in fresh:
            if call["method"] != "chat.postMessage" or not call["response"].get("ok"):
                continue
            args = call["args"]
            blocks = args.get("blocks") or args["text"]
            at = float(call["response"]["ts"])
            who = told.setdefault(
                f"{self._stamp(at)}{readable(blocks) if isinstance(blocks, list) else blocks}", (at, [], blocks)
            )
            who[1].append(await self._readers(args["channel"]))
        for at, readers, blocks in told.values():
            self._say(", ".join(sorted(readers)), blocks, at)

    async def _readers(self, channel: str) -> str:
        if channel in self.names:
            return f"{self.names[channel]} (direct)"
        members = await asyncio.to_thread(self.work.slack.members, channel)
        name = (await asyncio.to_thread(self.work.slack.channel, channel)).name
        return f"#{name} ({', '.join(self.names[m] for m in sorted(members) if m in self.names)})"

    def _say(self, readers: str, said: Any, at: float | None = None) -> None:
        text = str(said) if isinstance(said, str) else readable(said)
        lines = "\n".join(f"    {line}" for line in text.splitlines())
        self.script.append(f"{self._stamp(self.clock.now if at is None else at)}  Headroom → {readers}\n{lines}\n")

    def _stamp(self, at: float) -> str:
        return f"{self.local(at):%a %Y-%m-%d %H:%M}"

    def play(self) -> str:
        """The whole script."""
        return "\n".join(self.script)


@asynccontextmanager
async def world(
    folder: Path,
    people: Mapping[str, str],
    *,
    start: str,
    tz: str = "Europe/Berlin",
    load: Callable[[int], float] = lambda _week: 0.6,
    weeks: int = 9,
    floor: int = 5,
) -> AsyncIterator[World]:
    """A desk of these people (name → time zone) that was set up a while ago and has a past.

    Args:
        folder: Where the database goes.
        people: The responders; the first of them leads.
        start: Wall-clock time of the team at which the story begins.
        tz: The team's time zone.
        load: Week number → how full the desk is in that week.
        weeks: Length of the past.
        floor: Answers below which no pulse result is shown.
    """
    clock = Clock(datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(tz)).timestamp())
    ids = {f"U{number}{name.upper()}": name for number, name in enumerate(people, 1)}
    zones = dict(zip(ids, people.values(), strict=True))
    config = patient(clock=clock)
    async with running(config) as slack:
        names = {**ids, ASKER: "Quinn"}
        await slack.seed(
            users=[{"id": u, "name": n.lower(), "real_name": n, "tz": zones.get(u, tz)} for u, n in names.items()],
            channels=[
                {"id": QUEUE, "name": "desk", "members": [*names, BOT]},
                {"id": CIRCLE, "name": "desk-team", "is_private": True, "members": [*ids, BOT]},
            ],
        )
        token = config.app.bot_token
        api = Slack(token, slack.api_url)
        me = await asyncio.to_thread(api.me)
        db = fresh(folder / "headroom.db")
        work = Work(db, api, clock, me)
        parts = Parts(db, api, clock, lambda: None, config.workspace_id, BOT)
        app = AsyncApp(
            name="test",
            token=token,
            signing_secret="unused-in-socket-mode",
            client=AsyncWebClient(token=token, base_url=slack.api_url),
        )
        handlers.register(app, parts)
        draft = TeamDraft(
            workspace=config.workspace_id,
            name="Desk",
            queue=QUEUE,
            responders=tuple(ids),
            lead=next(iter(ids)),
            team_channel=CIRCLE,
            tz=tz,
            country="DE",
            person_tz={person: zone for person, zone in zones.items() if zone != tz},
        )
        team = teams.save(db, draft, clock() - weeks * WEEK)
        teams.set_announced(db, team, int(clock() - timedelta(weeks=weeks).total_seconds()))
        out = Outbox(db, api, clock, me.workspace, Quiet(work))
        told = World(slack, work, out, clock, parts, names, tz, team, load, np.random.default_rng(7))
        told.past(weeks)
        due.put(db, "check", team, clock())
        try:
            async with listening(slack, app):
                yield told
        finally:
            db.close()
