"""`/headroom plan` and `/headroom change`: peaks known beforehand, and days on which something changed."""

import re
from datetime import date

from bot.errors import BadInputError
from bot.health.peaks import Peak
from bot.messages.blocks import clean
from bot.messages.dated import EXAMPLE as CHANGE_EXAMPLE
from bot.messages.dated import TITLE, Entry, change_cancelled, marked
from bot.messages.help import Command, Role
from bot.messages.message import Message
from bot.messages.plans import EXAMPLE, cancelled
from bot.messages.problem import problem
from bot.services import changes as change_jobs
from bot.services import plans as plan_jobs
from bot.services.audience import team_day
from handlers.away_words import MEND, NEAREST, read_days
from handlers.rows import Call, Row, Word, split_word
from storage import changes, plans
from storage.changes import Change

LEAST, MOST = 0.05, 4.0
"""What a plan may add, as a share of today's demand."""

LONGEST = 92
"""Days of a peak."""

YEAR = 366
"""Days for which a change may lie back."""

LIST, CANCEL = "list", "cancel"
_RISE = re.compile(r"([+\-−])?\s*(\d{1,5}(?:[.,]\d{1,2})?)\s*%(?:\s*(?:more\s+)?(?:demand|requests|volume))?", re.I)
_TITLE = re.compile(r"""^(?:"([^"]*)"|“([^”]*)”|„([^“”]*)[“”]|'([^']*)')\s*(.*)$""", re.S)


def plan(call: Call) -> Message:
    """Note, list or take back a peak; one sentence where that cannot be done."""
    verb, rest = split_word(call.text)
    if verb in ("", LIST) and not rest:
        return plan_jobs.listed(call.parts.db, call.record, call.now)
    call.needs_lead("note known peaks")
    return _plan_cancelled(call, rest) if verb == CANCEL else _planned(call)


def change(call: Call) -> Message:
    """Mark, list or take back a change; one sentence where that cannot be done."""
    verb, rest = split_word(call.text)
    if verb in ("", LIST) and not rest:
        return change_jobs.listed(call.parts.db, call.record, _today(call), call.now)
    call.needs_lead("mark changes")
    return _change_cancelled(call, rest) if verb == CANCEL else _changed(call)


ROWS: tuple[Row, ...] = (
    Word(
        Command(
            "plan",
            {
                Role.LEAD: "a known peak, such as `15-31 Dec +40%`: hours short in each week, and no false warning; "
                "`list`, `cancel`.",
                Role.RESPONDER: "known peaks: hours short, and what came of them.",
            },
            also=("plans",),
        ),
        plan,
    ),
    Word(
        Command(
            "change",
            {
                Role.LEAD: 'mark a day, such as `"assistant live" 15 Dec`: before and after are compared; `list`, '
                "`cancel`.",
                Role.RESPONDER: "marked changes: what moved since, quality included.",
            },
            also=("changes",),
        ),
        change,
    ),
)


def _planned(call: Call) -> Message:
    since, until, demand = read_plan(call.text, _today(call))
    said = plan_jobs.note(call.parts.db, call.record, since, until, demand, call.now)
    if said is None:
        return problem("Another plan has one of these days; /headroom plan list shows it, cancel takes it back.")
    call.parts.wake()
    return said


def _changed(call: Call) -> Message:
    title, day = read_change(call.text, _today(call))
    new = Change(0, call.record.id, day, title)
    if changes.add(call.parts.db, new) is None:
        return problem(f"“{title}” is marked on that day already; /headroom change list shows it.")
    return marked(Entry(title, day, change_jobs.ready(new)), call.record.team.name)


