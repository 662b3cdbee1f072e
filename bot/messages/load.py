"""What responders and the lead see when they ask, and what they may share with others."""

from bot.health.results import Assessment, Tier
from bot.messages import actions
from bot.messages.blocks import actions as row
from bot.messages.blocks import button, context, escape, message, sections
from bot.messages.explained import Queues, explained, told_better
from bot.messages.guards import news
from bot.messages.interruptions import focus_line
from bot.messages.links import grows_faster
from bot.messages.message import Message
from bot.messages.numbers import count
from bot.messages.unseen import unseen_line
from bot.messages.waits import open_button
from bot.messages.week_ahead import TITLE, week_ahead
from bot.messages.words import (
    flow,
    pays,
    reasons,
    slack,
    sure,
    to_do,
    utilization,
    verdict,
    waiting,
)


def load_view(a: Assessment, team: str, *, team_id: int, share: bool = True, queues: Queues | None = None) -> Message:
    """Level, utilization with range and basis, waits, slack, why, one thing to do; only the asker sees it.

    Args:
        a: What the check found.
        team: The team's name.
        team_id: Storage's number of the team.
        share: Whether to offer the Share button (not where the asker cannot post).
        queues: Channels by storage's number, to name the one that a cause lies in.
    """
    u = a.capacity.utilization
    figures = [utilization(u, a.capacity.danger_line)] if u else []
    told = reasons(a, without=told_better(a))
    why = [*explained(a, queues), *(line for line in told if not (u and line.startswith("• Utilization")))]
    buttons = [button("Share", actions.SHARE, str(team_id))] if share else []
    return message(
        [
            *sections(verdict(a, team)),
            *sections(*figures, waiting(a), _ahead(a), flow(a), *slack(a)),
            *sections(*news(a.guarded)),
            *sections(unseen_line(a)),
            *sections(focus_line(a.focus) if a.focus else "", grows_faster(a)),
            *sections(*(["Why:", *why] if why else [])),
            *sections(to_do(a)),
            *context(pays(a), *sure(a), "Load is for responders and lead."),
            row([open_button(team_id), *buttons, button("What is kept", actions.OPEN_TRUST)]),
        ]
    )


def _ahead(a: Assessment) -> str:
    said = week_ahead(a.forecast)
    return f"{TITLE}: {said}" if said else ""


def share_audience(a: Assessment, team: str, *, team_id: int, channel: str, members: int | None) -> Message:
    """The question before sharing; it names who will see what.

    Args:
        a: What would be shared.
        team: The team's name.
        team_id: Storage's number of the team.
        channel: The channel's name, without `#`.
        members: How many people are in it; None where Slack did not say.
    """
    name, inside = escape(team), a.tier < Tier.ALL
    what = f"how long requests to {name} wait" if inside else f"the load of {name}"
    size = f", {count(members, 'person', 'people')}" if members else ""
    why = (
        "Utilization and slack of a team of four or fewer stay within the team, so they are left out." if inside else ""
    )
    return message(
        [
            *sections(f"This shows {what} to everybody in #{escape(channel)}{size}. Share?", why),
            row(
                [
                    button("Share", actions.SHARE_YES, str(team_id), style="primary"),
                    button("Keep it to myself", actions.SHARE_NO, str(team_id)),
                ]
            ),
        ]
    )


def shared(a: Assessment, team: str) -> Message:
    """What a team shares with a channel; of a team of four or fewer, the waits alone."""
    inside = a.tier < Tier.ALL
    if inside:
        said = sections(f"*How long requests to {escape(team)} wait*", waiting(a), flow(a, finished=False))
    else:
        u = a.capacity.utilization
        figures = [utilization(u, a.capacity.danger_line)] if u else []
        said = sections(verdict(a, team), *figures, waiting(a), flow(a), *slack(a), pays(a))
    why = "Left out: how full the team is, which stays inside a team of four or fewer." if inside else ""
    return message([*said, *context(why, "Shared by the team. Ideas for what would help are welcome in this thread.")])


def share_dropped() -> Message:
    """The answer to `Keep it to myself`."""
    return message(sections("Nothing was shared. `/headroom` shows the numbers again."))
