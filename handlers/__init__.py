"""Slack listeners, by feature: each a table of words, buttons and forms, and the plain functions that answer them."""

from collections.abc import Sequence

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
    roster,
    setup,
    solved,
    trust,
    waits,
)
from handlers.directory import Directory
from handlers.front import Front
from handlers.home import Home
from handlers.parts import Parts
from handlers.rows import Row

ROWS: tuple[Row, ...] = (
    *commands.FIRST,
    *setup.ROWS,
    *permalinks.ROWS,
    *pulses.ROWS,
    *absences.ROWS,
    *roster.ROWS,
    *frictions.ROWS,
    *gains.ROWS,
    *rhythm.ROWS,
    *digests.ROWS,
    *efficiency.ROWS,
    *commands.WHATIF,
    *plans.ROWS,
    *links.ROWS,
    *interruptions.ROWS,
    *backtests.ROWS,
    *alerts.ROWS,
    *promises.ROWS,
    *waits.ROWS,
    *solved.ROWS,
    *trust.ROWS,
    *commands.LAST,
)
"""Everything that somebody can type, press or send, words in the order in which help shows them."""


def register(app: AsyncApp, parts: Parts, rows: Sequence[Row] = ROWS) -> None:
    """Register every listener.

    Args:
        app: Bolt's app.
        parts: What listeners may use.
        rows: The tables of all features.
    """
    failures.register(app)
    home = Home(parts, app.client)
    Front(app, parts, Directory(parts.slack, parts.clock), rows, home.renew)
    home.register(app)
    membership.register(app, parts)
    membership.register_rest(app)
