"""The Home tab: one's own teams, how long requests wait elsewhere, settings and trust. No figure about a person.

Slack shows no charts there (https://docs.slack.dev/surfaces/app-home/), so weeks are bars made of characters, and
the same stands beside them in words.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.health.results import Assessment, Week
from bot.messages import actions
from bot.messages.blocks import actions as row
from bot.messages.blocks import button, context, divider, escape, header, sections
from bot.messages.chart import by_waits
from bot.messages.digest import ASKED_FROM, SMALL_WHY
from bot.messages.message import Block
from bot.messages.numbers import Number, bare_hours, count, day, hours_range, known, percent
from bot.messages.waits import Line, open_button, own_asked, own_quiet
from bot.messages.words import FEW_REQUESTS, left_out, pays, utilization, verdict
from bot.messages.words import waiting as waits

WEEKS = 13
BARS = "▁▂▃▄▅▆▇█"
NO_BAR = "·"
MOST_TEAMS, MOST_QUEUES, MOST_REQUESTS = 8, 20, 24
"""Within the 100 blocks of a view: https://docs.slack.dev/reference/views/home-tab-views ."""

CALLBACK = "headroom_home"


@dataclass(frozen=True, slots=True)
class OwnTeam:
    """A team that the viewer answers for or leads.

    Attributes:
        name: The team's name.
        found: What a check finds now.
        waiting: Requests nobody has answered yet.
        queue: Slack's id of its queue, for the settings button.
        lead: Whether the viewer leads it.
        unheard: Slack ids of its queues that cannot be heard now.
        team_id: Storage's number of the team, for its buttons; 0 for none.
        digest: When the next digest comes, as said; empty for none.
        pulse: The same of the pulse.
        flaws: Process flaws may be reported, as the team wishes and is large enough.
        gains: The ledger of gains is kept.
    """

    name: str
    found: Assessment
    waiting: int
    queue: str
    lead: bool
    unheard: tuple[str, ...] = ()
    team_id: int = 0
    digest: str = ""
    pulse: str = ""
    flaws: bool = False
    gains: bool = False


@dataclass(frozen=True, slots=True)
class QueueWait:
    """A queue that the viewer may see and does not answer: how long it takes there, nothing on load."""

    channel: str
    team: str
    found: Assessment
    waiting: int


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """A request that nobody has answered yet; never whose it is.

    Attributes:
        channel: Slack id of its queue.
        link: Web address of its message; empty where it is not known.
        waited: Hours for which it has waited, in the team's working time.
    """

    channel: str
    link: str
    waited: float


def home_view(
    own: Sequence[OwnTeam],
    queues: Sequence[QueueWait],
    *,
    waiting: Sequence[OpenRequest] = (),
    quiet: Sequence[Line] = (),
    asked: Sequence[Line] = (),
    away: bool = False,
    days_away: str = "",
    note: str = "",
) -> Block:
    """The tab as `views.publish` takes it.

    Args:
        own: The viewer's teams.
        queues: Queues of other teams.
        waiting: Requests of the viewer's teams that nobody has answered yet, longest waiting first.
        quiet: What the viewer took and is quiet, oldest first.
        asked: What the viewer asked for and is open, oldest first.
        away: Whether the viewer is on a roster, and so may note days away.
        days_away: The viewer's own, from today on, in words; empty for none.
        note: One sentence about what could not be shown; empty for none.
    """
    blocks = [header("Headroom")]
    for team in own[:MOST_TEAMS]:
        blocks += [*_team(team), divider()]
    blocks += _left_over(len(own) - MOST_TEAMS, "more team", "type `/headroom` in the channel of the one you mean.")
    blocks += own_quiet(quiet)
    blocks += _requests(waiting, sum(team.waiting for team in own))
    blocks += own_asked(asked)
    blocks += _queues(queues) if queues else [] if own or note else _nothing_yet()
    return {
        "type": "home",
        "callback_id": CALLBACK,
        "blocks": [*blocks, *context(escape(note, 300)), *_foot(days_away, away=away)],
    }


def _team(team: OwnTeam) -> list[Block]:
    a = team.found
    u = a.capacity.utilization
    figures = [utilization(u, a.capacity.danger_line)] if u else []
    return [
        *sections(verdict(a, team.name)),
        *sections(*figures, waits(a), _waiting_now(team.waiting)),
        *_weeks(a),
        *sections(*(_unheard(channel) for channel in team.unheard)),
        *context(left_out(a), SMALL_WHY if 0 < a.capacity.people < ASKED_FROM else "", pays(a), _next(team)),
        *([row(buttons)] if (buttons := _buttons(team)) else []),
    ]


def _buttons(team: OwnTeam) -> list[Block]:
    number = str(team.team_id)
    return [
        *([open_button(team.team_id)] if team.team_id else []),
        *([button("Settings", actions.HOME_SETTINGS, team.queue)] if team.lead and team.queue else []),
        *([button("Roster", actions.ROSTER_OPEN, number)] if team.lead and team.team_id else []),
        *([button("What is told and asked", actions.RHYTHM_OPEN, number)] if team.lead and team.team_id else []),
        *([button("Report a flaw", actions.FRICTION_OPEN, number)] if team.flaws and team.team_id else []),
        *([button("Write down a gain", actions.GAIN_OPEN, number)] if team.gains and team.team_id else []),
    ]


