"""Linked queues: what the chain takes from end to end, which stage holds it up, and whether that moved."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.health.chain import SURE, Moved
from bot.health.results import Assessment, Spread
from bot.messages.blocks import context, escape, message, sections
from bot.messages.message import Message
from bot.messages.numbers import day, hours, number, percent, percent_range

EXAMPLE = "write for example /headroom links #first -> #next, or remove #first -> #next, or list"


@dataclass(frozen=True, slots=True)
class Stage:
    """One desk of a chain.

    Attributes:
        team: Storage's number of the team.
        channel: Slack channel id of its queue.
        cycle: Arrival until done, of the team that answers there; None where that is not known or not told.
        p: P(it is the bottleneck); None where that is not known or not told.
        passes_on: cd² of what leaves it; None where that is not known or not told.
    """

    team: int
    channel: str
    cycle: Spread | None
    p: float | None = None
    passes_on: float | None = None


@dataclass(frozen=True, slots=True)
class Chain:
    """Desks through which work goes one after another.

    Attributes:
        stages: In order.
        why: Why no bottleneck is told; empty where one is.
        sure: The bottleneck's team where it was sure two weeks running, else None.
        moved: That it is another one than before, else None.
    """

    stages: tuple[Stage, ...]
    why: str
    sure: int | None = None
    moved: Moved | None = None

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
        "Both teams now read which of them holds work up."
        if shared
        else "Only times are shown. Load stays with each team until the other lead types the same: then both read "
        "which of them holds work up."
    )
    return message(sections(said, more))


def unlinked(first: str, after: str, *, was: bool) -> Message:
    """The answer to the lead who took a link back."""
    said = "is no longer linked" if was else "was not linked"
    return message(sections(f"{_where(first)} → {_where(after)} {said}."))


def chain_list(chains: Sequence[Chain]) -> Message:
    """The chains that a team is part of, for its responders and lead."""
    if not chains:
        return message(
            sections(
                "No queues are linked. Where work done here goes on in another queue, the lead links the two: "
                "`/headroom links #first -> #next`."
            )
        )
    lines = [line for chain in chains for line in sections(*_chain(chain))]
    return message(
        [
            *lines,
            *context(
                "Times are working hours of each team, arrival until done, in the last 28 days, one stage after the "
                "other. The bottleneck is the stage most likely to be nearest to its own danger line, or over it."
            ),
        ]
    )


def _chain(chain: Chain) -> list[str]:
    title = " → ".join(_where(stage.channel) for stage in chain.stages)
    known = [stage.cycle.mean for stage in chain.stages if stage.cycle is not None]
    if len(known) == len(chain.stages):
        total = f"From end to end {hours(sum(known))} on average, of which "
        total += ", ".join(
            f"{hours(mean)} in {_where(stage.channel)}" for mean, stage in zip(known, chain.stages, strict=True)
        )
    else:
        missing = " and ".join(_where(stage.channel) for stage in chain.stages if stage.cycle is None)
        total = f"From end to end not known: no time is told of {missing}"
    return [f"*{title}*", f"{total}.", _bottleneck(chain), _moved(chain), *_passed_on(chain)]


def _bottleneck(chain: Chain) -> str:
    if chain.why:
        return f"Which stage holds work up is not known: {chain.why}."
    best = max(chain.stages, key=lambda stage: stage.p or 0)
    odds = f"{_where(best.channel)} with {percent(best.p)} probability"
    if chain.sure == best.team:
        return (
            f"Bottleneck: {odds}, two weeks running. A hand there shortens the whole; faster work elsewhere does not."
        )
    return f"Bottleneck: not sure yet. Most likely {odds}; named from {percent(SURE)} in two weeks running."


def _moved(chain: Chain) -> str:
    if chain.moved is None:
        return ""
    before, now = chain.channel(chain.moved.before), chain.channel(chain.moved.now)
    if chain.moved.rose:
        since = day(chain.moved.since)
        return f"It moved from {before} to {now}, since the week of {since}: {now} has more load than then."
    return f"{before} has eased since the week of {day(chain.moved.since)}; {now} is what is left, no fuller than then."


def _passed_on(chain: Chain) -> list[str]:
    """A stage whose work leaves it more unevenly than by chance makes the next one wait longer."""
    uneven = [stage for stage in chain.stages[:-1] if stage.passes_on is not None and stage.passes_on > UNEVEN]
    return [
        f"{_where(stage.channel)} passes work on in bursts (variability {stage.passes_on:.1f}; 1 is like chance): "
        "handing on in smaller lots would shorten the wait after it."
        for stage in uneven
    ]


UNEVEN = 1.5
"""Squared coefficient of variation of departures from which a stage is said to pass work on in bursts."""


def moved_line(chain: Chain) -> str:
    """The digest's warning that the bottleneck moved rather than shrank; empty where it did not."""
    if chain.moved is None or not chain.moved.rose:
        return ""
    before, now = chain.channel(chain.moved.before), chain.channel(chain.moved.now)
    return (
        f"*The bottleneck moved* from {before} to {now} (two weeks running): what got faster in one waits in the "
        "next. Look at both together: `/headroom links`."
    )


def grows_faster(a: Assessment) -> str:
    """That organising the work grows faster than the work; empty where it does not, or the weeks cannot say."""
    if a.growth is None or a.coordination is None or a.growth.low <= 1:
        return ""
    shared = percent_range(a.coordination.value, a.coordination.low, a.coordination.high)
    slope = f"{number(a.growth.slope)} ({number(a.growth.low)}–{number(a.growth.high)}, {a.growth.weeks} weeks)"
    return (
        f"*Organising the work grows faster than the work*: {shared} of messages are questions for news, hand-offs and "
        f"clarifications, growing with the volume to the power of {slope}. A form that asks for what is usually "
        "missing would spare rounds."
    )


def _where(channel: str) -> str:
    return f"<#{escape(channel)}>"
