"""The digest: how the week went, on one screen; and the same at length, for whoever asks for details."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.health.outcomes import LEAST, Outcome
from bot.health.results import Assessment, Level, Missed
from bot.messages import actions
from bot.messages.blocks import actions as row
from bot.messages.blocks import button, context, message, sections
from bot.messages.changes import AS_USUAL, brief, change, figure
from bot.messages.chart import chart
from bot.messages.effects import predicted
from bot.messages.message import Block, Message
from bot.messages.numbers import day, known, number, percent, percent_range
from bot.messages.waits import open_button
from bot.messages.week_ahead import TITLE, last_week, week_ahead
from bot.messages.words import advice, of_a_pair, pays, reasons, slack, suggestion, sure, to_do, verdict, waiting
from bot.messages.words import utilization as load_line

ASKED_FROM = 5
"""Below so many people nothing is asked of them."""

MOST_BUTTONS = 4
"""Of one digest: where the results of a pulse are news, a gain is written down at Home."""

SMALL_WHY = "Left out: pulse and flaw reports. They take five people, so that nobody can tell who answered."
WHO = "Only responders and lead get this."
TOLD = " Today's other message has the reasons and the chart."
OFFER = (
    "Nobody pressed a button of the last two digests. Would once a month be better? It is the lead's choice, "
    "and `/headroom digest` changes it at any time."
)


@dataclass(frozen=True, slots=True)
class Digest:
    """All that a digest tells.

    Attributes:
        a: What the check found.
        team: The team's name.
        team_id: Storage's number of it.
        week: Monday of the latest complete week; None before the first.
        outcomes: Of that week.
        better: Those that clearly got better.
        look_at: Those that clearly changed the other way.
        learning: What pulse or gains say of learning; empty: nothing does.
        extras: Further lines, such as on pulse, gains and Headroom's own burden.
        pulse: The results of a pulse are news.
        friction: Flaws may be reported.
        gains: Gains may be written down.
        offer: Offer to come monthly.
        told: A change of level was told today, with the chart: it is not drawn twice on one morning.
        missed: The last week, where it was not as its digest had expected.
    """

    a: Assessment
    team: str
    team_id: int
    week: date | None = None
    outcomes: tuple[Outcome, ...] = ()
    better: tuple[Outcome, ...] = ()
    look_at: tuple[Outcome, ...] = ()
    learning: str = ""
    extras: Sequence[str] = ()
    pulse: bool = False
    friction: bool = True
    gains: bool = True
    offer: bool = False
    told: bool = False
    missed: Missed | None = None


def digest(d: Digest) -> Message:
    """The digest as the team reads it; parts with nothing in them are left out."""
    drawn, told = ([], []) if d.told else chart(d.a)
    head = sections(verdict(d.a, d.team) + (TOLD if d.told else ""), *_outcomes(d))
    rest = [
        *sections(*_changes(d), _to_do(d), *d.extras),
        *context(*_left_out(d), _basis(d)),
        row(_buttons(d)),
        *(_offer(d) if d.offer else []),
    ]
    return message([*head, *drawn, *rest], [*head, *told, *rest] if drawn else None)


def details(d: Digest) -> Message:
    """What stands behind a digest, for the one who asked: each figure beside its usual, why, and how sure."""
    u = d.a.capacity.utilization
    load = [load_line(u, d.a.capacity.danger_line)] if u else []
    why = [line for line in reasons(d.a) if not (u and line.startswith("• Utilization"))]
    return message(
        [
            *sections(f"*Details of {_span(d.week)}*" if d.week else "*Details*", *_at_length(d)),
            *sections(*load, waiting(d.a), *slack(d.a)),
            *sections(*(["Why:", *why] if why else []), *_changes(d), _to_do(d)),
            *context(pays(d.a), *sure(d.a)),
            *context(
                "In brackets the 80% range of a change. It is clear when that leaves zero out, "
                "which one measure in five does by chance."
            ),
        ]
    )


_TITLES = {"flow": "Flow", "quality": "Quality", "resilience": "Resilience", "capacity": "Capacity"}


def _outcomes(d: Digest) -> list[str]:
    """A line for each outcome of which something is known."""
    shown = [o for o in d.outcomes if o.outcome != "flow" and o.value is not None]
    lines = [
        *_flow(d),
        _ahead(d),
        *(f"*{_TITLES[o.outcome]}*: {_said(o)}{_four_weeks(d) if o.outcome == 'resilience' else ''}." for o in shown),
        f"*Learning*: {d.learning}" if d.learning else "",
    ]
    return [line for line in lines if line]


def _said(o: Outcome) -> str:
    return ", ".join(part for part in (figure(o), change(o)) if part)


def _flow(d: Digest) -> list[str]:
    """The week's wait and arrivals; for teams of one or two, which have little else, the waits of four weeks too."""
    said = [_said(o) for o in d.outcomes if o.outcome == "flow" and o.value is not None]
    unfinished = f"; {number(d.a.flow.open)} open now" if known(d.a.flow.open) else ""
    line = f"*Flow*: {'; '.join(said)}{unfinished}." if said else ""
    return [line, waiting(d.a) if of_a_pair(d.a) or not said else ""]


