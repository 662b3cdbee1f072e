"""One sandbox: all parts put together, handed to every route."""

import time

from sandbox.calls import Calls
from sandbox.changes import Changes
from sandbox.config import Install, SandboxConfig
from sandbox.deliveries import Deliveries
from sandbox.events import Events
from sandbox.faults import Faults
from sandbox.httpform import HttpForm
from sandbox.ratelimits import RateLimits
from sandbox.socketmode import Sockets
from sandbox.subscription import Subscription
from sandbox.triggers import ResponseUrls, Triggers
from sandbox.workspace import Workspace


class Sandbox:
    """The parts of one running sandbox."""

    def __init__(self, config: SandboxConfig) -> None:
        self.config = config
        self.changes = Changes()
        self.workspace = Workspace(config, self.changes)
        self.faults = Faults(config.seed)
        self.sockets = Sockets()
        self.http = HttpForm(config, lambda: self.deliveries.ack_seconds)
        self.subscription = Subscription(config.event_cap, config.disable_after, time.monotonic)
        self.deliveries = Deliveries(config, self.faults, self.sockets, self.http, self.subscription)
        self.events = Events(self.workspace, self.deliveries)
        self.calls = Calls(config.now, self.changes.wake)
        self.limits = RateLimits(config.rate_limits, config.rate_overrides, time.monotonic)
        self.history_limit: int | None = None
        self.limit_history(config.history_limit)
        self.triggers = Triggers(config.trigger_seconds)
        self.responses = ResponseUrls(config.response_seconds, config.response_uses, config.now)
        self.revoked = False
        self.workspace.announce = self.events.announce
        self.sockets.on_ack = self.deliveries.acknowledge
        self.http.on_ack = self.deliveries.acknowledge
        self.http.on_failure = self.deliveries.refuse
        self.deliveries.noticed = self.changes.wake
        self.sockets.app = self._app
        # Every page shows whether an app is there.
        self.sockets.on_change = lambda: self.changes.add("app")

    def _app(self) -> Install:
        return self.workspace.app

    def limit_history(self, most: int | None) -> None:
        """Give history as commercial apps outside the Marketplace get it: `most` messages, once a minute.

        Source: https://docs.slack.dev/changelog/2025/05/29/rate-limit-changes-for-non-marketplace-apps/
        """
        self.history_limit = most
        for method in ("conversations.history", "conversations.replies"):
            if most is not None:
                self.limits.override(method, 1.0)
            else:
                self.limits.release(method)

    def revoke(self) -> None:
        """Uninstall the app: its tokens stop working and it is told so."""
        now = f"{self.workspace.now():.6f}"
        bot = self.workspace.app.bot_user_id
        tokens = {"oauth": [], "bot": [bot]}
        self.workspace.announce({"type": "tokens_revoked", "tokens": tokens, "event_ts": now}, None)
        self.workspace.announce({"type": "app_uninstalled", "event_ts": now}, None)
        self.revoked = True
