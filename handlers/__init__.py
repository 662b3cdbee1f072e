"""Slack listeners, by feature: each acknowledges, reads the payload, calls one plain function, replies."""

from slack_bolt.async_app import AsyncApp

from handlers import alerts, commands, failures, membership, permalinks, trust
from handlers.asked import Route
from handlers.home import Home
from handlers.parts import Parts
from handlers.setup import Setup


def register(app: AsyncApp, parts: Parts) -> None:
    """Register every listener.

    Args:
        app: Bolt's app.
        parts: What listeners may use.
    """
    setup = Setup(parts)
    failures.register(app)
    setup.register(app)
    words: dict[str, Route] = {}
    commands.register(app, parts, setup, words)
    trust.register(app, parts)
    alerts.register(app, parts)
    permalinks.register(app, parts)
    Home(parts, setup, app.client).register(app)
    membership.register(app, parts)
    membership.register_rest(app)
