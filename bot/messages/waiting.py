"""What somebody who asks for something sees: how long it usually takes. Nothing on load."""

from bot.health.results import Assessment, Spread
from bot.messages import actions
from bot.messages.blocks import actions as row
from bot.messages.blocks import button, context, message, sections
from bot.messages.message import Message
from bot.messages.numbers import count, hours_range, known
from bot.messages.words import FEW_REQUESTS


def waiting_view(a: Assessment | None, *, waiting: int, yours: bool | None = None) -> Message:
    """How long answers usually take and how many requests wait.

    Args:
        a: What the last check found; None before the first.
        waiting: Requests nobody has answered yet.
        yours: True when the asker has a request in the queue, False when not, None when it is not known.
    """
    queue = f"{count(waiting, 'request')} {'is' if waiting == 1 else 'are'} waiting now.".capitalize()
    return message(
        [
            *sections(f"*{_usually(a)}*", f"{queue} {_heard(yours)}"),
            *context(_basis(a)),
            row([button("What is kept", actions.OPEN_TRUST)]),
        ]
    )


def _enough(a: Assessment | None) -> Spread | None:
    """How long requests wait, where enough came to say it."""
    wait = a.flow.wait if a else None
    return wait if wait and wait.n >= FEW_REQUESTS and known(wait.p50) and known(wait.p90) else None


def _usually(a: Assessment | None) -> str:
    wait = _enough(a)
    if wait is None:
        return "How long an answer takes can't be said yet: too few requests so far."
    return f"Usually answered in {hours_range(wait.p50, wait.p90)}."


def _heard(yours: bool | None) -> str:
    if yours is None:
        return "A request posted in this channel is heard; there is nothing else to do."
    if yours:
        return "Yours is heard; there is nothing else to do."
    return "Post yours in this channel, and it is heard."


def _basis(a: Assessment | None) -> str:
    wait = _enough(a)
    if a is None or wait is None:
        return ""
    sample = f"{count(wait.n, 'request')}, last {a.window_days} days"
    return f"Working hours; half within the first figure, nine in ten within the second ({sample})."
