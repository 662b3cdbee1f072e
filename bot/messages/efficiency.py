"""A team's efficiency equation: always all three figures, beside the guards; and the form for the lead."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.errors import BadInputError
from bot.health.efficiency import Efficiency, Figure
from bot.health.results import Assessment, Unknown
from bot.messages import actions, inputs
from bot.messages.blocks import actions as row
from bot.messages.blocks import button, clean, context, escape, message, plain_text, sections
from bot.messages.guards import beside, change, compared, news
from bot.messages.message import Block, Message
from bot.messages.numbers import count, day, hours, hours_range, number
from bot.messages.words import SLACK_PAYS, of_a_pair, waiting

OUTCOMES: Mapping[str, str] = {
    "done_not_reopened": "Finished, and did not come back",
    "done_not_escalated": "Finished, did not come back, was not escalated",
    "done_in_target": "Finished, did not come back, begun within the target",
}
"""Outcome → its name in the form."""

OFFER = "What efficiency means to your team is yours to say: `/headroom efficiency` shows it, and the lead changes it."

OUTCOME, COST, CURRENCY = (f"headroom_efficiency_{name}" for name in ("outcome", "cost", "currency"))
"""Inputs of the form: block and element alike."""

MOST_COST = 100_000.0
LONGEST_CURRENCY = 8
_CURRENCY = re.compile(r"[^\W\d_]{1,8}|[$€£¥₹]")
AGAIN = "open it again with /headroom efficiency"


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it came back.

    Attributes:
        outcome: A key of `OUTCOMES`.
        cost: Of a person-hour; None: not given.
        currency: As typed; may be empty.
    """

    outcome: str
    cost: float | None
    currency: str


def efficiency_message(a: Assessment, e: Efficiency, team: str, *, team_id: int, currency: str, lead: bool) -> Message:
    """The equation, seen by whoever asked.

    Args:
        a: What a check found, for the guards.
        e: What the equation comes to.
        team: The team's name.
        team_id: Storage's number of the team.
        currency: Of the hourly cost; may be empty.
        lead: Whether to offer the form.
    """
    if of_a_pair(a):
        return message([*sections(f"*{escape(team)}*", waiting(a)), *context(of_a_pair(a))])
    guarded = a.guarded
    guards = [compared(name, guard) for name, guard in (guarded.guards or {}).items()]
    shown = ["*Beside it, the guards*", *(guards or [f"• Not compared yet. {beside(a)}"])]
    change_it = row([button("Change the equation", actions.EFFICIENCY_OPEN, str(team_id))])
    return message(
        [
            *sections(f"*What efficiency means to {escape(team)}*", f"A good outcome: {_said(e.outcome)}."),
            *sections(*_figures(e, currency)),
            *sections(*shown),
            *sections(*news(guarded)),
            *context(_span(e), SLACK_PAYS if e.per_hour else "", "Only responders and lead see this."),
            *([change_it] if lead else []),
        ]
    )


def _said(outcome: str) -> str:
    label = OUTCOMES.get(outcome, OUTCOMES["done_not_reopened"])
    return label[:1].lower() + label[1:]


def _figures(e: Efficiency, currency: str) -> list[str]:
    if isinstance(e.per_hour, Unknown) and e.per_hour == e.cycle:
        reason = e.per_hour.reason
        return [f"Good outcomes an hour on duty, the cost of one and the cycle time are not known, {reason}."]
    lines = [
        f"• Good outcomes an hour on duty: not known, {e.per_hour.reason}."
        if isinstance(e.per_hour, Unknown)
        else f"• Good outcomes: {_figure(e.per_hour, _each)} an hour on duty{_moved(e.per_hour)}.",
    ]
    if e.cost:
        unit = f" {escape(currency)}" if currency else ""
        lines.append(f"• Cost of a good outcome: {_figure(e.cost, number)}{unit}{_moved(e.cost)}.")
    elif not isinstance(e.per_hour, Unknown):
        lines.append("• Cost of a good outcome: not known, as no hourly cost is given; none is needed.")
    else:
        lines.append(f"• Cost of a good outcome: not known, {e.per_hour.reason}.")
    if isinstance(e.cycle, Unknown):
        lines.append(f"• Cycle time: not known, {e.cycle.reason}.")
    else:
        span = hours_range(e.cycle.low, e.cycle.high)
        lines.append(f"• Cycle time, from asked to finished: {hours(e.cycle.value)} ({span}){_moved(e.cycle)}.")
    return lines


