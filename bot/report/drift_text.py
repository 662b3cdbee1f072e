"""The report's part on drift for a terminal: since when, of what, where to."""

from bot.messages.explained import SURE_ENOUGH
from bot.report.serialize import Json

NAMES = {
    "mix": "the mix of queues",
    "demand": "requests per open hour",
    "service": "hours a request takes",
    "hours": "hours on duty",
    "rework": "jobs that came back",
}


def drift_text(shown: Json) -> list[str]:
    """Lines for a terminal; none where nothing is known."""
    lines = []
    if began := shown["began"]:
        lines.append(f"  Began             week of {began['week']} (80% range {began['low']} to {began['high']})")
    if causes := shown["causes"]:
        change, weeks = causes["change"], f"{causes['weeks_before']} weeks before, {causes['weeks_now']} now"
        span = f"80% range {change['low']:+.0%} to {change['high']:+.0%}"
        lines.append(f"  Load              {change['value']:+.0%} ({span}; {weeks}), of which")
        for cause in causes["of"]:
            share, queue = cause["share"], f", mostly in {cause['queue']}" if cause["queue"] else ""
            span = f"80% range {share['low']:.0%} to {share['high']:.0%}"
            lines.append(f"    {share['value']:4.0%}  {NAMES[cause['name']]} ({span}){queue}")
    if likely := shown["likely"]:
        lines.append(f"  Likeliest change  {NAMES[likely['name']]} ({_sure(likely['p'])} sure)")
    if present := (shown["likely"] or {}).get("present") or (causes or {}).get("present"):
        span = f"80% range {present['low']:.0%} to {present['high']:.0%}"
        lines.append(f"  Seen at work      {present['value']:.0%} of the people on the roster ({span})")
    if ahead := shown["outlook"]:
        lines.append(f"  The wait doubles  {_doubles(ahead)}")
    return ["", "Drift", *lines] if lines else []


def _doubles(ahead: Json) -> str:
    if ahead["already"] >= SURE_ENOUGH:
        return f"it has already ({_sure(ahead['already'])} sure)"
    when = f"about {ahead['doubles']}; " if ahead["doubles"] else ""
    return f"{when}{_sure(ahead['p'])} sure by {ahead['until']}, if the load goes on so"


def _sure(p: float) -> str:
    """Never quite sure."""
    return f"{p:.0%}" if p < 0.95 else "over 95%"