def _ahead(d: Digest) -> str:
    """The wait to come, and the last week where it was not as expected."""
    coming, came = week_ahead(d.a.forecast), last_week(d.missed)
    return " ".join(part for part in (f"*{TITLE}*: {coming}" if coming else "", came) if part)


def _four_weeks(d: Digest) -> str:
    """Utilization as the level is judged by: `; over four weeks 83% (76–90%), danger line 91%`."""
    u, line = d.a.capacity.utilization, d.a.capacity.danger_line
    if not u or d.a.level is Level.UNKNOWN or not known(u.value):
        return ""
    against = f", danger line {percent(line)}" if known(line) else ""
    return f"; over four weeks {percent_range(u.value, u.low, u.high)}{against}"


def _at_length(d: Digest) -> list[str]:
    """Each figure beside its usual."""
    lines = []
    for o in (o for o in d.outcomes if o.value is not None):
        usual = figure(o, usual=True) if o.change else f"fewer than {LEAST} weeks before are known"
        moved = change(o)
        said = (figure(o), moved if moved == AS_USUAL else usual, "" if moved == AS_USUAL else moved)
        lines.append(f"• {_TITLES[o.outcome]}: {'; '.join(x for x in said if x)}.")
    return lines


def _changes(d: Digest) -> list[str]:
    found = (("Got better", d.better), ("Worth a look", d.look_at))
    return [f"*{title}*: {'; '.join(brief(o) for o in those)}." for title, those in found if those]


def _to_do(d: Digest) -> str:
    odd = "One thing to do: talk over what is worth a look; one odd week can be chance." if d.look_at else ""
    said = suggestion(d.a) or odd or to_do(d.a)
    title, _, what = said.partition(": ")
    do = advice(d.a)
    return " ".join(x for x in (f"*{title}*: {what}", predicted(do.effect) if do else "") if x)


def _left_out(d: Digest) -> list[str]:
    people = d.a.capacity.people
    if not 0 < people < ASKED_FROM:
        return []
    return [of_a_pair(d.a), SMALL_WHY]


def _basis(d: Digest) -> str:
    """The week it is about, and what changes are held against."""
    if d.week is None:
        return WHO
    weeks = max((o.change.weeks for o in d.outcomes if o.change), default=0)
    against = f"changes against the mean of the {weeks} weeks before" if weeks else ""
    if not against:
        return f"Week of {_span(d.week)}; what has changed is told once {LEAST} weeks before it are known. {WHO}"
    return f"Week of {_span(d.week)}; {against}, in brackets their 80% ranges. {WHO}"


def _span(week: date) -> str:
    """`4–10 May`, `27 April–3 May`."""
    last = week + timedelta(days=6)
    return f"{week.day}–{day(last)}" if week.month == last.month else f"{day(week)}–{day(last)}"


def _buttons(d: Digest) -> list[Block]:
    value = str(d.team_id)
    found = [button("Details", actions.DIGEST_DETAILS, value), open_button(d.team_id)]
    if d.pulse:
        found.append(button("Pulse results", actions.PULSE_RESULTS, value))
    if d.friction and d.a.capacity.people >= ASKED_FROM:
        found.append(button("Report a flaw", actions.FRICTION_OPEN, value))
    if d.gains:
        found.append(button("Write down a gain", actions.GAIN_OPEN, value))
    return found[:MOST_BUTTONS]


def _offer(d: Digest) -> list[Block]:
    value = str(d.team_id)
    return [
        *sections(OFFER),
        row(
            [
                button("Once a month", actions.DIGEST_MONTHLY, value),
                button("Keep it weekly", actions.DIGEST_KEEP, value),
            ]
        ),
    ]
