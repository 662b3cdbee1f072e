"""Slack listeners, by feature: each acknowledges, reads the payload, calls one plain function, replies."""

from slack_bolt.async_app import AsyncApp

from handlers import (
    absences,
    alerts,
    backtests,
    commands,
    digests,
    efficiency,
    failures,
    frictions,
    gains,
    interruptions,
    links,
    membership,
    permalinks,
    plans,
    promises,
    pulses,
    rhythm,
    solved,
    trust,
)
from handlers.asked import Route
from handlers.home import Home
from handlers.parts import Parts
from handlers.roster import Roster
from handlers.setup import Setup


def register(app: AsyncApp, parts: Parts) -> None:
    """Register every listener.

    Args:
        app: Bolt's app.
        parts: What listeners may use.
    """
    setup = Setup(parts)
    roster = Roster(parts)
    failures.register(app)
    setup.register(app)
    words: dict[str, Route] = {}
    words.update(frictions.routes(parts))
    words.update(absences.routes(parts))
    words.update(roster.routes())
    words.update(rhythm.routes(parts))
    words.update(pulses.routes(parts))
    words.update(gains.routes(parts))
    words.update(efficiency.routes(parts))
    words.update(plans.routes(parts))
    words.update(interruptions.routes(parts))
    words.update(links.routes(parts))
    backtest = backtests.Backtests(parts)
    words.update(backtest.routes())
    commands.register(app, parts, setup, words)
    backtest.register(app)
    trust.register(app, parts)
    alerts.register(app, parts)
    promises.register(app, parts)
    permalinks.register(app, parts)
    solved.register(app, parts)
    absences.register(app, parts)
    roster.register(app)
    digests.register(app, parts)
    rhythm.register(app, parts)
    frictions.register(app, parts)
    gains.register(app, parts)
    efficiency.register(app, parts)
    pulses.register(app, parts)
    Home(parts, setup, app.client).register(app)
    membership.register(app, parts)
    membership.register_rest(app)
