"""What a team is told and asked, and how often: as a form, and as sentences."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.messages import actions
from bot.messages.blocks import actions as row
from bot.messages.blocks import button, context, escape, message, plain_text, sections
from bot.messages.inputs import boxes, field, select, text
from bot.messages.message import Block, Message
from bot.messages.numbers import day as day_of_year

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HOW_OFTEN = {"weekly": "once a week", "fortnightly": "every two weeks", "monthly": "once a month", "off": "never"}
SWITCHES = {
    "pulse_reminder": "One reminder of each pulse, to everyone",
    "solved": "Ask requesters, now and then, whether a request was solved",
    "friction": "Let people report process flaws without a name",
    "gains": "Keep a ledger of gains",
}
"""Switch of a rhythm → what it says."""

ASKING = ("pulse_reminder", "friction")
"""Switches that ask something of responders, which needs five people."""

TOO_FEW = (
    "Pulse and flaw reports are left out: among fewer than five people, everybody would know who answered. "
    "The digest and the ledger of gains are for teams of any size."
)
TIME_LENGTH = 5


def rhythm_view(team: str, team_id: int, wishes: dict[str, str], switched: list[str], *, asks: bool) -> Block:
    """The form.

    Args:
        team: The team's name.
        team_id: Storage's number of it; comes back in `private_metadata`.
        wishes: `digest`, `day`, `time` and `pulse` as they stand.
        switched: Names of the switches that are on.
        asks: Whether the team has the five people that asking takes.
    """
    name = escape(team)
    offered = [(key, label) for key, label in SWITCHES.items() if asks or key not in ASKING]
    pulse = [field(actions.RHYTHM_PULSE, "Pulse: a few questions to everyone", _often(wishes["pulse"], "fortnightly"))]
    return {
        "type": "modal",
        "callback_id": actions.RHYTHM_VIEW,
        "private_metadata": str(team_id),
        "title": plain_text("What we are told", 24),
        "submit": plain_text("Save", 24),
        "close": plain_text("Cancel", 24),
        "blocks": [
            *sections(f"What {name} is told and asked, and how often."),
            field(actions.RHYTHM_DIGEST, "Digest: how the week went", _often(wishes["digest"])),
            field(
                actions.RHYTHM_DAY,
                "Day of the digest",
                select([(str(n), label) for n, label in enumerate(DAYS)], wishes["day"]),
                hint="On a holiday it comes on the next working day.",
            ),
            field(
                actions.RHYTHM_TIME,
                "Time of the digest",
                text(wishes["time"], TIME_LENGTH),
                hint="In the team's time zone and working hours, such as 09:00.",
            ),
            *(pulse if asks else context(TOO_FEW)),
            field(
                actions.RHYTHM_SWITCHES,
                "Also",
                boxes(offered, switched),
                optional=True,
                hint="Each is a switch of its own: what is off is neither asked nor kept.",
            ),
        ],
    }


def _often(chosen: str, *more: str) -> Block:
    keys = [key for key in HOW_OFTEN if key in ("weekly", *more, "monthly", "off")]
    return select([(key, HOW_OFTEN[key].capitalize()) for key in keys], chosen)


def standing(team: str, team_id: int, how_often: str, day: int, minute: int, after: float | None, tz: str) -> Message:
    """The digest's rhythm as it is, with the ways to change it.

    Args:
        team: The team's name.
        team_id: Storage's number of it, for the button.
        how_often: `weekly`, `monthly` or `off`.
        day: Monday 0.
        minute: Of the team's day.
        after: Unix second of the next digest; None for none.
        tz: The team's time zone.
    """
    said = rhythm_line(team, how_often, day, minute, after, tz)
    ways = "Change it with `/headroom digest monday 09:00`, `weekly`, `monthly` or `off`; `now` shows it to you alone."
    return message([*sections(said, ways), row([button("All settings", actions.RHYTHM_OPEN, str(team_id))])])


def saved(team: str, how_often: str, day: int, minute: int, after: float | None, tz: str) -> Message:
    """What holds from now on."""
    return message(sections(f"Saved. {rhythm_line(team, how_often, day, minute, after, tz)}"))


def saved_view(said: Message) -> Block:
    """The same in place of the form."""
    return {
        "type": "modal",
        "title": plain_text("What we are told", 24),
        "close": plain_text("Close", 24),
        "blocks": list(said.blocks),
    }


def rhythm_line(team: str, how_often: str, day: int, minute: int, after: float | None, tz: str) -> str:
    """`The digest of Deal desk comes once a week, on Monday at 09:00 team time; the next on Mon 11 May.`."""
    name = escape(team)
    if how_often == "off":
        return f"{name} gets no digest. `/headroom` shows the numbers at any time."
    first = "on the first " if how_often == "monthly" else "on "
    then = "" if after is None else f"; the next {_when(after, tz)}"
    at = f"{minute // 60:02}:{minute % 60:02}"
    return f"The digest of {name} comes {HOW_OFTEN[how_often]}, {first}{DAYS[day]} at {at} team time{then}."


def _when(at: float, tz: str) -> str:
    local = datetime.fromtimestamp(at, ZoneInfo(tz))
    return f"on {local:%a} {day_of_year(local.date())}"
