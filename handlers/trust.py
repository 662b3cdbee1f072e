"""`/headroom trust` and its buttons: what is kept, one's own traces shown, and removed for good.

Whose traces is always `call.user`, which comes from Slack's payload alone, never from a button's value or a word that
was typed: there is no way to somebody else's.
"""

from dataclasses import asdict
from datetime import UTC, datetime

from bot.messages import actions
from bot.messages.help import Command, Role
from bot.messages.message import Block
from bot.messages.traces import traces_view
from bot.messages.trust import removal_result, trust_view
from handlers.answers import Push
from handlers.roles import teams_of
from handlers.rows import Button, Call, May, Row, Word
from storage import mutes, solved, traces


def page(call: Call) -> Block:
    """The trust page, as it holds for this person and channel."""
    return trust_view(
        on_roster=bool(teams_of(call.parts, call.user)),
        history_days=None if call.here is None else call.here.history_days,
        solved_muted=solved.KIND in mutes.of(call.parts.db, call.parts.workspace, call.user),
    )


def unmute(call: Call) -> Block:
    """Ask this person again whether a request was solved; the trust page, without the button for it."""
    mutes.unmute(call.parts.db, call.parts.workspace, call.user, solved.KIND)
    return page(call)


def own_traces(call: Call) -> Block:
    """What is kept of the person who asks; the button holds the page to turn to."""
    call.settle()
    kept = traces.of(call.parts.db, call.parts.workspace, call.user)
    shown = {
        "slack_id": call.user,
        "as_of": datetime.fromtimestamp(call.now, UTC).isoformat(timespec="seconds"),
        **{key: list(value) if isinstance(value, tuple) else value for key, value in asdict(kept).items()},
    }
    return traces_view(shown, int(call.value) if call.value.isascii() and call.value.isdecimal() else 0)


def show_traces(call: Call) -> Push | Block:
    """The same on top of the trust page."""
    view = own_traces(call)
    return Push(view) if call.view.get("type") == "modal" else view


def remove_traces(call: Call) -> Block:
    """Take a person out of everything that leads to them, for good; the page that says so."""
    traces.remove(call.parts.db, call.parts.workspace, call.user)
    # What was heard a moment before carries a pseudonym still: once it is on disk, it goes too.
    call.settle()
    traces.remove(call.parts.db, call.parts.workspace, call.user)
    return removal_result(on_roster=bool(teams_of(call.parts, call.user)))


_TRUST = "what is kept, how long, what never, and a button that removes your traces."

ROWS: tuple[Row, ...] = (
    Word(
        Command(
            "trust",
            dict.fromkeys(Role, _TRUST),
            near=("privacy", "data", "remove", "delete", "gdpr", "optout"),
        ),
        page,
        May.PERSON,
    ),
    Button(actions.OPEN_TRUST, page, May.PERSON),
    Button(actions.REMOVE_TRACES, remove_traces, May.PERSON),
    Button(actions.SOLVED_UNMUTE, unmute, May.PERSON),
    Button(actions.TRACES_SHOW, show_traces, May.PERSON),
    Button(actions.TRACES_SHOW + "_on", own_traces, May.PERSON),
    Button(actions.TRACES_SHOW + "_back", own_traces, May.PERSON),
)
