"""What waits: open requests as links, oldest first; no names and no words of anybody.

Of what is taken, the team reads how many; each one's own stand on their Home (`bot.messages.home`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.health.seen.threads import MEND
from bot.messages import actions
from bot.messages.blocks import actions as row
from bot.messages.blocks import button, context, escape, plain_text, sections
from bot.messages.message import Block
from bot.messages.numbers import count

LABEL = "What waits"

MOST_NOBODY, MOST_OTHERS = 20, 10
"""Lines of a group. With two blocks a line they stay within the 100 of a view:
https://docs.slack.dev/reference/views/modal-views ."""

MOST_OWN = 5
"""Lines on somebody's own page, which has other things on it."""

WEEK_DAYS = 6
"""Days for which a weekday alone says which day is meant."""

NOTED = {
    actions.WAITS_DONE: "Noted as done.",
    actions.WAITS_ELSEWHERE: "Noted as answered elsewhere.",
    actions.WAITS_NO_REQUEST: "Noted: not a request.",
}
CLOSED = "That one is closed already."
GONE = "That request is not here any more."
WITHDRAWN = "That one is not open any more, so there is nothing to take back."
NOT_YOURS = "Only whoever asked can take a request back."


@dataclass(frozen=True, slots=True)
class Line:
    """One open request.

    Attributes:
        link: Web address of its message; empty where it is not known.
        channel: Slack id of its queue; empty where the team has but one.
        posted: When, on the team's wall clock.
        today: The day it is read on, there.
        value: What its buttons hold.
    """

    link: str
    channel: str
    posted: datetime
    today: date
    value: str


@dataclass(frozen=True, slots=True)
class Listed:
    """What is open at a team.

    Attributes:
        team: The team's name.
        team_id: Storage's number of it.
        nobody: Nobody has taken these; oldest first, as all others.
        asker: The desk wrote last.
        elsewhere: May be answered elsewhere.
        in_hand: How many the desk has in hand.
        quiet: How many are taken and quiet; None in a team of one or two, where they are counted as in hand.
        unheard: Slack ids of queues that cannot be heard now.
        unthreaded: Answers seem to stand in the channel.
        reading: Threads are still being read.
    """

    team: str
    team_id: int
    nobody: Sequence[Line]
    asker: Sequence[Line]
    elsewhere: Sequence[Line]
    in_hand: int
    quiet: int | None
    unheard: Sequence[str] = ()
    unthreaded: bool = False
    reading: bool = False

    @property
    def total(self) -> int:
        """All that is open."""
        return len(self.nobody) + len(self.asker) + len(self.elsewhere) + self.in_hand + (self.quiet or 0)


def open_button(team_id: int) -> Block:
    """The button that opens the list."""
    return button(LABEL, actions.WAITS_OPEN, str(team_id))


def waits_view(w: Listed, said: str = "") -> Block:
    """The list as a modal.

    Args:
        w: What is open.
        said: What came of the last press; empty for none.
    """
    in_hand = _number("In hand", w.in_hand)
    return {
        "type": "modal",
        "title": plain_text(LABEL, 24),
        "close": plain_text("Close", 24),
        "blocks": [
            *sections(said),
            *sections(f"*{escape(w.team)}: {f'{w.total} open now' if w.total else 'nothing waits'}.*"),
            *_group("Nobody yet", w.nobody, MOST_NOBODY),
            *_group("Waiting for the asker", w.asker, MOST_OTHERS, "The desk wrote last."),
            *_group("May be answered elsewhere", w.elsewhere, MOST_OTHERS, "Many that came later were taken long ago."),
            *sections(_number("Taken and quiet", w.quiet, "Whoever took one sees it at Home."), in_hand),
            *context(*_doubts(w), _foot(w)),
        ],
    }


def posted(line: Line) -> str:
    """A request as a link: `posted Monday 9:12`; older ones with their day."""
    at = line.posted
    near = (line.today - at.date()).days < WEEK_DAYS
    said = f"posted {at:%A}{'' if near else f' {at.day} {at:%B}'} {at.hour}:{at:%M}"
    place = f" in <#{escape(line.channel)}>" if line.channel else ""
    return (f"<{line.link}|{said}>" if line.link else said) + place


def own_quiet(lines: Sequence[Line]) -> list[Block]:
    """What somebody took and is quiet, on their own page."""
    if not lines:
        return []
    return [
        *sections("*Taken by you and quiet.* Only you see which."),
        *_lines(lines[:MOST_OWN]),
        *_rest(len(lines), MOST_OWN),
    ]


def own_asked(lines: Sequence[Line]) -> list[Block]:
    """What somebody asked for and is open, on their own page."""
    if not lines:
        return []
    return [
        *sections("*You asked, and it is open.* Only you see this."),
        *(_taken_back(line) for line in lines[:MOST_OWN]),
        *_rest(len(lines), MOST_OWN),
    ]


def _taken_back(line: Line) -> Block:
    return {**sections(posted(line))[0], "accessory": button("Never mind", actions.WAITS_NEVER_MIND, line.value)}


def _group(title: str, lines: Sequence[Line], most: int, why: str = "") -> list[Block]:
    if not lines:
        return []
    return [
        *sections(_number(title, len(lines), why)),
        *_lines(lines[:most]),
        *_rest(len(lines), most),
    ]


def _lines(lines: Sequence[Line]) -> list[Block]:
    return [block for line in lines for block in (*sections(posted(line)), _answers(line.value))]


def _answers(value: str) -> Block:
    """The buttons of one request."""
    return row(
        [
            button("Answered elsewhere", actions.WAITS_ELSEWHERE, value),
            button("Not a request", actions.WAITS_NO_REQUEST, value),
            button("Done", actions.WAITS_DONE, value),
        ]
    )


def _rest(number: int, most: int) -> list[Block]:
    return context(f"And {number - most} more, oldest first.") if number > most else []


def _number(title: str, number: int | None, why: str = "") -> str:
    return f"*{title}: {number}.* {why}".rstrip() if number else ""


def _doubts(w: Listed) -> list[str]:
    """Why some of these may not wait at all."""
    deaf = " and ".join(f"<#{escape(channel)}>" for channel in w.unheard)
    return [
        f"Not heard at the moment: {deaf}. What is answered there now is not seen." if deaf else "",
        "Threads are still being read: some of these may be answered." if w.reading else "",
        MEND if w.unthreaded else "",
    ]


def _foot(w: Listed) -> str:
    return "In team time. Only the people who answer, and their lead, can open this." if w.total else ""


def text(w: Listed) -> str:
    """The list for a terminal."""
    groups = (("Nobody yet", w.nobody), ("Waiting for the asker", w.asker), ("May be answered elsewhere", w.elsewhere))
    numbers = (("Taken and quiet", w.quiet), ("In hand", w.in_hand))
    lines = [f"{w.team}: {count(w.total, 'open request')}"]
    for title, those in groups:
        if those:
            lines += [f"{title}: {len(those)}", *(f"  {_plain(line)}" for line in those)]
    lines += [f"{title}: {number}" for title, number in numbers if number]
    return "\n".join([*lines, *(doubt.replace("<#", "").replace(">", "") for doubt in _doubts(w) if doubt)])


def _plain(line: Line) -> str:
    said = f"{line.posted:%Y-%m-%d %H:%M}"
    return "  ".join(part for part in (said, line.channel, line.link) if part)
