"""`/headroom backtest` and `/headroom alerts`: what would have been said, and how early to be warned.

Looking back takes seconds, so it is said at once how far is looked, and the answer follows at the same `response_url`.
"""

from bot.health.results import Alerting, Unknown
from bot.messages import actions, alerting
from bot.messages.backtest import backtest_message, looking, not_weeks, too_early
from bot.messages.help import Command, Role
from bot.messages.message import Message
from bot.messages.problem import problem
from bot.report import lookback
from handlers.answers import Then
from handlers.rows import Button, Call, Row, Word
from storage import alertings


def backtest(call: Call) -> Message | Then:
    """What would have been said over so many weeks."""
    weeks = weeks_in(call.text)
    return not_weeks(call.text, lookback.LEAST, lookback.MOST) if weeks is None else _looked(call, weeks)


def offered(call: Call) -> Message | Then:
    """The same for the button under the first report, over as many weeks as there usually are."""
    return _looked(call, lookback.USUALLY)


def alerts(call: Call) -> Message | Then:
    """Take a choice, or say what is set; then what each choice would have said."""
    db, record, now, typed = call.parts.db, call.record, call.now, call.text.lower()
    if lookback.by_requests(record, now):
        return problem(alerting.NO_CHOICE)
    if typed and typed not in tuple(Alerting):
        return alerting.not_a_choice(typed)
    span = lookback.span(db, record, now)
    weeks, name = span.weeks if span else None, record.team.name
    if typed:
        call.needs_lead("choose how early the team is warned")
        level = lookback.choose(db, record, Alerting(typed), now)
        said = alerting.set_message(name, Alerting(typed), level, weeks)
    else:
        said = alerting.shown_message(name, alertings.get(db, record.id), weeks, lead=call.lead)
    if isinstance(span, Unknown):
        return said

    def look() -> Message:
        times = lookback.preview(db, record, call.now, span)
        chosen = alertings.get(db, record.id)
        return alerting.preview_message(name, chosen, times, span.weeks, lead=call.lead)

    return Then(said, look, alone=_question(call), kept=bool(typed))


_BACKTEST = "when it would have warned you before, and why. With a number after it: so many weeks."

ROWS: tuple[Row, ...] = (
    Word(
        Command(
            "backtest",
            dict.fromkeys((Role.LEAD, Role.RESPONDER), _BACKTEST),
            near=("back-test", "history", "past"),
        ),
        backtest,
    ),
    Button(actions.BACKTEST, offered),
    Word(
        Command(
            "alerts",
            {
                Role.LEAD: "how early to be warned: `earlier`, `usual` or `quieter`, and how often each would have "
                "warned.",
                Role.RESPONDER: "how early the team is warned, and how often it would have been.",
            },
            near=("alert", "warnings", "warning", "alarm", "quiet"),
        ),
        alerts,
    ),
)


def weeks_in(typed: str) -> int | None:
    """How many weeks were asked for, as many as there is history for where nothing was said; None: not understood."""
    if not typed:
        return lookback.USUALLY
    number = typed.lower().removesuffix("weeks").strip()
    weeks = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 0
    return weeks if lookback.LEAST <= weeks <= lookback.MOST else None


def _looked(call: Call, weeks: int) -> Message | Then:
    db, record = call.parts.db, call.record
    span = lookback.span(db, record, call.now, weeks)
    if isinstance(span, Unknown):
        return too_early(span.reason)

    def look() -> Message:
        now = call.now
        return backtest_message(
            lookback.look_back(db, record, now, span),
            record.team.name,
            weeks=span.weeks,
            learning=span.learning,
            lead=call.lead,
            choosable=not lookback.by_requests(record, now),
        )

    return Then(looking(span.weeks), look, alone=_question(call))


def _question(call: Call) -> str:
    """One look at a time for each who asks."""
    return f"{call.record.id} {call.user}"
