"""What a team wishes at set-up: one table, of which columns, form, team file and privacy page are made.

A wish is a column of `teams` that the team itself says. What is a list (who answers, the queue, emoji, other apps) or
has a life of its own (how early to warn) has a table of its own, and is no wish.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

from bot.presets import PRESETS
from bot.readers import Reader, below_one, line, maybe, number, one_of, or_empty, quoted, typed
from bot.team import Team
from bot.wordlists import LANGUAGES

LONGEST_NAME = 80
MOST_UNSEEN = 90  # percent: some of the time must be left to see


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a team said of itself, and what holds where it said nothing. `WISHES` tells what each is."""

    name: str = ""
    preset: str = "support"  # a key of `bot.presets`
    user_group: str | None = None
    lead: str | None = None
    team_channel: str | None = None
    target_wait_hours: float | None = None  # None: not stated; at set-up the preset's is stored
    history_days: int = 0
    hours: str = "Mon-Fri 09:00-17:00"
    tz: str = "UTC"
    country: str | None = None  # ISO code; None: no holidays are kept
    share: float = 1.0  # 0–1, for people without one of their own
    unseen_share: float = 0.0  # of that time; below 1
    hands_on_minutes: float | None = None  # likewise
    usually_away: float = 0.0
    other_apps: str = "ignore"  # or `request`
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Asked:
    """How the set-up form asks for a wish.

    Attributes:
        kind: Of the field. `select` and `radio` offer `options`; `group` is a user group, if groups can be read.
        label: The question.
        read: What was typed or chosen → the value.
        hint: Small print; `{preset.hands_on_minutes}` in it is what is usual for the kind of work chosen.
        first: One of the first questions; the others have a default and stand behind *More*.
        optional: May be left empty.
        options: To choose from, (value, label).
        least: Smallest number.
        most: Largest number; of a text, its characters.
        called: Its name in errors.
        needed: What to do where it is empty and must not be.
        show: The value → what stands in the field.
    """

    kind: Literal["text", "number", "select", "radio", "person", "channel", "group"]
    label: str
    read: Reader
    hint: str = ""
    first: bool = False
    optional: bool = False
    options: tuple[tuple[str, str], ...] = ()
    least: int = 0
    most: int = 0
    called: str = "choice"
    needed: str = ""
    show: Callable[[Any], Any] = lambda value: value


@dataclass(frozen=True, slots=True)
class Wish:
    """One setting of a team.

    Attributes:
        key: Column of `teams`, attribute of `Wishes` and, where it has one, key of the team file. Health reads it where
            `bot.team.Team` has an attribute of that name.
        holds: What its column holds, for the privacy page.
        asked: How the form asks for it; None: it does not, and what is stored stays.
        written: How a team file's value is read; None: it is no key there.
        from_preset: Where nothing was said at set-up, what is usual for the kind of work is stored.
        settled: Stays as it is once the channel was told what is kept.
    """

    key: str
    holds: str
    asked: Asked | None = None
    written: Reader | None = None
    from_preset: bool = False
    settled: bool = False


_WORK = tuple((preset.key, preset.label) for preset in PRESETS)
_PAST = (("90", "Yes, the last 90 days"), ("0", "No, start from now"))
_OTHER_APPS = (("ignore", "Leave them out"), ("request", "Count them as requests"))
_UNSEEN = f"write a percentage from 0 to {MOST_UNSEEN}, or leave it empty"
_SPOKEN = tuple((code, name if code == "en" else f"{name}, and English") for code, name in LANGUAGES.items())