def _each(value: float) -> str:
    return f"{value:.2f}"


def _figure(figure: Figure, form: Any) -> str:
    return f"{form(figure.value)} ({form(figure.low)}–{form(figure.high)})"


def _moved(figure: Figure) -> str:
    return f"; {change(figure.change)}" if figure.change else ""


def _span(e: Efficiency) -> str:
    """Which weeks, of how much."""
    if e.start is None or e.end is None:
        return ""
    return (
        f"{count(e.good, 'good outcome')} in the {e.weeks} weeks {day(e.start)}–{day(e.end - timedelta(days=1))}, "
        f"against the {e.weeks} before; later weeks are too young to know what comes back. All ranges are 95%. "
        "Hours on duty include slack."
    )


def efficiency_view(team: str, *, team_id: int, outcome: str, cost: float | None, currency: str) -> Block:
    """The form, with what stands in it."""
    return {
        "type": "modal",
        "callback_id": actions.EFFICIENCY_VIEW,
        "private_metadata": str(team_id),
        "title": plain_text("Your equation", 24),
        "submit": plain_text("Save", 24),
        "close": plain_text("Cancel", 24),
        "blocks": [
            *sections(
                f"What efficiency means to *{escape(team)}*: good outcomes for an hour on duty, what one costs, and "
                "how long requests take. They are always shown together, beside what came back and was escalated."
            ),
            inputs.field(OUTCOME, "What is a good outcome?", inputs.select(list(OUTCOMES.items()), outcome)),
            inputs.field(
                COST,
                "What does an hour of work cost?",
                inputs.number(cost, 0, MOST_COST),
                hint="For the team as a whole, never for one person. Leave it empty, and no cost is worked out.",
                optional=True,
            ),
            inputs.field(
                CURRENCY,
                "In which currency?",
                inputs.text(currency, LONGEST_CURRENCY),
                hint="For example EUR.",
                optional=True,
            ),
        ],
    }


def filled(view: Mapping[str, Any]) -> Filled | dict[str, str]:
    """What the form holds, or what is wrong: field → one sentence.

    Raises:
        BadInputError: It is not a form that `efficiency_view` made.
    """
    try:
        values = view["state"]["values"]
        outcome = str((_element(values, OUTCOME).get("selected_option") or {}).get("value", ""))
        typed = str(_element(values, COST).get("value") or "").strip()
        currency = clean(str(_element(values, CURRENCY).get("value") or ""))
    except (KeyError, TypeError, AttributeError) as error:
        raise BadInputError("form", "?", AGAIN) from error
    wrong: dict[str, str] = {}
    if outcome not in OUTCOMES:
        wrong[OUTCOME] = "No choice was made: choose what counts as a good outcome."
    cost = _cost(typed)
    if typed and cost is None:
        wrong[COST] = f"{typed[:20]} is no hourly cost: write an amount above 0, such as 60, or leave it empty."
    if currency and not _CURRENCY.fullmatch(currency):
        wrong[CURRENCY] = f"{currency[:20]} is no currency: write letters such as EUR, or one sign such as €."
    return wrong or Filled(outcome, cost, currency if cost is not None else "")


def _cost(typed: str) -> float | None:
    try:
        cost = float(typed)
    except ValueError:
        return None
    return cost if math.isfinite(cost) and 0 < cost <= MOST_COST else None


def _element(values: Mapping[str, Any], field: str) -> Mapping[str, Any]:
    found = values.get(field, {}).get(field, {})
    return found if isinstance(found, Mapping) else {}


def kept_view(team: str, outcome: str) -> Block:
    """What the form becomes once it is kept."""
    return {
        "type": "modal",
        "title": plain_text("Your equation", 24),
        "close": plain_text("Close", 24),
        "blocks": sections(
            f"Saved. A good outcome of *{escape(team)}*: {_said(outcome)}. "
            "`/headroom efficiency` shows the figures beside their guards."
        ),
    }
