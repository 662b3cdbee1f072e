"""The people and channels of the handler tests, and what their tests do again and again."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

import handlers
from bot.messages import actions
from bot.outbox import Outbox
from bot.slack import Slack
from handlers.directory import Directory
from handlers.parts import Parts
from handlers.rows import Call, Row
from handlers.signals import Ear
from sandbox.client import Client
from sandbox.config import SandboxConfig
from sandbox.server import running
from storage import teams
from storage.teams import TeamDraft
from storage.writer import Writer
from tests.fresh import fresh
from tests.patient import listening

BOT = "U0BOT"
LEAD, ANNA, BEN, CLEO, DAN, EVE = "U1LEAD", "U2ANNA", "U3BEN", "U4CLEO", "U5DAN", "U6EVE"
ASKER, STRANGER, ROBOT, GONE = "U7ASKER", "U8STRANGER", "U9ROBOT", "U9GONE"
RESPONDERS = (ANNA, BEN, CLEO, DAN, EVE)
QUEUE, CIRCLE, OPEN, AWAY = "C1DESK", "C2CIRCLE", "C3OPEN", "C4AWAY"
GROUP = "S1DESK"

PLACES: dict[str, Any] = {
    "users": [
        *({"id": u, "name": u.lower(), "tz": "Europe/Berlin"} for u in (LEAD, ASKER)),
        *({"id": u, "name": u.lower(), "tz": "America/New_York"} for u in RESPONDERS),
        {"id": STRANGER, "name": "stranger", "is_stranger": True, "team_id": "T0OTHER"},
        {"id": ROBOT, "name": "robot", "is_bot": True},
        {"id": GONE, "name": "gone", "deleted": True},
    ],
    "usergroups": [{"id": GROUP, "handle": "desk", "users": [*RESPONDERS, ROBOT]}],
    "channels": [
        {"id": QUEUE, "name": "deal-desk", "members": [LEAD, *RESPONDERS, ASKER, STRANGER, BOT]},
        {"id": CIRCLE, "name": "deal-team", "is_private": True, "members": [LEAD, *RESPONDERS, BOT]},
        {"id": OPEN, "name": "general", "members": [LEAD, *RESPONDERS, ASKER, STRANGER, BOT]},
        {"id": AWAY, "name": "elsewhere", "members": [LEAD, ASKER]},
    ],
}

FIVE_ANSWERS: dict[str, Any] = {
    actions.NAME: "Deal desk",
    actions.PRESET: "deal-desk",
    actions.RESPONDERS: list(RESPONDERS),
    actions.LEAD: LEAD,
    actions.TEAM_CHANNEL: CIRCLE,
    actions.HISTORY: "90",
}


@dataclass
class Desk:
    """What a test holds: the local Slack, the parts under test, and how often the timetable was woken."""

    slack: Client
    parts: Parts
    woken: list[bool]

    def team(self, **changes: Any) -> int:
        """A team that is set up already; returns its number."""
        draft = {
            "workspace": self.parts.workspace,
            "name": "Deal desk",
            "queue": QUEUE,
            "responders": RESPONDERS,
            "preset": "deal-desk",
            "lead": LEAD,
            "team_channel": CIRCLE,
            "tz": "Europe/Berlin",
            "country": "DE",
        }
        return teams.save(self.parts.db, TeamDraft(**{**draft, **changes}), self.parts.clock())

    async def deliver(self) -> None:
        """Send what waits in the outbox."""
        await asyncio.to_thread(Outbox(self.parts.db, self.parts.slack, self.parts.clock, self.parts.workspace).run)

    async def ask(self, user: str, text: str = "", channel: str = QUEUE) -> None:
        """Type `/headroom …`."""
        await self.slack.act(user, "command", channel=channel, command="/headroom", text=text)

    async def whisper(self, user: str, words: str, channel: str = QUEUE) -> dict[str, Any]:
        """Wait for a message that only this person sees and that holds these words."""

        async def there(slack: Client) -> dict[str, Any] | None:
            seen = await slack.messages(user, channel)
            return next((m for m in reversed(seen) if m.get("ephemeral") and words in m["text"]), None)

        found: dict[str, Any] = await self.slack.wait_for(there, f"message to {user} with {words!r}")
        return found

    async def modal(self, user: str, holding: str = "") -> dict[str, Any]:
        """Wait for a modal that holds a text."""

        async def there(slack: Client) -> dict[str, Any] | None:
            open_now = (await slack.state(user))["modals"]
            return next((view for view in open_now[-1:] if holding in str(view["blocks"])), None)

        found: dict[str, Any] = await self.slack.wait_for(there, f"modal for {user} with {holding!r}")
        return found

    async def click(self, user: str, message: dict[str, Any], action: str, channel: str = QUEUE) -> None:
        """Press a button of a message."""
        await self.slack.act(user, "click", channel=channel, ts=message["ts"], action_id=action)

    async def submit(self, user: str, view: dict[str, Any], **values: Any) -> dict[str, Any]:
        """Fill in fields and press Save; field names are those of `actions`."""
        filled = {field: {field: value} for field, value in values.items()}
        return await self.slack.act(user, "view_submit", view_id=view["id"], values=filled)

    async def outcome(self, user: str, answer: dict[str, Any]) -> dict[str, Any]:
        """What a form was answered, with the view that took the place of "one moment" where it said so."""
        if "One moment" not in str(answer.get("view")):
            return answer

        async def there(slack: Client) -> dict[str, Any] | None:
            open_now = (await slack.state(user))["modals"]
            return next((view for view in open_now[-1:] if "One moment" not in str(view["blocks"])), None)

        return {**answer, "view": await self.slack.wait_for(there, f"outcome of a form for {user}")}

    async def posts(self, channel: str = QUEUE) -> list[dict[str, Any]]:
        """What the bot posted in a channel for all to see."""
        seen = await self.slack.messages(LEAD, channel)
        return [m for m in seen if m.get("bot_id") and not m.get("ephemeral")]

    def call(self, user: str, body: Mapping[str, Any] | None = None, *, team: int | None = None, **more: Any) -> Call:
        """What a plain function is given once the front has let somebody through, see `call`."""
        return call(self.parts, user, body, team=team, **more)


def call(
    parts: Parts,
    user: str,
    body: Mapping[str, Any] | None = None,
    *,
    team: int | None = None,
    channel: str = "",
    text: str = "",
) -> Call:
    """What a plain function is given once the front has let somebody through.

    Args:
        parts: What listeners may use.
        user: Who asks.
        body: A press (`actions`) or a sent form (`view`), as Slack sends it.
        team: Number of the team that is meant.
        channel: Where they are.
        text: What they typed after the word.
    """
    body = body or {}
    value = body["actions"][0].get("value") if "actions" in body else body.get("view", {}).get("private_metadata")
    record = None if team is None else teams.get(parts.db, team)
    return Call(parts, Directory(parts.slack, parts.clock), user, channel, body, record, text, str(value or ""))


@contextlib.asynccontextmanager
async def opened(folder: Path, config: SandboxConfig, rows: Sequence[Row] = handlers.ROWS) -> AsyncIterator[Desk]:
    """The bot connected to a workspace with a queue, a team channel and people of every kind."""
    async with running(config) as slack:
        await slack.seed(**PLACES)
        token = config.app.bot_token
        db = fresh(folder / "headroom.db")
        writer = Writer(db)
        ear = Ear(db, writer, config.workspace_id, BOT, config.app.bot_id, config.now)
        app = AsyncApp(
            name="test",
            token=token,
            signing_secret="unused-in-socket-mode",
            client=AsyncWebClient(token=token, base_url=slack.api_url),
            before_authorize=ear,
        )
        woken: list[bool] = []

        def wake() -> None:
            ear.refresh()
            woken.append(True)

        parts = Parts(
            db=db,
            slack=Slack(token, slack.api_url),
            clock=config.now,
            wake=wake,
            workspace=config.workspace_id,
            bot_user=BOT,
            settled=ear.settled,
        )
        handlers.register(app, parts, rows)
        writer.start()
        async with listening(slack, app):
            yield Desk(slack, parts, woken)
        writer.stop()
        db.close()
