"""How early a team is warned: the choice, and how often each would have spoken."""

from collections.abc import Mapping, Set

from bot.health.results import Alerting, Level
from bot.messages.backtest import every, often
from bot.messages.blocks import code, context, escape, message, sections
from bot.messages.message import Message

NO_CHOICE = (
    "A team of one or two is warned by its requests and waits alone, so there is no earlier or quieter to choose. "
    "`/headroom backtest` shows when it would have been warned."
)
USAGE = "Type `/headroom alerts earlier`, `/headroom alerts usual` or `/headroom alerts quieter`."

_HOW: Mapping[Alerting, str] = {
    Alerting.EARLIER: "earlier than usual",
    Alerting.USUAL: "as usual",
    Alerting.QUIETER: "later and less often than usual",
}
_MEASURED = (
    "On simulated teams a warning was in vain about once a year (earlier), every year and a half (usual) or every two "
    "years (quieter); of 90 teams that drifted, 38, 31 and 24 were warned before their wait doubled "
    "(docs/backtest.md). A team in the danger zone is told by any choice."
)
_LEVEL = {Level.HEALTHY: "healthy", Level.WATCH: "close to the danger zone", Level.DANGER: "in the danger zone"}


def not_a_choice(typed: str) -> Message:
    """The answer to a word that is none of the three."""
    return message(sections(f"{code(typed)} is not a choice of how early to warn.", USAGE))


def set_message(team: str, choice: Alerting, level: Level, weeks: int | None) -> Message:
    """What is said at once after a choice.

    Args:
        team: The team's name.
        choice: What was chosen.
        level: The level today by it.
        weeks: Weeks that are now looked at; None where too few are known.
    """
    stands = f" By it the team is {_LEVEL[level]} today." if level in _LEVEL else ""
    more = (
        f"Looking at {weeks} weeks to see how often each choice would have warned …"
        if weeks is not None
        else "How often it would have warned before is known once six complete weeks are."
    )
    return message(sections(f"*From now on {escape(team)} is warned {_HOW[choice]}.*{stands}", more))


def shown_message(team: str, choice: Alerting, weeks: int | None, *, lead: bool) -> Message:
    """What is set, said at once; arguments as in `set_message`."""
    more = (
        f"Looking at {weeks} weeks to see how often each choice would have warned …"
        if weeks is not None
        else "How often each choice would have warned is known once six complete weeks are."
    )
    mend = USAGE if lead else "Its lead can change that."
    return message(sections(f"*{escape(team)} is warned {_HOW[choice]}.* {mend}", more))


def preview_message(team: str, choice: Alerting, times: Mapping[Alerting, int], weeks: int, *, lead: bool) -> Message:
    """How often each choice would have warned this team, and how often each is in vain elsewhere.

    Args:
        team: The team's name.
        choice: What is set.
        times: Warnings by each choice.
        weeks: Weeks looked at.
        lead: Whether the lead reads it.
    """
    lines = [
        f"• {one.value}{' (set)' if one is choice else ''}: {often(times[one])}{every(times[one], weeks)}"
        for one in Alerting
    ]
    return message(
        [
            *sections(f"*{escape(team)}: in the last {weeks} weeks it would have been warned*", *lines),
            *sections(_to_do(set(times.values()), "type" if lead else "its lead can type")),
            *context(
                _MEASURED,
                "Only you see this.",
            ),
        ]
    )


def _to_do(times: Set[int], who: str) -> str:
    """One thing to do; where the choices do not differ, it is not to choose another."""
    if not any(times):
        return "One thing to do: keep what is set, as no choice would have warned here."
    if len(times) == 1:
        return (
            "One thing to do: keep what is set, as each choice would have warned as often here. `/headroom backtest` "
            "shows the days and the reasons."
        )
    return (
        f"One thing to do: see with `/headroom backtest` whether the warnings came in hard weeks; if not, {who} "
        "another choice."
    )