def _next(team: OwnTeam) -> str:
    """When the team hears of its week, and when it is asked; nothing for what it does not want."""
    said = (("Next digest", team.digest), ("Next pulse", team.pulse))
    return " ".join(f"{what}: {when}." for what, when in said if when)


def _requests(waiting: Sequence[OpenRequest], number: int) -> list[Block]:
    """The requests that have waited longest, each with a way to it."""
    if not waiting:
        return []
    lines = [_request(one) for one in waiting[:MOST_REQUESTS]]
    return [
        *sections("*Nobody has taken these yet, longest first*", *lines),
        *_left_over(number - len(lines), "more request", "they have waited less long."),
        *context("In the working hours of the team. Answer in the thread as always, and a request leaves this list."),
    ]


def _request(one: OpenRequest) -> str:
    way = f", <{one.link}|open it>" if one.link else ""
    return f"• <#{escape(one.channel)}>: waiting {bare_hours(one.waited)}{way}"


def _waiting_now(number: int) -> str:
    return f"{count(number, 'request')} {'is' if number == 1 else 'are'} waiting for an answer now.".capitalize()


def _unheard(channel: str) -> str:
    return f"Not heard at the moment: <#{escape(channel)}>. `/invite @headroom` there, or see the settings."


def _weeks(a: Assessment) -> list[Block]:
    """The last weeks as bars, and the same in words; nothing below two known weeks."""
    weeks = a.weeks[-WEEKS:]
    if by_waits(a):
        return _bars("Mean wait by week", weeks, [w.mean_wait for w in weeks], bare_hours)
    shares = [w.utilization.value if w.utilization else None for w in weeks]
    # From zero to all of the hours, so that a calm team's bars do not look full.
    return _bars("Utilization by week", weeks, shares, percent, _against_line(weeks, shares), least=1.0)


def _against_line(weeks: Sequence[Week], shares: Sequence[Number]) -> str:
    """The danger line in words, each week held against the line of its own time."""
    both = [(s, w.danger_line) for s, w in zip(shares, weeks, strict=True) if known(s) and known(w.danger_line)]
    if not both:
        return ""
    over = sum(share > line for share, line in both)
    line = percent(both[-1][1])
    if not over:
        return f"No week was above the danger line (now {line})."
    return f"{over} of {count(len(both), 'week')} {'was' if over == 1 else 'were'} above the danger line (now {line})."


def _bars(
    title: str,
    weeks: Sequence[Week],
    values: Sequence[Number],
    say: Callable[[Number], str],
    line: str = "",
    least: float = 0.0,
) -> list[Block]:
    """A row of bars from zero to the highest value, or to `least` where that is more; and the values in words."""
    heights = [max(v, 0.0) for v in values if known(v)]
    if len(heights) < 2:
        return []
    top = max([least, *heights])
    drawn = "".join(_bar(v, top) for v in values)
    told = ", ".join(say(v) for v in values)
    span = f"from {day(weeks[0].start)} to {day(weeks[-1].start)}"
    return [
        *sections(f"`{drawn}` {title}; a full bar is {say(top)}. {line}".rstrip()),
        *context(f"In words, {span}: {told}."),
    ]


def _bar(value: Number, top: float) -> str:
    if not known(value):
        return NO_BAR
    return BARS[round(max(value, 0.0) / top * (len(BARS) - 1))] if top > 0 else BARS[0]


def _queues(queues: Sequence[QueueWait]) -> list[Block]:
    lines = [f"• <#{escape(q.channel)}> ({escape(q.team)}): {_usually(q.found)}, {q.waiting} waiting." for q in queues]
    return [
        *sections("*How long requests wait*", *lines[:MOST_QUEUES]),
        *_left_over(len(queues) - MOST_QUEUES, "more channel", "type `/headroom` in the one you mean."),
        *context("In working hours: half within the first figure, nine in ten within the second."),
    ]


def _nothing_yet() -> list[Block]:
    return sections(
        "*No team is set up in a channel that you see.*",
        "If requests arrive in one of your channels, type `/invite @headroom` there and then `/headroom setup`: "
        "six questions, about two minutes.",
    )


def _usually(a: Assessment) -> str:
    wait = a.flow.wait
    if not wait or wait.n < FEW_REQUESTS or not (known(wait.p50) and known(wait.p90)):
        return "too few requests so far to say how long an answer takes"
    return f"usually answered in {hours_range(wait.p50, wait.p90)}"


def _left_over(number: int, thing: str, rest: str) -> list[Block]:
    return context(f"And {count(number, thing)}: {rest}") if number > 0 else []


def _foot(days_away: str, *, away: bool) -> list[Block]:
    return [
        *sections(f"You are noted as away: {days_away}." if days_away else ""),
        *context("Only you see this page. Load is for those who answer and their lead; waits are for everybody."),
        row([*([button("I'm away", actions.AWAY_OPEN)] if away else []), button("What is kept", actions.OPEN_TRUST)]),
    ]
