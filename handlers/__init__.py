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
)
from handlers.directory import Directory
from handlers.front import Front
from handlers.home import Home
from handlers.parts import Parts
from handlers.rows import Row

ROWS: tuple[Row, ...] = (
    *commands.FIRST,
    *getattr(setup, "ROWS", ()),  # interim
    *getattr(permalinks, "ROWS", ()),  # interim
    *getattr(pulses, "ROWS", ()),  # interim
    *getattr(absences, "ROWS", ()),  # interim
    *getattr(roster, "ROWS", ()),  # interim
    *getattr(frictions, "ROWS", ()),  # interim
    *getattr(gains, "ROWS", ()),  # interim
    *getattr(rhythm, "ROWS", ()),  # interim
    *getattr(digests, "ROWS", ()),  # interim
    *getattr(efficiency, "ROWS", ()),  # interim
    *commands.WHATIF,
    *getattr(plans, "ROWS", ()),  # interim
    *getattr(links, "ROWS", ()),  # interim
    *getattr(interruptions, "ROWS", ()),  # interim
    *getattr(backtests, "ROWS", ()),  # interim
    *getattr(alerts, "ROWS", ()),  # interim
    *getattr(promises, "ROWS", ()),  # interim
    *getattr(solved, "ROWS", ()),  # interim
    *getattr(trust, "ROWS", ()),  # interim
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
    Front(app, parts, Directory(parts.slack, parts.clock), rows)
    Home(parts, app.client).register(app)
    membership.register(app, parts)
    membership.register_rest(app)
