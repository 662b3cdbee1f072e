"""`headroom privacy-report`: for a works council, or whoever else has to agree, with a template for an agreement.

What is collected, why, how long and by which right comes from the schema, from `columns` and from the manifest, by
way of `page`; what can be switched comes from `storage.rhythms`. A column, scope or switch that nobody
described stops the report from being made, so it cannot leave one out.
"""

from calendar import day_name
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType

from bot.health.satisfaction import FLOOR
from bot.jobs.retention import ABSENCE_WEEKS
from bot.privacy.page import bullets, row, sections
from storage import accesses, rhythms, teams
from storage.database import Database
from storage.keys import LIVE_BEFORE
from storage.retention import MONTHS, WORDS_DAYS
from storage.rhythms import Rhythm
from storage.solved import PER_PERSON, PER_TEAM
from storage.teams import IMPORTED, TeamRecord

LOG_DAYS = 91
"""Days of the access log that are printed."""

SMALL, OPEN = 2, 5
"""Up to how many people no work is figured out, and from how many on people are asked anything."""

LOOKS: Mapping[str, str] = MappingProxyType(
    {
        "report": "a team's figures",
        "waits": "which requests are open, without names",
        "whatif": "a team's figures beside those after a change",
        "backtest": "what a team would have been told",
        "log": "what the bot sent about a team, never to whom",
        "privacy-report": "this report",
    }
)
"""Commands that show the operator something of a team; each use is counted in the access log."""

SWITCHES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "digest": ("a weekly digest of the team's figures", "responders and lead"),
        "digest_day": ("its weekday", "–"),
        "digest_minute": ("its time of the team's day", "–"),
        "pulse": ("a short survey, in teams that are large enough", "responders and lead alike, once it is closed"),
        "pulse_reminder": ("one reminder, to everybody, as nobody knows who answered", "–"),
        "solved": ("the question to whoever asked: did this solve it?", "responders and lead, as a share"),
        "friction": ("reports of process flaws, without a name", "responders and lead, after a random delay"),
        "gains": ("a ledger of improvements and where the hours went", "responders and lead"),
    }
)
"""Field of `Rhythm` → what it switches, and who sees what comes of it."""

NO_SWITCH = frozenset({"since"})
"""Fields of `Rhythm` that a team does not choose."""

_PURPOSES = (
    "**To see when a team has too little slack**, before requests wait too long: from how many arrive, how long they "
    "wait, and how many hours the team has.",
    "**To protect the team**: the danger of overload is told to the team and its lead first, with what would help.",
    "**To show whether speed is bought with rework**: requests that come back, are escalated, or were not solved.",
    "**To keep what an improvement frees**: where its hours went, as the team itself agreed.",
)

_LIMITS = (
    "No figure about one person, no ranking, no comparison of people. No function takes a person and returns a figure.",
    f"In a team of up to {SMALL} people, no hours, utilization or slack: they would be a person's. Up to {OPEN - 1} "
    f"people these stay within the team. Process flaws are reported from {OPEN} on, pulses from the number on that "
    "an installation sets (below).",
    "No advice to have fewer people.",
    f"At most {PER_PERSON} questions a person and month, and {PER_TEAM} a team and week, on whether a request was "
    f"solved; shown from {FLOOR} answers on, in groups that single answers cannot be read from.",
    "Messages leave in the reader's working hours; each person may mute pulses and questions.",
)

_PROMISES = (
    "No figure is used to judge anybody's performance or conduct, or in a procedure against anybody.",
    "No figure is joined with other data to find out about a person.",
)

_AUDIENCES = (
    ("load: level, utilization, slack", "the team's responders and its lead; others what the team shares"),
    ("waiting times, open requests", "everybody in the channel where the requests are"),
    ("pulse results", "the whole team and its lead, at the same moment, never single answers"),
    ("one's own traces", "that person alone, by `/headroom trust`"),
    ("the database file", "the operator; until a month's secret is destroyed, pseudonyms of it can be recomputed"),
)

