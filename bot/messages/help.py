"""What `/headroom` can do, for whom, and what to say to a word it does not know."""

import difflib
from dataclasses import dataclass
from enum import StrEnum

from bot.messages import actions
from bot.messages.blocks import actions as row
from bot.messages.blocks import button, code, message, sections
from bot.messages.message import Message


class Role(StrEnum):
    """Who asks, by the roster of the team whose channel they are in."""

    LEAD = "lead"
    RESPONDER = "responder"
    REQUESTER = "requester"
    OUTSIDER = "outsider"  # in a channel that belongs to no team


@dataclass(frozen=True, slots=True)
class Command:
    """One word after `/headroom`.

    Attributes:
        word: The word; empty for `/headroom` alone.
        lines: What it does, for each role that may use it.
    """

    word: str
    lines: dict[Role, str]

    @property
    def typed(self) -> str:
        """What a person types."""
        return f"/headroom {self.word}".rstrip()


_LOAD = "how the team stands: level, utilization, waits, slack, and one thing to do. Only you see it."
_TRUST = "what is kept, how long, what never, and a button that removes your traces."
_AWAY = (
    "days you are away, such as `3-5 Dec`, `Friday afternoon` or `24 Dec - 2 Jan`; `list`, `cancel`. "
    "No reason is asked."
)
_FRICTION = "say what gets in the way, without your name. With `list` after it: what was reported."
_GAIN = "write down what got better, and where the freed hours go. With `list` after it: what became of each gain."
_PLEDGE = "agree where freed hours go, before the first one is freed."
_EFFICIENCY = "good outcomes for an hour on duty, what one costs, and cycle time, beside what came back; %s."
_WHATIF = "today beside another demand or team, such as `+20% demand, -1 person`. Only you see it."
_BACKTEST = "when it would have warned you before, and why. With a number after it: so many weeks."
_PLAN = "a known peak, such as `15-31 Dec +40%`: hours short in each week, and no false warning; `list`, `cancel`."
_CHANGE = 'mark a day, such as `"assistant live" 15 Dec`: before and after are compared; `list`, `cancel`.'
COMMANDS = (
    Command(
        "",
        {
            Role.LEAD: _LOAD,
            Role.RESPONDER: _LOAD,
            Role.REQUESTER: "how long answers usually take here, and how many requests wait.",
        },
    ),
    Command(
        "setup",
        {
            Role.LEAD: "change the team: people, hours, channels.",
            Role.OUTSIDER: "set up a team for a channel where requests arrive.",
        },
    ),
    Command(
        "check",
        {Role.LEAD: "look at ten captured requests, and say whether they are. Wrong ones widen the range."},
    ),
    Command(
        "pulse",
        {
            Role.LEAD: "how often the team is asked how it goes; `now`, `schedule`, `results`, `mute`.",
            Role.RESPONDER: "how often the team is asked how it goes; `results`, `mute`, `unmute`.",
        },
    ),
    Command("away", {Role.LEAD: _AWAY, Role.RESPONDER: _AWAY}),
    Command(
        "roster",
        {Role.LEAD: "who answers, from when to when, with what share of their time; the past stays as it was."},
    ),
    Command("friction", {Role.LEAD: _FRICTION, Role.RESPONDER: _FRICTION}),
    Command("gain", {Role.LEAD: _GAIN, Role.RESPONDER: _GAIN}),
    Command("pledge", {Role.LEAD: _PLEDGE, Role.RESPONDER: _PLEDGE}),
    Command(
        "digest",
        {
            Role.LEAD: "when the team is told how its week went: `now`, `monday 09:00`, `weekly`, `monthly` or `off`.",
            Role.RESPONDER: "when the team is told how its week went; `now` shows it to you alone.",
        },
    ),
    Command(
        "efficiency",
        {
            Role.LEAD: _EFFICIENCY % "`edit` changes what counts",
            Role.RESPONDER: _EFFICIENCY % "the lead may change what counts",
        },
    ),
    Command("whatif", dict.fromkeys((Role.LEAD, Role.RESPONDER), _WHATIF)),
    Command("plan", {Role.LEAD: _PLAN, Role.RESPONDER: "known peaks: hours short, and what came of them."}),
    Command("change", {Role.LEAD: _CHANGE, Role.RESPONDER: "marked changes: what moved since, quality included."}),
    Command(
        "links",
        {
            Role.LEAD: "where work done here goes on: `#first -> #next`, `remove #first -> #next`, `list`.",
            Role.RESPONDER: "the chain of queues that work goes through: its time, and what holds it up.",
        },
    ),
    Command(
        "interruptions",
        {
            Role.LEAD: "where mentions of the team are counted: `#channel`, `remove #channel`, `list`. Never who.",
            Role.RESPONDER: "where mentions of the team are counted, and what they come to for the team.",
        },
    ),
    Command(
        "interrupted",
        dict.fromkeys((Role.LEAD, Role.RESPONDER), "count an interruption of the team now, without your name."),
    ),
    Command("backtest", dict.fromkeys((Role.LEAD, Role.RESPONDER), _BACKTEST)),
    Command(
        "alerts",
        {
            Role.LEAD: "how early to be warned: `earlier`, `usual` or `quieter`, and how often each would have warned.",
            Role.RESPONDER: "how early the team is warned, and how often it would have been.",
        },
    ),
    Command("trust", dict.fromkeys(Role, _TRUST)),
    Command("help", dict.fromkeys(Role, "this list.")),
)
"""Every command there is, in the order help shows them."""

