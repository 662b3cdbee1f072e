"""The report for a terminal: the same truths as its JSON, with units, ranges and basis."""

from typing import Any

from bot.report.drift_text import drift_text
from bot.report.layout import PARTS, RATES
from bot.report.serialize import Json

BASES = {
    "claims": "from claims and dones",
    "replies": "from replies",
    "stated": "from the stated hands-on time",
}
SUGGESTIONS = {
    "add_cover": "find cover for a while",
    "pause_intake": "pause or slow the intake until the queue is back",
    "office_hours": "collect questions into office hours",
    "park_openly": "give waiting work back openly instead of holding it",
    "look_back": "look at what comes back, and mend what most of it shares",
    "keep_slack": "keep the slack there is",
}


def text(shown: Json) -> str:
    """A report, as `bot.report.report.report` makes it, for people to read."""
    parts = [
        _head(shown),
        drift_text(shown["drift"]),
        _flow(shown),
        _capacity(shown),
        _quality(shown),
        _focus(shown["focus"]),
        _coordination(shown["coordination"]),
        _data(shown),
    ]
    return "\n".join(line for part in parts for line in part) + "\n"


def _head(shown: Json) -> list[str]:
    since = f", since the week of {shown['since']}" if shown["since"] else ""
    lines = [
        f"{shown['team']} · {shown['as_of']} · last {shown['window_days']} days",
        f"Level: {shown['level']}{since}",
    ]
    why = shown["data_quality"]["missing"].get("level")
    lines += [f"  because {why}"] if why else []
    lines += [f"  {reason['text']}" for reason in shown["reasons"]]
    if shown["suggestion"] in SUGGESTIONS:
        lines.append(f"  One thing to do: {SUGGESTIONS[shown['suggestion']]}.")
    return lines


def _flow(shown: Json) -> list[str]:
    flow = shown["flow"]
    trend = "" if flow["trend"] is None else f" ({flow['trend']:+.0%} from the first half of the window to the second)"
    return [
        "",
        "Flow",
        _row("Arrivals", flow["arrivals_per_week"], "{:.1f} a week", trend),
        _row("Done", flow["done_per_week"], "{:.1f} a week", _beside(shown["quality"])),
        _row("Open now", flow["open"], "{:d}"),
        _spread("Wait", flow["wait_hours"]),
        _spread("Cycle", flow["cycle_hours"]),
        _ahead(flow["next_week_wait_hours"]),
        _row("Hands-on time", flow["service_hours"], "{:.2f} working hours a request"),
    ]


def _ahead(found: Json | None) -> str:
    """The wait to come, with its range."""
    if found is None:
        return _row("Week ahead", None, "")
    between = f" ({found['low']:.1f}–{found['high']:.1f}, 80% range){_planned(found)}"
    return _row("Week ahead", found["value"], "{:.1f} working hours until a first answer, on average", between)


def _planned(found: Json) -> str:
    """What known peaks do to these days; empty without any."""
    if not found["planned"]:
        return ""
    grows = ", more than can be done: the wait grows from day to day" if found["grows"] else ""
    return f", with the peak planned ({found['planned']:+.0%} in these days{grows})"


def _capacity(shown: Json) -> list[str]:
    capacity, resilience = shown["capacity"], shown["resilience"]
    use = capacity["utilization"]
    lines = [
        "",
        "Capacity",
        _row("People", capacity["people"], "{:d}"),
        _row("Hours", capacity["hours_per_week"], "{:.0f} a week"),
    ]
    if use is None or None in (use["value"], use["low"], use["high"]):
        lines.append(_row("Utilization", None, ""))
    else:
        extent = f"{use['value']:.0%} (80% range {use['low']:.0%}–{use['high']:.0%}, {BASES[use['basis']]})"
        lines.append(_row("Utilization", extent, "{}"))
        if use["parked_work"]:
            lines.append("    Parked work: requests are held while nothing is done on them.")
    lines += _unseen(capacity["unseen"])
    lines += [
        _row("Danger line", capacity["danger_line"], "{:.0%}"),
        _row("Chance to be over", capacity["p_over_line"], "{:.0%}"),
        _row("Predicted wait", capacity["predicted_wait_hours"], "{:.1f} working hours"),
    ]
    return lines + _slack(resilience)


def _unseen(found: Json | None) -> list[str]:
    """What waits tell of work that cannot be seen; a stated share is in the utilization already."""
    if found is None or found["basis"] != "fitted":
        return []
    both, seen = found["with_seen"], found["with_seen"]["value"] - found["value"]
    return [
        f"    Seen work filled {seen:.0%} over {found['weeks']} weeks; waits this long mean "
        f"{both['low']:.0%}–{both['high']:.0%} with work Headroom cannot see (meetings, direct messages). Is that so? "
        "The lead can state its share in set-up."
    ]


