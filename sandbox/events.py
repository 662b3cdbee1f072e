"""From a happening to an Events API payload: subscribed, scoped, and about a channel the app is in.

Source: https://docs.slack.dev/apis/events-api/
"""

import secrets

from sandbox.config import Json
from sandbox.deliveries import Deliveries
from sandbox.records import Channel
from sandbox.workspace import Workspace

_MESSAGE = {
    "channel": ("message.channels", "channels:history"),
    "group": ("message.groups", "groups:history"),
    "im": ("message.im", "im:history"),
}

# The scope each event needs; None needs none.
_SCOPES: dict[str, str | None] = {
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "channel_archive": "channels:read",
    "channel_unarchive": "channels:read",
    "channel_rename": "channels:read",
    "channel_id_changed": "channels:read",
    "channel_left": "channels:read",
    "group_archive": "groups:read",
    "group_unarchive": "groups:read",
    "group_rename": "groups:read",
    "group_left": "groups:read",
    "user_change": "users:read",
    "team_join": "users:read",
    "app_mention": "app_mentions:read",
    "app_home_opened": None,
    "app_uninstalled": None,
    "tokens_revoked": None,
}


def subscription(event: Json, channel: Channel | None) -> tuple[str, str | None]:
    """The bot event an app subscribes to for this happening, and the scope it needs."""
    kind = event["type"]
    if kind == "message" and channel is not None:
        return _MESSAGE[channel.kind]
    if kind in ("member_joined_channel", "member_left_channel"):
        return kind, "groups:read" if channel is not None and channel.is_private else "channels:read"
    return kind, _SCOPES.get(kind)


class Events:
    """Sends what the installed app asked for and may see."""

    def __init__(self, workspace: Workspace, deliveries: Deliveries) -> None:
        self._workspace = workspace
        self._deliveries = deliveries

    def announce(self, event: Json, channel: Channel | None) -> None:
        """Deliver one event, or nothing when the app may not have it."""
        app = self._workspace.app
        name, scope = subscription(event, channel)
        if name not in app.bot_events or (scope is not None and scope not in app.scopes):
            return
        if channel is not None and app.bot_user_id not in channel.members:
            return
        shared = channel is not None and self._workspace.is_shared(channel)
        self._deliveries.send_event(self.outer(event, shared))

    def outer(self, event: Json, shared: bool = False) -> Json:
        """The `event_callback` wrapper around an event; `shared` with another workspace or not."""
        app, team = self._workspace.app, self._workspace.team_id
        return {
            "token": "sandbox-verification-token",
            "team_id": team,
            "context_team_id": team,
            "context_enterprise_id": None,
            "api_app_id": app.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": "Ev" + secrets.token_hex(5).upper(),
            "event_time": int(self._workspace.now()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": team,
                    "user_id": app.bot_user_id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": shared,
            "event_context": "4-" + secrets.token_hex(8),
        }
