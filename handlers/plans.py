"""`/headroom plan` and `/headroom change`: peaks known beforehand, and days on which something changed."""

import re
from collections.abc import Callable
from datetime import date, datetime

from bot.errors import BadInputError
from bot.health.peaks import Peak
from bot.health.seen.worktime import time_zone
from bot.messages.blocks import clean
from bot.messages.dated import EXAMPLE as CHANGE_EXAMPLE
from bot.messages.dated import TITLE, Entry, change_cancelled, marked
from bot.messages.message import Message
from bot.messages.plans import EXAMPLE, FOR_THE_LEAD, FOR_THE_TEAM, cancelled
from bot.messages.problem import problem
from bot.services import changes as change_jobs
from bot.services import plans as plan_jobs
from handlers.asked import Asked, Route
from handlers.away_words import MEND, NEAREST, read_days
from handlers.parts import Parts
from handlers.roles import insider, team_of_channel, teams_of
from storage import changes, plans
from storage.changes import Change
from storage.teams import TeamRecord

LEAST, MOST = 0.05, 4.0
"""What a plan may add, as a share of today's demand."""

LONGEST = 92
"""Days of a peak."""

YEAR = 366
"""Days for which a change may lie back."""

LIST, CANCEL = "list", "cancel"
_RISE = re.compile(r"([+\-−])?\s*(\d{1,5}(?:[.,]\d{1,2})?)\s*%(?:\s*(?:more\s+)?(?:demand|requests|volume))?", re.I)
_TITLE = re.compile(r"""^(?:"([^"]*)"|“([^”]*)”|„([^“”]*)[“”]|'([^']*)')\s*(.*)$""", re.S)


def routes(parts: Parts) -> dict[str, Route]:
    """The words `plan` and `change`."""

    def route(answer: Callable[[Parts, str, str, str], Message]) -> Route:
        async def asked_for(asked: Asked) -> None:
            await asked.tell(await parts.run(answer, parts, asked.user, asked.channel, asked.rest))

        return asked_for

    plan, change = route(plan_answer), route(change_answer)
    return {"plan": plan, "plans": plan, "change": change, "changes": change}


# -- plain functions, called in a thread ------------------------------------------------------


def plan_answer(parts: Parts, user: str, channel: str, text: str) -> Message:
    """Note, list or take back a peak; one sentence where that cannot be done."""
    record = _here(parts, user, channel, "plan")
    if isinstance(record, Message):
        return record
    verb, rest = _split(text)
    if verb in ("", LIST) and not rest:
        return plan_jobs.listed(parts.db, record, parts.clock())
    if user != record.lead:
        return problem(FOR_THE_LEAD.format(what="peaks", word="plan"))
    try:
        return _plan_cancelled(parts, record, rest) if verb == CANCEL else _planned(parts, record, text)
    except BadInputError as error:
        return problem(error)


def change_answer(parts: Parts, user: str, channel: str, text: str) -> Message:
    """Mark, list or take back a change; one sentence where that cannot be done."""
    record = _here(parts, user, channel, "change")
    if isinstance(record, Message):
        return record
    verb, rest = _split(text)
    if verb in ("", LIST) and not rest:
        return change_jobs.listed(parts.db, record, _today(parts, record), parts.clock())
    if user != record.lead:
        return problem(FOR_THE_LEAD.format(what="changes", word="change"))
    try:
        return _change_cancelled(parts, record, rest) if verb == CANCEL else _changed(parts, record, text)
    except BadInputError as error:
        return problem(error)


def _split(text: str) -> tuple[str, str]:
    """The first word, in small letters, and what stands after it."""
    first, _, rest = text.strip().partition(" ")
    return first.lower(), rest.strip()


def _planned(parts: Parts, record: TeamRecord, text: str) -> Message:
    since, until, demand = read_plan(text, _today(parts, record))
    said = plan_jobs.note(parts.db, record, since, until, demand, parts.clock())
    if said is None:
        return problem("Another plan has one of these days; /headroom plan list shows it, cancel takes it back.")
    parts.wake()
    return said


def _changed(parts: Parts, record: TeamRecord, text: str) -> Message:
    title, day = read_change(text, _today(parts, record))
    change = Change(0, record.id, day, title)
    if changes.add(parts.db, change) is None:
        return problem(f"“{title}” is marked on that day already; /headroom change list shows it.")
    return marked(Entry(title, day, change_jobs.ready(change)), record.team.name)


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


def _plan_cancelled(parts: Parts, record: TeamRecord, text: str) -> Message:
    if not text:
        raise BadInputError("plan cancel", "", "say a day of the plan, like /headroom plan cancel 15 Dec")
    days = read_planned(text, _today(parts, record))
    for plan in plans.of_team(parts.db, record.id):
        if any(plan.since <= day <= plan.until for day in days) and plans.cancel(parts.db, plan.id):
            parts.wake()
            return cancelled(Peak(plan.since, plan.until, plan.demand))
    return problem("No plan has that day; /headroom plan list shows what is planned.")


def _change_cancelled(parts: Parts, record: TeamRecord, text: str) -> Message:
    if not text:
        raise BadInputError("change cancel", "", "say the day of the change, like /headroom change cancel 15 Dec")
    day = _one(text, _today(parts, record))
    gone = [c for c in changes.of_team(parts.db, record.id) if c.day == day and changes.cancel(parts.db, c.id)]
    if not gone:
        return problem("No change is marked on that day; /headroom change list shows those that are.")
    return change_cancelled([one.title for one in gone], day)


def _here(parts: Parts, user: str, channel: str, word: str) -> TeamRecord | Message:
    """The team a command is about, or why there is none."""
    record = team_of_channel(parts, channel)
    if record is not None and insider(record, user, parts.clock()):
        return record
    mine = teams_of(parts, user)
    if len(mine) > 1:
        names = " and ".join(one.team.name for one in mine[:4])
        return problem(f"You answer for {names}: type /headroom {word} in the channel of the team you mean.")
    return mine[0] if mine else problem(FOR_THE_TEAM)


def _today(parts: Parts, record: TeamRecord) -> date:
    return datetime.fromtimestamp(parts.clock(), time_zone(record.team.tz)).date()
