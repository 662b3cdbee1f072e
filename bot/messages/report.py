"""The first report after set-up: what is known, what is not yet, and what comes next."""

from collections.abc import Mapping

from bot.emoji import DEFAULT_EMOJI, said
from bot.health.results import Assessment, Level
from bot.messages import actions
from bot.messages.backtest import offer
from bot.messages.blocks import actions as row
from bot.messages.blocks import button, context, escape, header, message, sections
from bot.messages.chart import chart
from bot.messages.digest import ASKED_FROM, SMALL_WHY
from bot.messages.efficiency import OFFER
from bot.messages.message import Message
from bot.messages.words import flow, of_a_pair, pays, slack, suggestion, sure, utilization, verdict, waiting
from bot.signal import Kind

LOOKED_BACK = 6
"""Complete weeks from which on there is something to look back on."""
PLEDGE = "Agree early where freed hours go, once work gets lighter: a pledge of one line keeps it."


def first_report(
    a: Assessment, team: str, *, team_id: int, history_days: int, emoji: Mapping[str, Kind] = DEFAULT_EMOJI
) -> Message:
    """What a team is told once, when its past has been read or its first weeks are in.

    Args:
        a: What the check found; its level may be unknown, which is then explained.
        team: The team's name.
        team_id: Storage's number of the team.
        history_days: Days of the past that the team chose to have read; 0 for none.
        emoji: What each reaction means to the team.
    """
    u = a.capacity.utilization
    read = f"the last {history_days} days of the queue" if history_days else "what was seen since set-up"
    told_first = [
        header(f"First report for {team}"),
        *sections(f"This rests on {read}.", verdict(a, team)),
        *sections(utilization(u, a.capacity.danger_line) if u else "", waiting(a), flow(a), *slack(a), pays(a)),
    ]
    drawn, told = chart(a)
    rest = [
        *sections(suggestion(a), _next(a, team, emoji)),
        *sections(PLEDGE, "" if of_a_pair(a) else OFFER),
        *context(*sure(a), SMALL_WHY if 0 < a.capacity.people < ASKED_FROM else ""),
        row(
            [
                button("See the numbers", actions.SEE_NUMBERS, str(team_id), style="primary"),
                *([offer(team_id)] if len(a.weeks) >= LOOKED_BACK else []),
                button("Write the pledge", actions.PLEDGE_OPEN, str(team_id)),
                button("What is kept", actions.OPEN_TRUST),
            ]
        ),
    ]
    return message([*told_first, *drawn, *rest], [*told_first, *told, *rest] if drawn else None)


def _next(a: Assessment, team: str, emoji: Mapping[str, Kind]) -> str:
    if a.level is Level.UNKNOWN:
        return (
            f"What comes next: the level of {escape(team)} follows as soon as two complete weeks can be "
            f"judged; until then no alert is sent. {said(emoji, Kind.CLAIM)} on a request you take and "
            f"{said(emoji, Kind.DONE)} on one you finish make it exact sooner."
        )
    return (
        "What comes next: an alert when the level gets worse, a note when it is better again, "
        "and otherwise quiet. `/headroom` shows today's numbers."
    )