_OTHER_WORDS = {
    "set-up": "setup", "settings": "setup", "config": "setup", "configure": "setup", "install": "setup",
    "privacy": "trust", "data": "trust", "remove": "trust", "delete": "trust", "gdpr": "trust",
    "optout": "trust", "?": "help", "commands": "help", "hilfe": "help",
    "holiday": "away", "vacation": "away", "leave": "away", "off": "away", "absent": "away", "sick": "away",
    "people": "roster", "team": "roster", "members": "roster",
    "flaw": "friction", "frictions": "friction", "blocker": "friction", "feedback": "friction",
    "gains": "gain", "improvement": "gain", "ledger": "gain", "saved": "gain", "promise": "pledge",
    "survey": "pulse", "mood": "pulse", "mute": "pulse", "unmute": "pulse",
    "chain": "links", "flow": "links", "bottleneck": "links",
    "focus": "interruptions", "mentions": "interruptions", "disturbed": "interrupted", "distracted": "interrupted",
    "back-test": "backtest", "history": "backtest", "past": "backtest",
    "alert": "alerts", "warnings": "alerts", "warning": "alerts", "alarm": "alerts", "quiet": "alerts",
    "equation": "efficiency", "cost": "efficiency", "productivity": "efficiency",
    "what-if": "whatif", "what": "whatif", "simulate": "whatif",
    "status": "", "load": "", "numbers": "", "report": "", "show": "", "wait": "",
}  # fmt: skip


def help_message(role: Role) -> Message:
    """What this person can do here.

    Args:
        role: Who asks.
    """
    told = [f"• `{c.typed}`: {c.lines[role]}" for c in COMMANDS if role in c.lines]
    answering = (
        "Answer as always. :eyes: on a request you take and :white_check_mark: when it is finished make the "
        "numbers exact; neither is needed."
    )
    extra = {
        Role.LEAD: answering,
        Role.RESPONDER: answering,
        Role.REQUESTER: "Ask as always: post in the channel. There is no form to fill in.",
        Role.OUTSIDER: "No team is set up for this channel yet, and nothing in it is read.",
    }[role]
    return message([*sections("*What you can type*", *told), *sections(extra), _buttons(role)])


def nearest(word: str) -> str | None:
    """The command that was probably meant; None where nothing is close. May be the empty word."""
    asked = word.strip().lower()[:40]
    if asked in _OTHER_WORDS:
        return _OTHER_WORDS[asked]
    words = [c.word for c in COMMANDS if c.word]
    close = difflib.get_close_matches(asked, [*words, *_OTHER_WORDS], n=1, cutoff=0.6)
    return None if not close else _OTHER_WORDS.get(close[0], close[0])


def unknown_command(word: str, role: Role = Role.REQUESTER) -> Message:
    """The answer to a word that is no command, with the nearest one that this person may use.

    Args:
        word: What was typed.
        role: Who typed it.
    """
    meant = nearest(word)
    command = next((c for c in COMMANDS if c.word == meant and role in c.lines), None)
    guess = f" Did you mean `{command.typed}`: {command.lines[role]}" if command else ""
    return message(
        [
            *sections(f"{code(word, 40)} is not a command.{guess}", "`/headroom help` lists them all."),
            _buttons(role),
        ]
    )


def _buttons(role: Role) -> dict[str, object]:
    setup = [button("Set up", actions.OPEN_SETUP)] if role in {Role.LEAD, Role.OUTSIDER} else []
    return row([*setup, button("What is kept", actions.OPEN_TRUST)])
