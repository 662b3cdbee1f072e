"""Linked queues: what the chain takes from end to end, which stage holds it up, and whether that moved."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.health.chain import SURE, Moved
from bot.health.endtoend import EndToEnd
from bot.health.results import UNTOLD, Assessment, Coordination, Rate, Spread, Unknown
from bot.messages.blocks import context, escape, message, sections
from bot.messages.message import Message
from bot.messages.numbers import day, hours, hours_range, number, percent, percent_range

UNEVEN = 1.5
"""Squared coefficient of variation of departures from which a stage is said to pass work on in bursts."""

CERTAIN = 0.99
"""A probability above which no number is told: nobody is as sure as that."""

EXAMPLE = "write for example /headroom links #first -> #next, or remove #first -> #next, or list"


@dataclass(frozen=True, slots=True)
class Stage:
    """One desk of a chain.

    Attributes:
        team: Storage's number of the team.
        channel: Slack channel id of its queue.
        cycle: Arrival until done, of the team that answers there.
        p: P(it is the bottleneck); None where that is not known or not told.
        passes_on: cd² of what leaves it; None where that is not known or not told.
    """

    team: int
    channel: str
    cycle: Spread | Unknown
    p: float | None = None
    passes_on: float | None = None


@dataclass(frozen=True, slots=True)
class Eased:
    """Mean waits for a first answer beside a bottleneck that moved, in working hours.

    Attributes:
        before_then: At the former bottleneck, while it was that.
        before_now: There now.
        now_then: At the one of now, then.
        now_now: There now.
    """

    before_then: float
    before_now: float
    now_then: float
    now_now: float


@dataclass(frozen=True, slots=True)
class Chain:
    """Desks through which work goes one after another.

    Attributes:
        stages: In order.
        sure: The bottleneck's team where it was sure two weeks running, else None; not known where nothing of load
            may be told.
        moved: That it is another one than before, else None.
        whole: The time from end to end.
        shared: Whether more than times may be told.
        reopen: Share of what the last desk finished that came back there.
        eased: The waits beside `moved`, None where one is not known.
    """

    stages: tuple[Stage, ...]
    sure: int | Unknown | None = None
    moved: Moved | None = None
    whole: EndToEnd | Unknown = UNTOLD
    shared: bool = True
    reopen: Rate | Unknown = UNTOLD
    eased: Eased | None = None

    def channel(self, team: int) -> str:
        """The channel of a stage, as Slack shows it."""
        return next(_where(stage.channel) for stage in self.stages if stage.team == team)


def linked(first: str, after: str, *, new: bool, shared: bool) -> Message:
    """The answer to the lead who linked two queues.

    Args:
        first: Slack channel id.
        after: … of the queue in which work goes on.
        new: Whether they were not linked before.
        shared: Whether both leads agreed that either team reads which of them holds work up.
    """
    said = f"{_where(first)} → {_where(after)} is {'linked' if new else 'linked already'}."
    more = (
        "Both teams now read which of them holds work up, and what is finished at its end."
        if shared
        else "Only times are shown. Load stays with each team until the other lead types the same: then both read "
        "which of them holds work up, and what is finished at its end."
    )
    return message(sections(said, more))


def unlinked(first: str, after: str, *, was: bool) -> Message:
    """The answer to the lead who took a link back."""
    said = "is no longer linked" if was else "was not linked"
    return message(sections(f"{_where(first)} → {_where(after)} {said}."))


def chain_list(chains: Sequence[Chain], *, more: bool = False) -> Message:
    """The chains that a team is part of, for its responders and lead.

    Args:
        chains: Those shown.
        more: Whether there are others.
    """
    if not chains:
        return message(
            sections(
                "No queues are linked. Where work done here goes on in another queue, the lead links the two: "
                "`/headroom links #first -> #next`."
            )
        )
    lines = [line for chain in chains for line in sections(*_chain(chain))]
    rest = sections("More chains go through this team; these are the first.") if more else []
    return message(
        [
            *lines,
            *rest,
            *context(
                "Times are working hours of each team, one after the other, of what was asked in the last 28 days; "
                "open requests count with their age, ranges of times hold in 8 of 10 cases. The bottleneck is the "
                "stage most likely to be nearest to its own danger line, or over it."
            ),
        ]
    )


def _chain(chain: Chain) -> list[str]:
    title = " → ".join(_where(stage.channel) for stage in chain.stages)
    return [f"*{title}*", *_whole(chain), _bottleneck(chain), _moved(chain), *_passed_on(chain)]


def _whole(chain: Chain) -> list[str]:
    """The time from end to end, on what it rests, and what goes through."""
    whole = chain.whole
    if isinstance(whole, Unknown):
        each = [f"{hours(stage.cycle.p50)} in {_where(stage.channel)}" for stage in chain.stages if stage.cycle]
        apart = f" Half of the requests are done within {', '.join(each)}." if each else ""
        return [f"The time from end to end is not known: {whole.reason}.{apart}"]
    median, late = hours_range(whole.p50.low, whole.p50.high), hours_range(whole.p90.low, whole.p90.high)
    stages = zip(whole.parts, chain.stages, strict=True)
    parts = ", ".join(f"{hours(part)} in {_where(stage.channel)}" for part, stage in stages)
    return [
        f"From end to end: half are done within {hours(whole.p50.value)} ({median}), nine in ten within "
        f"{hours(whole.p90.value)} ({late}). On average {hours(whole.mean)}: {parts}.",
        FOLLOWED.format(n=f"{whole.n:,}") if whole.followed else APART,
        *([_through(whole, chain.reopen)] if chain.shared else []),
    ]


FOLLOWED = "This rests on {n} requests, followed by the links with which they were handed on."
APART = (
    "This is added up from each stage's own times, as too few requests could be followed; the ranges allow for what is "
    "slow in one stage being slow in all. To have a request followed, post its link in the channel where it goes on."
)


def _through(whole: EndToEnd, reopen: Rate | Unknown) -> str:
    """What came and what was finished; the latter never without what came back."""
    said = f"Counting each request once, {number(whole.came_per_week)} a week came in"
    if not reopen:
        return f"{said}."
    back = f"{percent(reopen.low)[:-1]}–{percent(reopen.high)}"
    return f"{said} and {number(whole.done_per_week)} a week were finished at the end; {back} of those come back."


def _bottleneck(chain: Chain) -> str:
    if isinstance(chain.sure, Unknown):
        return f"Which stage holds work up is not known: {chain.sure.reason}."
    best = max(chain.stages, key=lambda stage: stage.p or 0)
    sure = "over 99%" if (best.p or 0) > CERTAIN else percent(best.p)
    odds = f"{_where(best.channel)} with {sure} probability"
    if chain.sure == best.team:
        moved = chain.moved is not None and chain.moved.rose  # then one thing to do is said there
        hand = "" if moved else " A hand there shortens the whole; faster work elsewhere does not."
        return f"Bottleneck: {odds}, two weeks running.{hand}"
    return f"Bottleneck: not sure yet. Most likely {odds}; named from {percent(SURE)} in two weeks running."


def _moved(chain: Chain) -> str:
    if chain.moved is None:
        return ""
    before, now = chain.channel(chain.moved.before), chain.channel(chain.moved.now)
    since = day(chain.moved.since)
    waits = f" {_waits(chain)}" if chain.eased is not None else ""
    if chain.moved.rose:
        return f"It moved from {before} to {now} in the week of {since} rather than shrank.{waits} {_advice(chain)}"
    left = f"{now} is the tightest stage now, though not clearly fuller than then"
    return f"{before} has eased since the week of {since}; {left}.{waits}"


def _waits(chain: Chain) -> str:
    """Both effects, so that the one is not taken for the whole."""
    e = chain.eased
    if chain.moved is None or e is None:
        return ""
    before, now = chain.channel(chain.moved.before), chain.channel(chain.moved.now)
    then, today = e.before_then + e.now_then, e.before_now + e.now_now
    return (
        f"The mean wait for a first answer went from {hours(e.before_then)} to {hours(e.before_now)} in {before} and "
        f"from {hours(e.now_then)} to {hours(e.now_now)} in {now}; together from {hours(then)} to {hours(today)}."
    )


def _advice(chain: Chain) -> str:
    """One thing to do where the bottleneck moved: slow what flows into it, or find it cover."""
    if chain.moved is None:
        return ""
    order = [stage.team for stage in chain.stages]
    before, now = chain.channel(chain.moved.before), chain.channel(chain.moved.now)
    if order.index(chain.moved.before) < order.index(chain.moved.now):
        return f"One thing to do: agree how much {before} hands on a day, until {now} has more cover."
    return f"One thing to do: find cover for {now} for a while; faster work after it does not shorten the whole."


def _passed_on(chain: Chain) -> list[str]:
    """A stage whose work leaves it more unevenly than by chance makes the next one wait longer."""
    uneven = [stage for stage in chain.stages[:-1] if stage.passes_on is not None and stage.passes_on > UNEVEN]
    return [
        f"{_where(stage.channel)} passes work on in bursts (variability {stage.passes_on:.1f}; 1 is like chance): "
        "handing on in smaller lots would shorten the wait after it."
        for stage in uneven
    ]


def moved_line(chain: Chain) -> str:
    """The digest's warning that the bottleneck moved rather than shrank; empty where it did not."""
    if chain.moved is None or not chain.moved.rose:
        return ""
    before, now = chain.channel(chain.moved.before), chain.channel(chain.moved.now)
    waits = _waits(chain) or f"What got faster in {before} waits in {now}."
    return (
        f"*The bottleneck moved* from {before} to {now} rather than shrank (two weeks running). {waits} "
        f"{_advice(chain)} More: `/headroom links`."
    )


def grows_faster(a: Assessment) -> str:
    """That organising the work grows faster than the work; empty where it does not, or the weeks cannot say."""
    if not a.growth or not a.coordination or a.growth.low <= 1:
        return ""
    whole = a.coordination.share
    shared = percent_range(whole.value, whole.low, whole.high)
    twice, low, high = (number(2**slope) for slope in (a.growth.slope, a.growth.low, a.growth.high))
    return (
        f"*Organising the work grows faster than the work*: {shared} of messages are questions for news, hand-offs and "
        f"clarifications. In weeks with twice the requests there are {twice} times as many of them ({low}–{high}; over "
        f"{a.growth.weeks} weeks). {_spare(a.coordination)}"
    )


def _spare(of: Coordination) -> str:
    """One thing to do about the largest part."""
    passed_on = of.handoffs.value + of.bounces.value
    asked = of.clarifications.value if of.clarifications else 0.0
    if asked > max(passed_on, of.chases.value):
        return "One thing to do: a form that asks for what is usually missing."
    if passed_on > of.chases.value:
        return "One thing to do: write down which requests go where, so that they start at the right desk."
    return "One thing to do: give each request a short first answer with a day."


def _where(channel: str) -> str:
    return f"<#{escape(channel)}>"
