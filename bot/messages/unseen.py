"""Work that Headroom cannot see, where waits tell of it: said as a range and asked about, never as a fact."""

from bot.health.results import Assessment
from bot.messages.numbers import percent


def unseen_line(a: Assessment) -> str:
    """What the waits mean beside the work seen, and how to say what is so; empty where they tell nothing.

    A share that the lead stated is in the utilization already, with its range.
    """
    found = a.capacity.unseen
    if not found or found.basis != "fitted":
        return ""
    low, high = percent(found.whole.low)[:-1], percent(found.whole.high)
    return (
        f"Over {found.weeks} weeks, seen work filled {percent(found.seen)} of the team's time, yet requests waited as "
        f"if {low}–{high} of it were taken. The rest may be work Headroom cannot see, such as meetings and direct "
        "messages. Is that so? The lead can state its share in `/headroom setup` under More, or mend the roster."
    )