_CODETERMINATION = (
    "**This report does not decide whether Headroom needs an agreement.** Figures about a team may be subject to "
    "co-determination too, and all the more the smaller the team is: that no figure is about one person does not take "
    "them out of it. In Germany, for instance, the right concerns technical devices suited to monitor employees' "
    "conduct or performance ([§ 87 (1) no. 6 BetrVG](https://www.gesetze-im-internet.de/betrvg/__87.html)); pressure "
    "on a group can reach each of its members. Events with a pseudonym are also personal data as long as the "
    "pseudonym can be recomputed. Talk to the works council, and to whoever is responsible for data protection, "
    "before the bot is invited."
)


def text(db: Database | None, now: float, pulse_floor: int) -> str:
    """The whole report, as Markdown; the look at an installation goes into its access log.

    Args:
        db: The store of this installation; None where there is none.
        now: Unix seconds.
        pulse_floor: Answers to a pulse below which nothing is shown.

    Raises:
        LookupError: A table, column or switch that nobody described.
    """
    today = datetime.fromtimestamp(now, UTC).date()
    if db is not None:
        accesses.note(db, today, "privacy-report")
    return "\n".join(_lines(db, today, pulse_floor)).rstrip("\n") + "\n"


def _lines(db: Database | None, today: date, pulse_floor: int) -> Iterator[str]:
    switches = _switches()
    yield f"# Headroom: what it collects, and an agreement about it\n\nMade on {today.isoformat()}.\n"
    yield from ("## Co-determination\n", f"{_CODETERMINATION}\n")
    yield from ("## Purposes\n", *bullets(_PURPOSES))
    yield from ("## Limits, as built\n", *bullets(_LIMITS))
    yield from ("## Who sees what\n", *_table(("what", "who"), _AUDIENCES))
    yield from ("## How long\n", *bullets(tuple(_periods())))
    yield "## What a team can switch\n"
    yield "The lead does it in Slack; each person may mute pulses and questions besides. Requests and waits are always"
    yield "counted, and a change of level is always told, where a team was set up. How much Slack lets the bot hear is"
    yield "chosen at installation (see the annex).\n"
    default = Rhythm()
    rows = [(f"`{name}`", what, who, _said(default, name)) for name, what, who in switches]
    yield from _table(("switch", "what", "who sees it", "as built"), rows)
    yield from ("## This installation\n", *_installation(db, today, pulse_floor))
    yield from _agreement(switches, pulse_floor)
    yield "# Annex: all that is kept, and all that Slack lets it hear\n"
    yield from sections()


def _switches() -> list[tuple[str, str, str]]:
    there = [field.name for field in fields(Rhythm) if field.name not in NO_SWITCH]
    if set(there) != set(SWITCHES):
        wrong = ", ".join(sorted(set(there) ^ set(SWITCHES)))
        raise LookupError(f"describe in SWITCHES what a team can switch, no more and no less: {wrong}")
    return [(name, *SWITCHES[name]) for name in there]


def _periods() -> Iterator[str]:
    yield f"What happened to requests: {MONTHS} months, then totals of a team's weeks."
    yield f"Who did it, as a pseudonym: until {LIVE_BEFORE} months after the month ends; then its secret is destroyed."
    yield f"Days away, without a reason: {ABSENCE_WEEKS} weeks."
    yield f"Words of the bot's own messages: {WORDS_DAYS} days."
    yield "Everything else: see the annex, table by table."


def _installation(db: Database | None, today: date, pulse_floor: int) -> Iterator[str]:
    if db is None:
        yield "There is no database yet: nothing has been collected.\n"
        return
    yield f"Answers to a pulse below which nothing is shown, and people below whom none is asked: {pulse_floor}.\n"
    known = teams.all(db)
    if not known:
        yield "No team is set up: nothing has been collected.\n"
    for record in known:
        yield f"### {_cell(record.team.name)}\n"
        yield from bullets(tuple(_facts(record, today, pulse_floor)))
        if record.workspace != IMPORTED:
            wished = rhythms.get(db, record.id)
            yield from _table(("switch", "now"), [(f"`{name}`", _said(wished, name)) for name in SWITCHES])
    yield f"### Access log of the last {LOG_DAYS} days\n"
    yield "What the operator looked at with the bot's commands, by day. It cannot know of looks at the file itself.\n"
    looks = accesses.since(db, today - timedelta(days=LOG_DAYS))
    rows = [(day.isoformat(), f"`headroom {what}`", LOOKS.get(what, "–"), f"{n}") for day, what, n in looks]
    yield from _table(("day", "command", "shows", "times"), rows)


