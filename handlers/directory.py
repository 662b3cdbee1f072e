"""Slack's answers about people and channels, asked side by side, within the time that a view leaves us.

A submitted view must be answered in three seconds (https://docs.slack.dev/surfaces/modals/#response_actions).
Questions that take longer go on in the background, so the next try finds their answers.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

from bot.errors import HeadroomError
from bot.final_words import Ends
from bot.slack import Channel, Profile, Slack, SlackBusyError, SlackError, SlackUnknownError

AT_ONCE = 8
"""Calls under way at the same time."""

PROFILE_SECONDS, CHANNEL_SECONDS = 600.0, 20.0
"""How long an answer is believed: profiles change seldom, memberships while somebody mends the form."""


class SlowSlackError(HeadroomError):
    """Slack has not answered everything in time."""

    def __init__(self, missing: int) -> None:
        super().__init__(f"Slack has not answered {missing} of our questions yet: wait a moment and try again")


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to ask Slack.

    Attributes:
        about: `person`, `channel`, `members` or `group`.
        id: Slack's id of it.
    """

    about: str
    id: str


class Answers:
    """What Slack said; a question it refused counts as answered with nothing."""

    def __init__(self, said: dict[Question, Any]) -> None:
        self._said = said

    def person(self, user: str) -> Profile | None:
        """A profile; None where Slack knows no such person."""
        return self._said.get(Question("person", user))

    def channel(self, channel: str) -> Channel | None:
        """A channel; None where the bot cannot see it."""
        return self._said.get(Question("channel", channel))

    def members(self, channel: str) -> frozenset[str] | None:
        """Who is in a channel; None where the bot cannot see that."""
        found: Sequence[str] | None = self._said.get(Question("members", channel))
        return None if found is None else frozenset(found)

    def group(self, group: str) -> frozenset[str] | None:
        """Who is in a user group; None where groups cannot be read."""
        found: Sequence[str] | None = self._said.get(Question("group", group))
        return None if found is None else frozenset(found)


class Directory:
    """Asks and remembers for a short while. Thread-safe.

    Args:
        slack: Slack's Web API.
        clock: Unix seconds.
    """

    def __init__(self, slack: Slack, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._ask: dict[str, Callable[[str], Any]] = {
            "person": slack.person,
            "channel": slack.channel,
            "members": slack.members,
            "group": slack.group_members,
        }
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="directory")
        self._lock = threading.Lock()
        self._asked: dict[Question, tuple[float, Future[Any]]] = {}

    def answers(self, questions: Iterable[Question], seconds: float) -> Answers:
        """Ask everything at once.

        Args:
            questions: What to ask.
            seconds: Real seconds to wait at most.

        Raises:
            SlowSlackError: Some answers are still missing, or Slack said to come back later.
        """
        futures = {question: self._future(question) for question in set(questions)}
        wait(futures.values(), timeout=seconds)
        said, missing = {}, 0
        for question, future in futures.items():
            if not future.done():
                missing += 1
                continue
            try:
                said[question] = future.result()
            except (SlackBusyError, SlackUnknownError):
                self._forget(question)
                missing += 1
            except SlackError as refused:
                if question.about == "person" and refused.ends is not Ends.PERSON:
                    self._forget(question)  # it tells nothing of the account, on which a lead's place may rest
                    missing += 1
                else:
                    said[question] = None
        if missing:
            raise SlowSlackError(missing)
        return Answers(said)

    def _future(self, question: Question) -> Future[Any]:
        now = self._clock()
        with self._lock:
            self._asked = {q: held for q, held in self._asked.items() if not _stale(q, held, now)}
            if question not in self._asked:
                future = self._pool.submit(self._ask[question.about], question.id)
                self._asked[question] = (now, future)
            return self._asked[question][1]

    def _forget(self, question: Question) -> None:
        with self._lock:
            self._asked.pop(question, None)


def _stale(question: Question, held: tuple[float, Future[Any]], now: float) -> bool:
    asked, future = held
    keep = PROFILE_SECONDS if question.about == "person" else CHANNEL_SECONDS
    return future.done() and now - asked > keep