def _slack(resilience: Json) -> list[str]:
    low, high = resilience["slack_hours_per_week_low"], resilience["slack_hours_per_week_high"]
    extent = "" if low is None or high is None else f" (80% range {low:.0f} to {high:.0f})"
    lines = [_row("Slack", resilience["slack_hours_per_week"], "{:.0f} h a week", extent)]
    if resilience["slack_hours_per_week"] is not None:
        lines.append("    It pays for the bad weeks, for one person away, and for load that nobody sees here.")
    more = resilience["surge_requests_per_day"]
    daily = "" if more is None else f" ({more:+.1f} requests a day)"
    return [
        *lines,
        _row("Surge it takes", resilience["surge_tolerance"], "{:+.0%} of today's demand", daily),
        _row("One away", resilience["recovery_days_one_away"], "working days to recover: {:.0f}", _late(resilience)),
    ]


def _late(resilience: Json) -> str:
    late = resilience["recovery_days_one_away_p80"]
    return "" if late is None else f" (in four of five replays no more than {late:.0f})"


def _quality(shown: Json) -> list[str]:
    return [
        "",
        "Quality",
        *(_rate(row.name, shown["quality"][row.key]) for row in RATES),
        _rate("Had to ask again", shown["coordination"]["chase_share"]),
        *_compared(shown["quality"]),
        *_equation(shown["quality"]["efficiency"]),
    ]


def _beside(quality: Json) -> str:
    """Done is never said alone: what came back, and what was escalated."""
    rates = (("came back", quality["reopen_rate"]), ("escalated", quality["escalation_rate"]))
    said = [f"{rate['value']:.1%} {name}" for name, rate in rates if rate is not None and rate["value"] is not None]
    return f" ({', '.join(said)})" if said else " (how many came back is not known)"


GUARDS = {"reopen": "Came back", "escalation": "Escalated", "satisfaction": "Solved, they say"}
OUTCOMES = {
    "done_not_reopened": "finished and not come back",
    "done_not_escalated": "finished, not come back, not escalated",
    "done_in_target": "finished, not come back, begun within the target",
}


def _compared(quality: Json) -> list[str]:
    """The latest weeks against those before: throughput, its guards, and what they say together."""
    weeks, rate = quality["compared"], quality["throughput"]
    if weeks is None:
        return []
    lines = [f"  The {weeks['weeks']} weeks before {weeks['until']}, against the {weeks['weeks']} before those:"]
    if rate is not None:
        extent = _change(rate["ratio"])
        lines.append(f"    Done {rate['now_per_week']:.1f} a week, before {rate['before_per_week']:.1f} ({extent})")
        if rate["split"]:
            lines.append(
                f"    Each took less work by about as much ({_change(rate['size_ratio'])}): not counted as more."
            )
    for name, guard in (quality["guards"] or {}).items():
        if guard is not None:
            now, before = guard["now"], guard["before"]
            verdict = f"worse (P {guard['p_worse']:.2f})" if guard["worse"] else "not clearly worse"
            told = f"{now['value']:.1%} of {now['n']}, before {before['value']:.1%} of {before['n']}: {verdict}"
            lines.append(f"    {GUARDS[name]} {told}")
    if quality["false_efficiency"]:
        lines.append(
            "    More was finished, and quality paid for it. One thing to do: look together at what came back."
        )
    loop = quality["loop"]
    if loop is not None and loop["there"]:
        lines.append(_looped(loop))
    return lines


def _looped(loop: Json) -> str:
    wait, chase, jobs = (loop[key] for key in ("wait_hours", "chase_share", "jobs_per_request"))
    return (
        f"    The load feeds itself: mean wait {wait['before']:.1f} → {wait['now']:.1f} h, had to ask again "
        f"{chase['before']['value']:.0%} → {chase['now']['value']:.0%}, jobs a request "
        f"{jobs['before']:.2f} → {jobs['now']:.2f}. One thing to do: give each a short first answer with a day."
    )


def _equation(equation: Json | None) -> list[str]:
    """All three figures of the team's own equation, or which are not known."""
    if equation is None:
        return []
    unit = f"{{:.2f}} {equation['currency'] or ''}".rstrip()
    return [
        f"  A good outcome: {OUTCOMES[equation['outcome']]}",
        _figure("For an hour on duty", equation["good_per_person_hour"], "{:.3g}"),
        _figure("Cost of one", equation["cost_per_good_outcome"], unit),
        _figure("Cycle", equation["cycle_hours"], "{:.1f} h"),
    ]


