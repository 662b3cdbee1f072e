"""What Headroom would have said, had it been here: how often, on which days, why, and one thing to do."""

from bot.health.hindsight import Alert, Backtest
from bot.health.results import Level
from bot.messages import actions
from bot.messages.because import because
from bot.messages.blocks import button, code, context, escape, message, sections
from bot.messages.chart import MOST, of_weeks
from bot.messages.message import Message
from bot.messages.numbers import day
from bot.messages.words import reason

SHOWN = 10
"""Alerts that are listed, the latest."""
REASONS = 3

_LEVEL = {
    Level.DANGER: "in the danger zone",
    Level.WATCH: "close to the danger zone",
    Level.HEALTHY: "out of it again",
}


def looking(weeks: int) -> Message:
    """What is said at once."""
    return message(sections(f"Looking at {weeks} weeks, each day with what was known on it. It takes a few seconds."))


def not_weeks(typed: str, least: int, most: int) -> Message:
    """The answer to something that is no number of weeks."""
    return message(
        sections(
            f"{code(typed)} is not a number of weeks from {least} to {most}.",
            "Type `/headroom backtest`, or `/headroom backtest 13` for the last 13 weeks.",
        )
    )


def too_early(why: str) -> Message:
    """Why there is nothing to look back on yet.

    Args:
        why: A clause.
    """
    return message(
        sections(
            f"There is too little to look back on yet: {escape(why, 300)}.",
            "One thing to do: nothing. `/headroom` shows how the team stands today.",
        )
    )


def backtest_message(found: Backtest, team: str, *, weeks: int, learning: bool, lead: bool, choosable: bool) -> Message:
    """How often it would have warned, the weeks drawn, each alert with its reasons, one thing to do.

    Args:
        found: What would have been told.
        team: The team's name.
        weeks: Complete weeks looked at.
        learning: Whether the first six weeks known are among them.
        lead: Whether the lead reads it, who may choose how early the team is warned.
        choosable: Whether there is a choice; not in teams of one or two.
    """
    rises = len(found.rises)
    first = (
        f"*{escape(team)}: had Headroom been here for the last {weeks} weeks, it would "
        f"{f'have warned {often(rises)}{every(rises, weeks)}' if rises else 'never have warned'}.*"
    )
    drawn, told = of_weeks(found.last, found.last.weeks[-weeks:], MOST) if found.last else ([], [])
    named = _weeks_named(found) if drawn else ""
    alerts = found.alerts[-SHOWN:]
    earlier = len(found.alerts) - len(alerts)
    more = f"The {earlier} before these are left out." if earlier else ""
    said = [*sections(*map(_line, alerts), more), *sections(_to_do(rises, weeks, lead, choosable))]
    small_print = context(
        "Each day is judged when its work ends, with what was known on it and the roster of today"
        + (". In the first six weeks it learns what is usual here, so it says less." if learning else "."),
        f"Slack draws {MOST} weeks at most: the latest." if drawn and weeks > MOST else "",
        "Only you see this.",
    )
    rest = [*sections(named), *said, *small_print]
    return message([*sections(first), *drawn, *rest], [*sections(first), *told, *rest] if drawn else None)


def offer(team_id: int) -> dict[str, object]:
    """The button under the first report."""
    return button("What would it have said before?", actions.BACKTEST, str(team_id))


def often(times: int) -> str:
    """`never`, `once`, `twice`, `3 times`."""
    return ("never", "once", "twice")[times] if times < 3 else f"{times} times"


def every(times: int, weeks: int) -> str:
    """`, about every 9 weeks`; nothing for one warning or none."""
    if times < 2:
        return ""
    apart = round(weeks / times)
    return f", about every {apart} weeks" if apart > 1 else ", about every week"


def _weeks_named(found: Backtest) -> str:
    mondays = list(dict.fromkeys(alert.monday for alert in found.rises))[-SHOWN:]
    if not mondays:
        return ""
    names = [day(monday) for monday in mondays]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"Warned in the week{'' if len(names) == 1 else 's'} from {listed}."


def _line(alert: Alert) -> str:
    if not alert.rise:
        how = "better, close to the danger zone" if alert.level is Level.WATCH else _LEVEL[alert.level]
        return f"• *{day(alert.date)}*: {how}."
    why = [said for one in alert.reasons if (said := reason(one, alert.found))][:REASONS]
    made = because(alert.found)
    how = f"{_LEVEL[alert.level]}{f': {made}' if made else ''}"
    return " ".join([f"• *{day(alert.date)}*: warning, {how}.", *why])


def _to_do(rises: int, weeks: int, lead: bool, choosable: bool) -> str:
    who = "type" if lead else "the lead can type"
    if not rises:
        missed = f"; if so, {who} `/headroom alerts earlier`" if choosable else ""
        return f"One thing to do: ask the team whether a hard week is missing here{missed}."
    asked = "One thing to do: ask the team whether these were its hard weeks"
    if not choosable:
        return f"{asked}, and what could have waited then."
    return (
        f"{asked}. Where a warning would have been in vain, {who} `/headroom alerts quieter`; where a hard week is "
        "missing, `/headroom alerts earlier`."
    )