def read_plan(text: str, today: date) -> tuple[date, date, float]:
    """Read `15-31 Dec +40%`: first and last day, and the share that comes on top.

    Days without a year are the next ones; of a stretch that is under way, what is left of it, from today on.

    Raises:
        BadInputError: A part is missing, cannot be read or makes no sense; the value is that part.
    """
    rises = list(_RISE.finditer(text))
    if len(rises) != 1:
        which = "the rise is missing" if not rises else "it names more than one rise"
        raise BadInputError("plan", clean(text, 60), f"{which}; write it like {EXAMPLE}")
    (rise,) = rises
    share = float(rise[2].replace(",", ".")) / 100
    if rise[1] in ("-", "−") and not _joins_days(text, rise):
        raise BadInputError("plan", rise[0].strip(), f"a quieter time needs no plan; write a rise, like {EXAMPLE}")
    if not LEAST <= share <= MOST:
        raise BadInputError("plan", rise[0].strip(), f"write +{LEAST:.0%} to +{MOST:.0%}, like {EXAMPLE}")
    said = f"{text[: rise.start()]} {text[rise.end() :]}".strip()
    if not said:
        raise BadInputError("plan", clean(text, 60), f"the days are missing; write it like {EXAMPLE}")
    days = _days(said, today, EXAMPLE, LONGEST, 0)
    since, until = min(days), max(days)
    if (until - since).days + 1 != len(days):
        raise BadInputError("plan", clean(text, 60), f"write one stretch of days at a time, like {EXAMPLE}")
    if until < today:
        raise BadInputError("plan", str(until), "a plan is for days to come; begin today or later")
    if len(days) > LONGEST:
        raise BadInputError("plan", f"{len(days)} days", f"that is no peak any more; write {LONGEST} days or fewer")
    return max(since, today), until, share


def read_change(text: str, today: date) -> tuple[str, date]:
    """Read `"assistant live" 15 Dec`: the title, and the day; today where none is said.

    A day without a year is the nearest one, as a change may have been made or be about to.

    Raises:
        BadInputError: A part is missing or cannot be read; the value is that part.
    """
    match = _TITLE.match(text.strip())
    title = "" if match is None else clean(next((part for part in match.groups()[:4] if part), ""), TITLE)
    if match is None or not title:
        said = f"say in quotation marks what changed, like {CHANGE_EXAMPLE}"
        raise BadInputError("change", clean(text, 60), said)
    rest = match.groups()[4].strip()
    return title, _one(rest, today) if rest else today


def read_planned(text: str, today: date) -> frozenset[date]:
    """Read `15 Dec`, a day of a plan that is taken back: without a year both the nearest and the next one are meant.

    Raises:
        BadInputError: A part cannot be read; the value is that part.
    """
    both = (_days(text, today, "/headroom plan cancel 15 Dec", YEAR, lately) for lately in (NEAREST, 0))
    return frozenset(day for days in both for day in days)


def _joins_days(text: str, rise: re.Match[str]) -> bool:
    """Whether what looks like a minus joins two days, as in `15-40%`."""
    return bool(re.search(r"\d\s*$", text[: rise.start()]))


def _days(text: str, today: date, example: str, back: int, lately: int | None) -> list[date]:
    """The days in a line, as `/headroom away` reads them; errors name the part and this command's example."""
    try:
        return list(read_days(text, today, back, lately))
    except BadInputError as error:
        if error.mend != MEND:
            raise
        raise BadInputError("The day", error.value, f"that part is not understood; write it like {example}") from None


def _one(text: str, today: date) -> date:
    days = _days(text, today, CHANGE_EXAMPLE, YEAR, NEAREST)
    if len(days) != 1:
        raise BadInputError("The day", clean(text, 60), f"write one day, like {CHANGE_EXAMPLE}")
    return days[0]


def _plan_cancelled(call: Call, text: str) -> Message:
    if not text:
        raise BadInputError("plan cancel", "", "say a day of the plan, like /headroom plan cancel 15 Dec")
    days = read_planned(text, _today(call))
    for one in plans.of_team(call.parts.db, call.record.id):
        if any(one.since <= day <= one.until for day in days) and plans.cancel(call.parts.db, one.id):
            call.parts.wake()
            return cancelled(Peak(one.since, one.until, one.demand))
    return problem("No plan has that day; /headroom plan list shows what is planned.")


def _change_cancelled(call: Call, text: str) -> Message:
    if not text:
        raise BadInputError("change cancel", "", "say the day of the change, like /headroom change cancel 15 Dec")
    db, day = call.parts.db, _one(text, _today(call))
    gone = [one for one in changes.of_team(db, call.record.id) if one.day == day and changes.cancel(db, one.id)]
    if not gone:
        return problem("No change is marked on that day; /headroom change list shows those that are.")
    return change_cancelled([one.title for one in gone], day)


def _today(call: Call) -> date:
    return team_day(call.record, call.now)
