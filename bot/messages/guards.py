"""Speed beside its guards, in words: what came back, what was escalated, who says it was solved."""

from datetime import timedelta

from bot.health.results import Assessment, Guard, Guarded, Loop, Rate, Ratio, Unknown
from bot.messages.numbers import bare_hours, day, number, percent
from bot.messages.solved import share as solved

_TITLES = {
    "reopen": "more came back",
    "escalation": "more was escalated",
    "satisfaction": "fewer say that it was solved",
}
_COSTS = {
    "reopen": "What comes back is done twice, so part of the gain may be lost again.",
    "escalation": "What is escalated takes others' time too, so part of the gain may be lost again.",
    "satisfaction": "What is not solved is asked again, so part of the gain may be lost again.",
}
_MENDS = {
    "reopen": "take three that came back and look together at what the first answer lacked",
    "escalation": "take three that were escalated and agree which sign should have been seen sooner",
    "satisfaction": "read three requests of the last weeks together, and ask those who wrote them what was missing",
}


def beside(a: Assessment) -> str:
    """What stands beside every throughput: `Of those finished, 8% came back (95% range 3–18%), …`."""
    parts, of = [], a.quality
    if of.reopen:
        parts.append(f"of those finished, {_rate(of.reopen)} came back")
    else:
        parts.append("how many of those finished came back is not known yet")
    if of.escalation:
        parts.append(f"{_rate(of.escalation)} of requests were escalated")
    said = ("; ".join(parts) + ".").replace("of those", "Of those", 1) if of.reopen else "; ".join(parts) + "."
    said = said[:1].upper() + said[1:]
    ranges = " In brackets 95% ranges." if "(" in said else ""
    return f"{said}{ranges}{' ' + solved(of.satisfaction) if of.satisfaction else ''}"


def _rate(rate: Rate) -> str:
    if round(rate.high * 100) == 0:
        return "under 1%"
    return f"{percent(rate.value)} ({percent(rate.low)[:-1]}–{percent(rate.high)})"


def warnings(found: Guarded) -> list[str]:
    """Lines for when speed was paid for with quality, and for when the load feeds itself."""
    return [line for line in (false_efficiency(found), loop(found)) if line]


def news(found: Guarded) -> list[str]:
    """The same, and a line for when requests were split."""
    split = found.throughput and found.throughput.split
    return [*warnings(found), *([_split(found)] if split else [])]


def false_efficiency(found: Guarded) -> str:
    """`*More was finished, and more came back*: …`, ending in one thing to do; empty where it is not so."""
    t = found.throughput
    if not found.false_efficiency or not t:
        return ""
    worst = max(found.worse, key=lambda name: found.worse[name].p_worse)
    told = "; ".join(_moved(name, guard) for name, guard in found.worse.items())
    return (
        f"*More was finished, and {_TITLES[worst]}*: {number(t.now)} a week instead of {number(t.before)} "
        f"({change(t.ratio)}), and {told}, {_weeks(found)}. {_COSTS[worst]} "
        f"One thing to do: {_MENDS[worst]}."
    )


def _moved(measure: str, guard: Guard) -> str:
    """`14% of 160 came back instead of 6% of 130 (98% sure)`."""
    what = {"reopen": "came back", "escalation": "were escalated", "satisfaction": "answers say that it was solved,"}
    now, before = guard.now, guard.before
    return f"{_of(now)} {what[measure]} instead of {_of(before)} ({_sure(guard.p_worse)})"


def _of(rate: Rate) -> str:
    return f"{percent(rate.value)} of {rate.n}"


def _sure(p: float) -> str:
    return f"{min(int(p * 100), 99)}% sure"


def loop(found: Guarded) -> str:
    """`*Waiting makes work*: …` with its evidence, ending in one thing to do; empty where the loop is not there."""
    of = found.loop
    if not of or not of.there:
        return ""
    return (
        f"*Waiting seems to make work*: {_evidence(of)}, {_weeks(found)}. Slower answers bring more questions and "
        "more work, which slow the answers. One thing to do: give each new request a short first answer with a day "
        "when it goes on, so that nobody has to ask again."
    )


def _evidence(of: Loop) -> str:
    return (
        f"the mean wait went from {bare_hours(of.wait_before)} to {bare_hours(of.wait_now)}, "
        f"{_of(of.chase_now)} had to ask again instead of {_of(of.chase_before)}, "
        f"and 100 requests made {number(100 * of.jobs_now)} jobs instead of {number(100 * of.jobs_before)}, "
        f"as some came back (each rise is at least {_sure(min(of.p))})"
    )


def _split(found: Guarded) -> str:
    t = found.throughput
    if not t or not t.size:
        return ""
    return (
        f"More requests were finished ({change(t.ratio)}), but each took less work by about as much "
        f"({change(t.size)}): this is not counted as more throughput, as it may be the same work in smaller pieces."
    )


def _weeks(found: Guarded) -> str:
    """`in the 8 weeks to 3 May against the 8 before`."""
    of = found.compared
    return f"in the {of.weeks} weeks to {day(of.until - timedelta(days=1))} against the {of.weeks} before" if of else ""


def change(ratio: Ratio) -> str:
    """`up 30%, 95% range +12% to +50%`."""
    moved = ratio.value - 1
    way = "no change" if round(moved * 100) == 0 else f"{'up' if moved > 0 else 'down'} {percent(abs(moved))}"
    return f"{way}, 95% range {_signed(ratio.low)} to {_signed(ratio.high)}"


def _signed(value: float) -> str:
    size = percent(abs(value - 1))
    return size if size == "0%" else f"{'+' if value > 1 else '−'}{size}"


def compared(measure: str, guard: Guard | Unknown) -> str:
    """One guard now and before: `8% of 120 came back (4–14%); 6% of 110 before; no clear change`."""
    what = {
        "reopen": "of finished requests came back",
        "escalation": "of requests were escalated",
        "satisfaction": "of the answers say that it was solved",
    }[measure]
    if isinstance(guard, Unknown):
        name = {"reopen": "Came back", "escalation": "Escalated", "satisfaction": "Solved, they say"}[measure]
        return f"• {name}: not known, {guard.reason}."
    verdict = f"worse, {_sure(guard.p_worse)}" if guard.worse else "not clearly worse"
    return (
        f"• {_rate(guard.now)} {what}, of {guard.now.n}; before {_rate(guard.before)}, of {guard.before.n}: {verdict}."
    )