def _facts(record: TeamRecord, today: date, pulse_floor: int) -> Iterator[str]:
    people = len(record.responders_on(today))
    if record.workspace == IMPORTED:
        yield "Imported from a file; nothing is heard in Slack."
    elif record.announced is None:
        yield "Not announced yet: nothing is heard or read."
    else:
        told = datetime.fromtimestamp(record.announced, UTC).date()
        yield f"Told to its channels, and heard, since {told.isoformat()}."
        yield f"Days of the past that were read: {record.history_days}."
    yield f"People who answer today: {people}. {_gate(people, pulse_floor)}"
    yield f"Channels: {len(record.queues)}."


def _gate(people: int, pulse_floor: int) -> str:
    """What the team's size leaves out."""
    pulse = "Pulses can be asked." if people >= pulse_floor else "Too few for a pulse."
    if people <= SMALL:
        return f"Of its work, nothing but requests is figured out. {pulse}"
    return pulse if people >= OPEN else f"Utilization and slack stay within the team. {pulse}"


def _agreement(switches: list[tuple[str, str, str]], pulse_floor: int) -> Iterator[str]:
    yield "# Template for an agreement\n"
    yield "To be changed as you like, and to be checked by somebody who knows the law where you are.\n"
    yield "Between ______________________ and ______________________, about the Slack bot Headroom.\n"
    yield from ("## 1. Purposes\n", *bullets(_PURPOSES), "Any other use needs a new agreement.\n")
    yield from ("## 2. Limits\n", *bullets((*_PROMISES, *_LIMITS)))
    yield "## 3. Teams and switches\n"
    yield "Only what is marked may be switched on.\n"
    yield from _table(
        ("switch", "what", "who sees it", "agreed: yes / no / how"),
        [(f"`{name}`", what, who, "") for name, what, who in switches],
    )
    yield f"Pulse: nothing is shown below ____ answers (as set up: {pulse_floor}; never below 3).\n"
    yield from ("## 4. How long\n", *bullets(tuple(_periods())))
    yield "## 5. Access\n"
    yield "The operator is ______________________. Looks with the bot's commands are counted by day and command;"
    yield "the works council gets `headroom privacy-report` on request, at least every ____ months. Copies of the"
    yield "database are kept ____ days. Nobody opens the file to find out about a person.\n"
    yield "## 6. Rights\n"
    yield "Everybody may see what is kept of them and have it removed, by `/headroom trust`, without giving a reason"
    yield "and without disadvantage. Whoever takes no part in a survey is not asked why.\n"
    yield "## 7. Changes, review, end\n"
    yield "A new version that keeps more, asks Slack for more, or adds a switch is put before the works council first:"
    yield "two of these reports side by side show it. Review on ____-__-__. At the end `headroom forget --team NAME`"
    yield "deletes a team with all that is known of it.\n"
    yield "## 8. Contact\n"
    yield "For the works council: ______________________. For data protection: ______________________.\n"


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    if not rows:
        yield "Nothing so far.\n"
        return
    yield from row(*head)
    yield from row(*["---"] * len(head))
    for cells in rows:
        yield from row(*cells)
    yield ""


def _said(rhythm: Rhythm, name: str) -> str:
    """A team's wish in words: `on`, `weekly`, `Monday`, `09:00`."""
    value = getattr(rhythm, name)
    if name == "digest_day":
        return str(day_name[value])
    if name == "digest_minute":
        return f"{value // 60:02}:{value % 60:02}"
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else str(value)


def _cell(words: str) -> str:
    """A team's name on one line, without what Markdown or a table would read as a mark."""
    line = " ".join(words.split())
    return "".join(f"\\{c}" if c in "\\`*_[]<>|#" else c for c in line)