WISHES: tuple[Wish, ...] = (
    Wish(
        "name",
        "the team's name",
        Asked(
            "text",
            "What is the team called?",
            line,
            first=True,
            most=LONGEST_NAME,
            needed="Write the team's name, as people call it.",
        ),
        quoted,
    ),
    Wish(
        "preset",
        "kind of work",
        Asked("select", "What kind of work is it?", one_of(_WORK), first=True, options=_WORK),
    ),
    Wish(
        "user_group",
        "Slack id of the group that is the roster",
        Asked(
            "group",
            "… or which user group answers?",
            maybe,
            "Its members are taken when you save.",
            first=True,
            optional=True,
        ),
    ),
    Wish(
        "lead",
        "Slack user id of the lead",
        Asked("person", "Who leads the team?", maybe, first=True, needed="Choose who leads the team."),
    ),
    Wish(
        "team_channel",
        "Slack id of the channel where load may be told",
        Asked(
            "channel",
            "Where may the team's load be told?",
            maybe,
            "A channel that holds only those who answer, and the lead. "
            "Without one, load is sent to each of them directly.",
            first=True,
            optional=True,
        ),
    ),
    Wish(
        "target_wait_hours",
        "the wait it wants to keep",
        Asked(
            "number",
            "By when should most people have a first answer?",
            or_empty(typed(number(0, 10_000, above=True, mend="write working hours above 0, or leave it empty"))),
            "In working hours; a working day has about 8. Waits are held against it. "
            "Empty: {preset.target_wait_hours:g}, usual for this kind of work.",
            first=True,
            optional=True,
            called="working hours",
            most=10_000,
        ),
        number(0, 10_000, above=True),
        from_preset=True,
    ),
    Wish(
        "history_days",
        "how much past was asked for",
        Asked(
            "radio",
            "Read the past as well?",
            lambda days: int(one_of(_PAST)(days)),
            first=True,
            options=_PAST,
            show=lambda days: "90" if days else "0",
        ),
        settled=True,
    ),
    Wish(
        "hours",
        "working hours",
        Asked("text", "Working hours", line, "For example Mon-Thu 09:00-17:00, Fri 09:00-14:00", most=200),
        quoted,
    ),
    Wish(
        "tz",
        "time zone",
        Asked("text", "Time zone", line, "For example Europe/Berlin or America/New_York", most=60),
        quoted,
    ),
    Wish(
        "country",
        "whose public holidays",
        Asked(
            "text",
            "Public holidays of",
            lambda code: line(code).upper() or None,
            "A country code such as DE or US. Empty: no holidays are kept.",
            optional=True,
            most=10,
        ),
        quoted,
    ),
    Wish(
        "share",
        "share of working time for this queue",
        Asked(
            "number",
            "Share of working time for this channel, in percent",
            typed(number(1, 100, mend="write a percentage from 1 to 100"), 100),
            "The rest goes to other work that can't be seen here.",
            called="share of time",
            least=1,
            most=100,
            show=lambda share: share * 100,
        ),
    ),
    Wish(
        "unseen_share",
        "share of its time for work not seen here",
        Asked(
            "number",
            "Of that time, other work in percent",
            or_empty(typed(number(0, MOST_UNSEEN, mend=_UNSEEN), 100), 0.0),
            "Meetings and direct messages, which can't be seen here. Empty: none is counted.",
            optional=True,
            called="other work",
            most=MOST_UNSEEN,
            show=lambda share: round(share * 100, 1) or None,
        ),
        below_one,
    ),
    Wish(
        "hands_on_minutes",
        "usual hands-on time of a request",
        Asked(
            "number",
            "Hands-on minutes for one request",
            or_empty(typed(number(0, above=True, mend="write a number above 0, or leave it empty"))),
            "A rough idea is enough. Empty: {preset.hands_on_minutes:g} minutes, usual for this kind of work.",
            optional=True,
            called="hands-on minutes",
            least=1,
            most=10_000,
        ),
        number(0, 100_000, above=True),
        from_preset=True,
    ),
    Wish(
        "usually_away",
        "person-days away in a usual week",
        Asked(
            "number",
            "Person-days away in a usual week",
            typed(number(0, mend="write 0 or more person-days a week")),
            "Holidays, illness and training of the whole team together.",
            called="days away",
            most=500,
        ),
        number(0, 70_000),
    ),
    Wish(
        "other_apps",
        "whether other apps' posts are requests",
        Asked(
            "radio",
            "Posts by other apps",
            one_of(_OTHER_APPS),
            "Workflow forms and e-mail always count as requests.",
            options=_OTHER_APPS,
        ),
    ),
    Wish(
        "language",
        "of chase and thank-you words",
        Asked("select", "Language people write in", one_of(_SPOKEN), options=_SPOKEN),
    ),
)
"""In the order in which the form asks."""

_HEALTH = {each.name for each in fields(Team)}


def wished(wishes: Wishes) -> dict[str, Any]:
    """Key → value of every wish, to make another record of them."""
    return {wish.key: getattr(wishes, wish.key) for wish in WISHES}


def for_health(said: Mapping[str, Any]) -> dict[str, Any]:
    """Of key → value, what `bot.team.Team` has an attribute for."""
    return {key: value for key, value in said.items() if key in _HEALTH}