def _figure(name: str, figure: Json | None, form: str) -> str:
    if figure is None:
        return f"    {name}: not known"
    span = f"95% range {form.format(figure['low'])}–{form.format(figure['high'])}"
    moved = "" if figure["change"] is None else f"; {_change(figure['change'])}"
    return f"    {name}: {form.format(figure['value'])} ({span}{moved})"


def _change(ratio: Json) -> str:
    return f"{ratio['value'] - 1:+.0%}, 95% range {ratio['low'] - 1:+.0%} to {ratio['high'] - 1:+.0%}"


def _focus(focus: Json | None) -> list[str]:
    if focus is None:
        return []
    often, quiet, lost = focus["interruptions_per_person_day"], focus["quiet_share"], focus["lost_hours_per_week"]
    return [
        "",
        f"Focus, since {focus['since']}",
        _row("Interruptions", f"{often['low']:.1f}–{often['high']:.1f} a person-day, averaged over the team", "{}"),
        _row("Quiet hours", f"{quiet['low']:.0%}–{quiet['high']:.0%} of core hours", "{}"),
        _row("To find back", f"{lost['low']:.1f}–{lost['high']:.1f} h a week (1 to 23 minutes each time)", "{}"),
    ]


def _coordination(found: Json) -> list[str]:
    """What organising the work costs: its share of what is said, in parts, and whether it outgrows the work."""
    if found["message_share"] is None:
        return []
    parts = [_rate(row.name, found["parts"][row.key]) for row in PARTS]
    return ["", "Coordination", _rate("Of all messages", found["message_share"]), *parts, *_growth(found["growth"])]


def _growth(growth: Json | None) -> list[str]:
    if growth is None:
        return [_row("Growth", None, "")]
    slope = f"volume to the power of {growth['slope']:.1f} ({growth['low']:.1f}–{growth['high']:.1f}, 95% range)"
    verdict = "faster than the work" if growth["low"] > 1 else "not clearly faster than the work"
    beside = f"; by Theil–Sen {growth['robust']:.1f}, {growth['weeks']} weeks"
    return [_row("Growth", slope, "{}", f"{beside}: {verdict}")]


def _data(shown: Json) -> list[str]:
    quality = shown["data_quality"]
    ratio = quality["little_ratio"]
    lines = [
        "",
        "Data",
        _row("Little's law", ratio, "{:.2f} (1 when arrivals, waits and open requests agree)"),
    ]
    lines += [f"  {note}" for note in quality["notes"]]
    calm = shown["level"] not in ("watch", "danger")  # then nothing needs explaining
    reasons: dict[str, list[str]] = {}
    for key, why in quality["missing"].items():
        if _told(key) and not (key.startswith("drift.") and calm):
            reasons.setdefault(why, []).append(key)
    return lines + [f"  Not known, {why}: {', '.join(keys)}." for why, keys in reasons.items()]


def _told(key: str) -> bool:
    """Details of the weekly history and of single reasons, and why waits tell nothing, stand in the JSON only."""
    return key != "capacity.unseen" and key.split(".", maxsplit=1)[0] not in ("weeks", "reasons", "level", "since")


def _row(name: str, value: Any, form: str, more: str = "") -> str:
    if value is None:
        return f"  {name:18}not known"
    return f"  {name:18}{form.format(value)}{more}"


def _requests(n: int) -> str:
    return f"{n} request" if n == 1 else f"{n} requests"


def _spread(name: str, spread: Json | None) -> str:
    if spread is None or spread["p50"] is None:
        return _row(name, None, "")
    p50, p90, mean = (spread[key] for key in ("p50", "p90", "mean"))
    tail = "" if p90 is None else f", nine of ten within {p90:.1f}"
    middle = "" if mean is None else f", mean {mean:.1f}"
    return _row(name, p50, "half within {:.1f} working hours", f"{tail}{middle} ({_requests(spread['n'])})")


def _rate(name: str, rate: Json | None) -> str:
    if rate is None or rate["value"] is None:
        return _row(name, None, "")
    if rate["low"] is None or rate["high"] is None:
        return _row(name, rate["value"], "{:.1%}", f" of {rate['n']}")
    return _row(name, rate["value"], "{:.1%}", f" of {rate['n']} (95% range {rate['low']:.1%}–{rate['high']:.1%})")
