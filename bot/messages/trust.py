"""The trust page: what is kept, how long, what never, who sees it, and a button that removes one's traces."""

from bot.messages import actions
from bot.messages.blocks import actions as row
from bot.messages.blocks import button, context, divider, mrkdwn, plain_text, sections
from bot.messages.message import Block


def trust_view(*, on_roster: bool, history_days: int | None = None, solved_muted: bool = False) -> Block:
    """The trust page as a modal view.

    Args:
        on_roster: Whether whoever looks answers requests for a team, which removal cannot change.
        history_days: Days of the past the team here chose to have read; None where no team is set up.
        solved_muted: Whether whoever looks wished not to be asked if a request was solved.
    """
    return _modal(
        [
            *sections(
                "*What is kept*",
                "• The time at which a request is posted, answered, asked about again, taken, finished, "
                "reopened, handed on or deleted, in the channels where a team was set up. "
                f"{_past(history_days)}",
                "• Who did it, as a pseudonym: a keyed hash of the Slack user id, with a new key each month.",
                "• In channels that a team named for it, told there first: the five minutes in which the team was "
                "mentioned. Never who, by whom or why, so there is nothing of anybody's in it to remove.",
                "• What a team says about itself: who answers, working hours, days away (never why).",
                "• Answers that people give, as counts: to a pulse, and to “did this solve it?”. Words that they type "
                "into a form: a process flaw, a gain. No name is kept with them.",
            ),
            *sections(
                "*How long*",
                "• Times: 13 months, then weekly totals; interruptions 13 months.",
                "• Pseudonyms: two months after a month ends its key is destroyed and its pseudonyms are "
                "erased. Until then, whoever runs this bot could recompute a pseudonym from the list of "
                "people and the key. After that nobody can. That several posts were one request stays noted, not "
                "whose.",
                "• Days away: 31 weeks. Who was asked to a pulse, not whether they answered: 91 days.",
            ),
            *sections(
                "*What never*",
                "• The text of a message, or a file. Text is looked at in memory to tell a request from a "
                "thank-you, and dropped.",
                "• A figure about one person. No part of this bot computes one, and in a team of one or two "
                "not even the team's utilization is shown.",
                "• Direct messages, and channels that no team set up or named.",
            ),
            *sections(
                "*Who sees what*",
                "• Load: those who answer, and their lead. Waiting times: everybody in the channel. "
                "Others: what the team chose to share.",
            ),
            divider(),
            *sections(f"*Your choice*\n{_removes(on_roster)}"),
            row(
                [
                    button("What is kept of me", actions.TRACES_SHOW),
                    *([button("Ask me again if it was solved", actions.SOLVED_UNMUTE)] if solved_muted else []),
                    _remove_button(),
                ]
            ),
        ]
    )


def _past(history_days: int | None) -> str:
    if history_days is None:
        return "Nothing is read where no team was set up."
    if history_days == 0:
        return "Nothing from before set-up is read here."
    return f"Here the {history_days} days before set-up were read in the same way."


def _removes(on_roster: bool) -> str:
    said = (
        "*What is kept of me* shows it to you alone, as text to copy. *Remove my traces* erases your pseudonym from "
        "everything kept so far and keeps a mark so that none is made again; the times themselves stay, and which "
        "posts were one request, with nobody attached. Your days away go too, and you are no longer asked anything: "
        "no pulse, no “did this solve it?”."
    )
    listed = " You stay on the list of those who answer until the lead takes you off it." if on_roster else ""
    return said + listed


def _remove_button() -> Block:
    return {
        **button("Remove my traces", actions.REMOVE_TRACES, style="danger"),
        "confirm": {
            "title": plain_text("Remove your traces?", 100),
            "text": mrkdwn("Your pseudonym is erased in every channel, for good. This can't be undone."),
            "confirm": plain_text("Remove", 30),
            "deny": plain_text("Keep", 30),
        },
    }


def removal_result(*, on_roster: bool) -> Block:
    """What the trust page turns into after a removal; it counts nothing, since that would be about one person.

    Args:
        on_roster: Whether the person is still listed among those who answer.
    """
    done = "*Done. Your pseudonym is erased from everything kept.*"
    listed = (
        "You are still listed among those who answer. The lead can take you off with `/headroom setup`."
        if on_roster
        else ""
    )
    return _modal(
        [
            *sections(
                done,
                "From now on none is kept, here or when the past is read again. Your days away are gone too, and you "
                "are not asked anything any more.",
            ),
            *context(listed, "You can close this window; there is nothing else to do."),
        ]
    )


def _modal(blocks: list[Block]) -> Block:
    return {
        "type": "modal",
        "callback_id": actions.TRUST_VIEW,
        "title": plain_text("What Headroom keeps", 24),
        "close": plain_text("Close", 24),
        "blocks": blocks,
    }
