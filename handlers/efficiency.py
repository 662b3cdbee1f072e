"""`/headroom efficiency`: the team's own equation beside its guards; the lead changes it in a form."""

from bot.messages import actions
from bot.messages.efficiency import Filled, efficiency_view, filled, kept_view
from bot.messages.help import Command, Role
from bot.messages.message import Block, Message
from bot.messages.problem import problem
from bot.services.efficiency import hidden, shown
from handlers.answers import Wrong
from handlers.rows import Button, Call, Form, May, RefusedError, Row, Word
from storage import equations
from storage.equations import Equation

EDIT = ("edit", "change", "set")
CHANGE = "change what efficiency means to the team"


def efficiency(call: Call) -> Block | Message:
    """The team's equation; with `edit`: the form."""
    word = call.text.lower()
    if word in EDIT:
        call.needs_lead(CHANGE)
        return opened(call)
    if word:
        return problem(
            f"“{call.text[:60]}” after efficiency was not understood: /headroom efficiency shows the figures, "
            "/headroom efficiency edit opens the form for the lead."
        )
    return shown(call.parts.db, call.record, call.now, lead=call.lead)


def opened(call: Call) -> Block:
    """The form, as it stands."""
    _not_small(call)
    equation = equations.get(call.parts.db, call.record.id)
    return efficiency_view(
        call.record.team.name,
        team_id=call.record.id,
        outcome=equation.outcome,
        cost=equation.hourly_cost,
        currency=equation.currency,
    )


def sent(call: Call) -> Block | Wrong:
    """Keep what the lead chose; sent twice, it holds once."""
    _not_small(call)
    said = filled(call.view)
    if not isinstance(said, Filled):
        return Wrong(said)
    equations.put(call.parts.db, call.record.id, Equation(said.outcome, said.cost, said.currency))
    return kept_view(call.record.team.name, said.outcome)


_SHOWS = "good outcomes for an hour on duty, what one costs, and cycle time, beside what came back; %s."

ROWS: tuple[Row, ...] = (
    Word(
        Command(
            "efficiency",
            {
                Role.LEAD: _SHOWS % "`edit` changes what counts",
                Role.RESPONDER: _SHOWS % "the lead may change what counts",
            },
            near=("equation", "cost", "productivity"),
        ),
        efficiency,
    ),
    Button(actions.EFFICIENCY_OPEN, opened, May.LEAD, CHANGE),
    Form(actions.EFFICIENCY_VIEW, sent, May.LEAD, CHANGE),
)


def _not_small(call: Call) -> None:
    """In a team of one or two there is no equation to change: it would describe a person."""
    if why := hidden(call.record, call.now):
        raise RefusedError(problem(why))
