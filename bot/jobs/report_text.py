"""The report for a terminal: the same truths as its JSON, with units, ranges and basis."""

from typing import Any

Json = dict[str, Any]

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
    "keep_slack": "keep the slack there is",
}


def text(shown: Json) -> str:
    """A report, as `bot.jobs.report.report` makes it, for people to read."""
    parts = [_head(shown), _flow(shown["flow"]), _capacity(shown), _quality(shown), _data(shown)]
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


def _flow(flow: Json) -> list[str]:
    trend = "" if flow["trend"] is None else f" ({flow['trend']:+.0%} from the first half of the window to the second)"
    return [
        "",
        "Flow",
        _row("Arrivals", flow["arrivals_per_week"], "{:.1f} a week", trend),
        _row("Done", flow["done_per_week"], "{:.1f} a week"),
        _row("Open now", flow["open"], "{:d}"),
        _spread("Wait", flow["wait_hours"]),
        _spread("Cycle", flow["cycle_hours"]),
        _row("Hands-on time", flow["service_hours"], "{:.2f} working hours a request"),
    ]


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
    lines += [
        _row("Danger line", capacity["danger_line"], "{:.0%}"),
        _row("Chance to be over", capacity["p_over_line"], "{:.0%}"),
        _row("Predicted wait", capacity["predicted_wait_hours"], "{:.1f} working hours"),
    ]
    return lines + _slack(resilience)


def _slack(resilience: Json) -> list[str]:
    low, high = resilience["slack_hours_per_week_low"], resilience["slack_hours_per_week_high"]
    extent = "" if low is None or high is None else f" (80% range {low:.0f}–{high:.0f})"
    lines = [_row("Slack", resilience["slack_hours_per_week"], "{:.0f} h a week", extent)]
    if resilience["slack_hours_per_week"] is not None:
        lines.append("    It pays for the bad weeks, for one person away, and for load that nobody sees here.")
    more = resilience["surge_requests_per_day"]
    daily = "" if more is None else f" ({more:+.1f} requests a day)"
    return [
        *lines,
        _row("Surge it takes", resilience["surge_tolerance"], "{:+.0%} of today's demand", daily),
        _row("One away", resilience["recovery_days_one_away"], "{:.0f} working days to recover", _late(resilience)),
    ]


def _late(resilience: Json) -> str:
    late = resilience["recovery_days_one_away_p80"]
    return "" if late is None else f" (in four of five replays no more than {late:.0f})"


def _quality(shown: Json) -> list[str]:
    return [
        "",
        "Quality",
        _rate("Came back", shown["quality"]["reopen_rate"]),
        _rate("Escalated", shown["quality"]["escalation_rate"]),
        _rate("Solved, they say", shown["quality"]["satisfaction"]),
        _rate("Had to ask again", shown["coordination"]["chase_share"]),
    ]


def _data(shown: Json) -> list[str]:
    quality = shown["data_quality"]
    ratio = quality["little_ratio"]
    lines = [
        "",
        "Data",
        _row("Little's law", ratio, "{:.2f} (1 when arrivals, waits and open requests agree)"),
    ]
    lines += [f"  {note}" for note in quality["notes"]]
    reasons: dict[str, list[str]] = {}
    for key, why in quality["missing"].items():
        if _told(key):
            reasons.setdefault(why, []).append(key)
    return lines + [f"  Not known, {why}: {', '.join(keys)}." for why, keys in reasons.items()]


def _told(key: str) -> bool:
    """Details of the weekly history and of single reasons stand in the JSON only."""
    return key.split(".", maxsplit=1)[0] not in ("weeks", "reasons", "level", "since")


def _row(name: str, value: Any, form: str, more: str = "") -> str:
    if value is None:
        return f"  {name:18}not known"
    return f"  {name:18}{form.format(value)}{more}"


def _spread(name: str, spread: Json | None) -> str:
    if spread is None or spread["p50"] is None:
        return _row(name, None, "")
    p50, p90, mean = (spread[key] for key in ("p50", "p90", "mean"))
    tail = "" if p90 is None else f", nine of ten within {p90:.1f}"
    middle = "" if mean is None else f", mean {mean:.1f}"
    return _row(name, p50, "half within {:.1f} working hours", f"{tail}{middle} ({spread['n']} requests)")


def _rate(name: str, rate: Json | None) -> str:
    if rate is None or rate["value"] is None:
        return _row(name, None, "")
    if rate["low"] is None or rate["high"] is None:
        return _row(name, rate["value"], "{:.1%}", f" of {rate['n']}")
    return _row(name, rate["value"], "{:.1%}", f" of {rate['n']} (95% range {rate['low']:.1%}–{rate['high']:.1%})")
