"""Why a pulse does not go out, or does not come in: one kind sentence each."""

from datetime import date

from bot.messages.blocks import escape, message, sections
from bot.messages.message import Message
from bot.messages.numbers import day as day_of_year


def begun(team: str, questions: int) -> Message:
    """The lead asked for a pulse, and it is on its way."""
    asked = "One question goes" if questions == 1 else f"{questions} questions go"
    return message(
        sections(
            f"{asked} to everyone in {escape(team)} who may be asked, each at a quiet hour of their next working day. "
            "Results come to everyone at the same time, four working days after the last was asked."
        )
    )


def too_small(team: str, floor: int) -> Message:
    """The team has fewer people than answers are needed."""
    return message(
        sections(
            f"{escape(team)} has fewer than {floor} people, so no pulse is asked: among so few, an answer could be "
            "traced to somebody. What helps instead is to ask the same questions at the table."
        )
    )


def too_few(team: str, floor: int) -> Message:
    """Fewer than needed can be asked at the moment."""
    return message(
        sections(
            f"Fewer than {floor} people of {escape(team)} can be asked just now, so the pulse waits. People who are "
            "away for over a week, who are new in this quarter or who don't take part are not asked. "
            "It is tried again every working day; there is nothing to do."
        )
    )


def repeated(team: str, on: date | None) -> Message:
    """No question may be asked of just these people again so soon."""
    when = f"goes on about {day_of_year(on)}, or earlier when the team is as it was" if on else "waits"
    return message(
        sections(
            f"The pulse of {escape(team)} {when}. Who can be asked has changed by only a few people, and two results "
            "that differ by a few people would show what those said."
        )
    )


def running(team: str) -> Message:
    """One is open."""
    return message(
        sections(f"A pulse of {escape(team)} is open already. One at a time; the results come when it closes.")
    )


def too_soon(team: str, on: date) -> Message:
    """The last one is less than a week ago."""
    return message(
        sections(
            f"The last pulse of {escape(team)} is less than a week ago. The next can go out from {day_of_year(on)} on, "
            "so that nobody tires of it."
        )
    )


def undelivered(team: str) -> Message:
    """Slack refused some of the messages."""
    return message(
        sections(
            f"Some messages of the last pulse of {escape(team)} could not be delivered; whose is not said, and "
            "nothing is wrong with anybody. Whoever runs Headroom can check that this workspace lets apps send "
            "direct messages (in the app's settings, App Home, Messages Tab)."
        )
    )


def unreached(team: str, floor: int) -> Message:
    """So few got the question that nothing could be shown."""
    return message(
        sections(
            f"The last pulse of {escape(team)} reached fewer than {floor} people, so it was closed and nothing is "
            "shown. Whoever runs Headroom can check that this workspace lets apps send direct messages (in the app's "
            "settings, App Home, Messages Tab)."
        )
    )


NO_RESULTS = "There are no results of a pulse yet."
STILL_TOLD = "The results are on their way to everyone and can be seen here once they have arrived."
UNKNOWN_RHYTHM = "Write `/headroom pulse schedule` and one of weekly, fortnightly, monthly or off."
UNKNOWN_WORD = "After `/headroom pulse` comes one of now, schedule, results, mute or unmute."
