"""Every channel post and direct message: claim, send, confirm, or find out.

A channel post reaches Slack exactly once where the bot may read the channel's history: what has an unknown
outcome (lost answer, crash between send and confirm) is looked up by the key in its metadata before it is sent
again. A direct message, whose history we do not ask to read, is sent at most once.
"""

import logging
from collections.abc import Callable

from bot.slack import Slack, SlackBusyError, SlackError, SlackUnknownError
from storage import outbox
from storage.database import Database

log = logging.getLogger(__name__)

SETTLE = 30.0
"""Seconds before an unknown outcome is looked up: longer than a call may take, so nothing is still under way."""

LOOK_BACK = 60.0
"""Seconds before the attempt at which the search in the history begins, for clocks that differ."""

BLOCKS_REFUSED = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"})


class Outbox:
    """Sends what waits.

    Args:
        db: The store.
        slack: Slack's Web API.
        clock: Unix seconds.
        settle: Seconds before an unknown outcome is looked up.
    """

    def __init__(self, db: Database, slack: Slack, clock: Callable[[], float], settle: float = SETTLE) -> None:
        self._db, self._slack, self._clock, self._settle = db, slack, clock, settle

    def run(self) -> float | None:
        """Send and find out all that can be now; returns the Unix second at which there is more, or None."""
        while post := outbox.claim_unknown(self._db, self._clock(), self._settle):
            self._find_out(post)
        while post := outbox.claim(self._db, self._clock()):
            self._send(post)
        return outbox.next_at(self._db, self._settle)

    def _send(self, post: outbox.Post) -> None:
        try:
            try:
                ts = self._slack.post(post.channel, post.body, post.key, post.thread)
            except SlackError as refused:
                fallback = post.body.get("fallback")
                if refused.error not in BLOCKS_REFUSED or fallback is None:
                    raise
                # A workspace that does not show charts yet: the same words, without the chart.
                plain = {"text": post.body["text"], "blocks": fallback}
                ts = self._slack.post(post.channel, plain, post.key, post.thread)
        except SlackBusyError as busy:
            outbox.again(self._db, post.key, self._clock() + busy.after, busy.error)
        except SlackUnknownError as unknown:
            if post.direct:
                outbox.close(self._db, post.key, "unknown", unknown.error)
            log.warning("a post's outcome is unknown (%s); it will be looked up", unknown.error)
        except SlackError as refused:
            outbox.close(self._db, post.key, "failed", refused.error)
            log.warning("Slack refused a post to %s: %s", post.channel, refused.error)
        else:
            outbox.sent(self._db, post.key, ts)

    def _find_out(self, post: outbox.Post) -> None:
        attempted = float(post.attempted or 0)
        if post.direct:
            outbox.close(self._db, post.key, "unknown", "the process ended between sending and confirming")
            return
        try:
            ts = self._slack.find_post(post.channel, post.key, attempted - LOOK_BACK, post.thread)
        except (SlackBusyError, SlackUnknownError):
            return  # stays as it is; asked again after the settle time
        except SlackError as refused:
            # The history cannot be read: at most once is what is left.
            outbox.close(self._db, post.key, "unknown", refused.error)
            return
        if ts is None:
            outbox.again(self._db, post.key, self._clock(), "not found in the channel")
        else:
            outbox.sent(self._db, post.key, ts)
