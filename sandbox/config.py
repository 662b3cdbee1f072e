"""What the sandbox is told: its settings, the installed app, and the error it answers with.

Delays name their unit. Windows that people see (`response_url`) run on the sandbox's clock; delivery
retries and trigger ids run on real time, as a program's own timers do.
Source: https://docs.slack.dev/apis/events-api/, https://docs.slack.dev/apis/events-api/using-socket-mode/
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
Clock = Callable[[], float]

DEFAULT_SCOPES = [
    "chat:write",
    "commands",
    "channels:read",
    "channels:history",
    "groups:read",
    "groups:history",
    "im:history",
    "reactions:read",
    "reactions:write",
    "users:read",
    "usergroups:read",
    "team:read",
    "app_mentions:read",
]

DEFAULT_EVENTS = [
    "message.channels",
    "message.groups",
    "message.im",
    "reaction_added",
    "reaction_removed",
    "member_joined_channel",
    "member_left_channel",
    "channel_left",
    "group_left",
    "channel_archive",
    "channel_unarchive",
    "channel_rename",
    "channel_id_changed",
    "user_change",
    "team_join",
    "app_home_opened",
    "app_uninstalled",
    "tokens_revoked",
    "app_mention",
]


class SlackError(Exception):
    """A refusal, named as Slack names it.

    Args:
        code: Slack's error name, such as `channel_not_found`.
        fields: What Slack puts beside `error` in the answer.
    """

    def __init__(self, code: str, **fields: Any) -> None:
        super().__init__(code)
        self.code = code
        self.fields = fields

    def body(self) -> Json:
        """The JSON answer of a failed call."""
        return {"ok": False, "error": self.code, **self.fields}


@dataclass(frozen=True)
class Install:
    """The one app installed in the workspace, with its tokens and rights."""

    name: str = "sandboxapp"
    bot_user_id: str = "U0BOT"
    bot_id: str = "B0BOT"
    app_id: str = "A0APP"
    bot_token: str = "xoxb-sandbox"  # noqa: S105 - good for this local server only
    app_token: str = "xapp-sandbox"  # noqa: S105 - good for this local server only
    scopes: tuple[str, ...] = tuple(DEFAULT_SCOPES)
    bot_events: tuple[str, ...] = tuple(DEFAULT_EVENTS)
    commands: tuple[str, ...] | None = None  # None: every command is taken
    shortcuts: Mapping[str, str] | None = None  # callback_id -> name; None: every callback_id is taken
    should_escape: bool = True


@dataclass(frozen=True)
class SandboxConfig:
    """How one sandbox behaves.

    Attributes:
        clock: Unix seconds that people see; message timestamps come from it.
        clock_offset: Seconds added to `clock`.
        ack_seconds: Real seconds in which an envelope must be acknowledged (Slack: 3).
        retry_delays: Seconds before each of the retries (Slack: at once, a minute, five minutes).
        retry_scale: Factor on `retry_delays`, so that tests are quick.
        trigger_seconds: Real seconds a `trigger_id` lives (Slack: 3).
        response_seconds: Clock seconds a `response_url` lives (Slack: 1,800).
        response_uses: How often a `response_url` may be used (Slack: 5).
        rate_limits: `slack` or `fast` (a hundred times as generous, still enforced).
        rate_overrides: Calls per minute by method, over either.
        history_limit: Most messages a page of history may hold, once a minute, as commercial apps outside
            the Marketplace get it (Slack: 15); None for all other apps.
        events_url: Where events go in the HTTP form; None for Socket Mode.
        interactivity_url: Where buttons, forms and shortcuts go; None for Socket Mode.
        commands_url: Where slash commands go; None for Socket Mode.
        signing_secret: Of the signatures that such requests carry.
        event_cap: Events an hour that a URL gets, then `app_rate_limited` (Slack: 30,000).
        disable_after: Attempts an hour from which over 95% failures end a URL's events (Slack: 1,000).
        seed: Of the random choices that faults make.
    """

    workspace_id: str = "T0SANDBOX"
    workspace_name: str = "Sandbox"
    app: Install = field(default_factory=Install)
    clock: Clock = time.time
    clock_offset: float = 0.0
    ack_seconds: float = 3.0
    retry_delays: tuple[float, ...] = (0.0, 60.0, 300.0)
    retry_scale: float = 1.0
    trigger_seconds: float = 3.0
    response_seconds: float = 1800.0
    response_uses: int = 5
    rate_limits: str = "slack"
    rate_overrides: dict[str, float] = field(default_factory=dict)
    history_limit: int | None = None
    events_url: str | None = None
    interactivity_url: str | None = None
    commands_url: str | None = None
    signing_secret: str = "sandbox-signing-secret"  # noqa: S105 - good for this local server only
    event_cap: int = 30_000
    disable_after: int = 1_000
    seed: int = 0

    def now(self) -> float:
        """Unix seconds as people in the workspace see them."""
        return self.clock() + self.clock_offset
