"""What the bot cost the team last month, in one line."""

from bot.health.burden import BUDGET, Burden
from bot.messages.numbers import count, number

OVER = "That is too much: on the Home tab, the lead can make the digest monthly."
WITHIN = "Too much still? On the Home tab, the lead can make the digest monthly."


def burden_line(b: Burden) -> str:
    """`Headroom's own cost in March: 9 posts, 14 taps, 3.1 of at most 10 min a person, estimated; …`.

    With alerts, it says how many were acted on; it ends in how to get fewer.
    """
    minutes = _minutes(b)
    alerts = f" Alerts acted on: {b.acted_on} of {b.alerts}." if b.alerts else ""
    told = [count(b.posts, "post"), *([] if b.taps is None else [count(b.taps, "tap")]), minutes]
    said = f"Headroom's own cost in {b.month:%B}: {', '.join(told)}.{alerts}"
    return f"{said} {OVER if b.over else WITHIN}"


def _minutes(b: Burden) -> str:
    if b.a_person is None:
        return "nobody's time, since nobody is on the roster"
    least = "" if b.whole else "at least "
    basis = "238 words a minute" if b.taps is None else "238 words a minute, 5 s a tap"
    return f"about {least}{number(b.a_person)} min a person of the {number(BUDGET)} it allows itself ({basis})"
