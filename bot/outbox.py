"""Every channel post and direct message: claim, send, confirm, or find out.

A channel post reaches Slack exactly once where the bot may read the channel's history: what has an unknown
outcome (lost answer, crash between send and confirm) is looked up by the key in its metadata before it is sent
again. A direct message, whose history we do not ask to read, is sent at most once.
"""

import json
import logging
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from bot.final_words import Ends
from bot.slack import Slack, SlackBusyError, SlackError, SlackUnknownError
from storage import outbox
from storage.database import Database

log = logging.getLogger(__name__)

SETTLE = 30.0
"""Seconds before an unknown outcome is looked up: longer than a call may take, so nothing is still under way."""

LOOK_BACK = 60.0
"""Seconds before the attempt at which the search in the history begins, for clocks that differ."""

TOKEN = "{{token}}"  # noqa: S105  # a place for one, no secret
"""Stands in a body where the message that leaves carries a one-time token, the same in all its buttons."""

BLOCKS_REFUSED = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"})


@dataclass(frozen=True, slots=True)
class Leave:
    """What is decided about a post when it is about to leave.

    Attributes:
        after: Hold it until that Unix second; None: it may go now.
        stale: Nobody wants it any more: drop it.
        instead: Send it to these people directly, not to its channel.
        why: In a few words, where it does not go as it is.
    """

    after: float | None = None
    stale: bool = False
    instead: tuple[str, ...] | None = None
    why: str = ""


class Guard(Protocol):
    """Looks at a post once more before it leaves: who would read it now, and when."""

    def leave(self, post: outbox.Post) -> Leave:
        """Whether it may go."""
        ...

    def people(self, post: outbox.Post) -> tuple[str, ...]:
        """Who is told directly when its channel cannot be."""
        ...


class Open:
    """Lets everything leave at once."""

    def leave(self, post: outbox.Post) -> Leave:
        """Always."""
        return Leave()

    def people(self, post: outbox.Post) -> tuple[str, ...]:
        """Nobody."""
        return ()


class Outbox:
    """Sends what waits.

    Args:
        db: The store.
        slack: Slack's Web API.
        clock: Unix seconds.
        workspace: Only its posts are sent: another workspace's bot may share the file.
        guard: Asked about each post as it leaves.
        draw: Makes the one-time token that takes the place of `TOKEN` in a message.
        settle: Seconds before an unknown outcome is looked up.
    """

    def __init__(
        self,
        db: Database,
        slack: Slack,
        clock: Callable[[], float],
        workspace: str,
        guard: Guard | None = None,
        settle: float = SETTLE,
        draw: Callable[[], str] = lambda: secrets.token_urlsafe(16),
    ) -> None:
        self._db, self._slack, self._clock, self._workspace, self._settle = db, slack, clock, workspace, settle
        self._guard: Guard = guard or Open()
        self._draw = draw

    def run(self) -> float | None:
        """Send and find out all that can be now; returns the Unix second at which there is more, or None."""
        while post := outbox.claim_unknown(self._db, self._clock(), self._settle, self._workspace):
            self._find_out(post)
        while post := outbox.claim(self._db, self._clock(), self._workspace):
            if self._may_leave(post) and (ours := outbox.leaving(self._db, post, self._clock())):
                self._send(ours)
        return outbox.next_at(self._db, self._settle, self._workspace)

    def _may_leave(self, post: outbox.Post) -> bool:
        """Look once more at a post; one that may not go as it is has been dealt with."""
        leave = self._guard.leave(post)
        if leave.stale:
            outbox.close(self._db, post, "failed", leave.why)
        elif leave.after is not None:
            outbox.again(self._db, post, leave.after, leave.why)
        elif leave.instead is not None:
            self._redirect(post, leave.instead, leave.why)
        else:
            return True
        return False

    def _redirect(self, post: outbox.Post, people: Iterable[str], why: str) -> None:
        """Tell these people directly, each once, what the channel was to be told."""
        with self._db.write():
            for person in people:
                outbox.put(
                    self._db,
                    workspace=post.workspace,
                    channel=person,
                    body=post.body,
                    team=post.team,
                    direct=True,
                    key=outbox.key_of(post.key, person),
                    load=post.load,
                    hours=post.hours,
                    made=post.made,
                    kind=post.kind,
                )
            outbox.close(self._db, post, "failed", why)

    def _send(self, post: outbox.Post) -> None:
        body = self._with_token(post.body)
        try:
            try:
                ts = self._slack.post(post.channel, body, post.key, post.thread)
            except SlackError as refused:
                fallback = body.get("fallback")
                if refused.error not in BLOCKS_REFUSED or fallback is None:
                    raise
                # A workspace that does not show charts yet: the same words, without the chart.
                plain = {"text": body["text"], "blocks": fallback}
                ts = self._slack.post(post.channel, plain, post.key, post.thread)
        except SlackBusyError as busy:
            outbox.again(self._db, post, self._clock() + busy.after, busy.error)
        except SlackUnknownError as unknown:
            if post.direct:
                outbox.close(self._db, post, "unknown", unknown.error)
            log.warning("a post's outcome is unknown (%s); it will be looked up", unknown.error)
        except SlackError as refused:
            log.warning("Slack refused a post to %s: %s", "a person" if post.direct else post.channel, refused.error)
            if post.load and not post.direct:
                self._redirect(post, self._guard.people(post), refused.error)
            else:
                outbox.close(self._db, post, "failed", refused.error)
        else:
            outbox.sent(self._db, post.key, ts)

    def _with_token(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """The message with a fresh token in its buttons: in memory only, so that Slack alone has it."""
        written = json.dumps(body)
        if TOKEN not in written:
            return body
        filled: Mapping[str, Any] = json.loads(written.replace(TOKEN, self._draw()))
        return filled

    def _find_out(self, post: outbox.Post) -> None:
        attempted = float(post.attempted or 0)
        if post.direct:
            outbox.close(self._db, post, "unknown", "the process ended between sending and confirming")
            return
        try:
            ts = self._slack.find_post(post.channel, post.key, attempted - LOOK_BACK, post.thread)
        except (SlackBusyError, SlackUnknownError):
            return  # stays as it is; asked again after the settle time
        except SlackError as refused:
            if refused.ends is Ends.TOKEN:
                return  # tells nothing of the channel; asked again once there is another token
            # The history cannot be read: at most once is what is left.
            outbox.close(self._db, post, "unknown", refused.error)
            return
        if ts is None:
            outbox.again(self._db, post, self._clock(), "not found in the channel")
        else:
            outbox.sent(self._db, post.key, ts)
