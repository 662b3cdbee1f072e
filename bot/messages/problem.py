"""Something could not be done: one sentence that says what and how to mend it."""

from collections.abc import Sequence

from bot.errors import HeadroomError
from bot.messages import actions
from bot.messages.blocks import actions as row
from bot.messages.blocks import button, escape, message, plain_text, sections
from bot.messages.message import Block, Message


def problem(error: HeadroomError | str) -> Message:
    """The sentence, only for whoever asked.

    Args:
        error: One of our errors, or one sentence. Other exceptions are never shown to people.
    """
    return message([*sections(_sentence(error)), row([button("Help", actions.OPEN_HELP)])])


def problem_view(error: HeadroomError | str) -> Block:
    """The same as a modal, for when one is open or was asked for."""
    return _modal(sections(_sentence(error)))


def message_view(said: Message) -> Block:
    """Any words as a modal, for where nothing else can be shown."""
    return _modal(said.blocks)


def _modal(blocks: Sequence[Block]) -> Block:
    return {
        "type": "modal",
        "title": plain_text("Headroom", 24),
        "close": plain_text("Close", 24),
        "blocks": list(blocks),
    }


def _sentence(error: HeadroomError | str) -> str:
    said = escape(str(error), 500) or "That could not be done: please try again"
    return said if said[-1] in ".?!…" else f"{said}."
