"""Reading what was before and what was missed, through the same capture as live events.

History gives root messages, with reactions but without their times; each thread costs a call of its own. So
first contact reads the roots (`history`), then the threads, newest first (`threads`); afterwards `gaps` looks
hourly, at start and on reconnect, at what came since the watermark. All of it may be repeated: a fact is kept
once. Nothing older than what the queue was told is asked for or kept. Each step notes how far it came, so a
limit in the middle costs a wait and no work: https://docs.slack.dev/apis/web-api/rate-limits
"""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from bot.capture import capture_history
from bot.final_words import Ends
from bot.services.work import Work
from bot.signal import microseconds, slack_ts
from bot.slack import SlackError
from bot.watch import Gone
from storage import due, signals, teams
from storage.keys import Pseudonymizer
from storage.teams import Queue

SECOND = 1_000_000
SLICE = 7 * 86_400 * SECOND
"""History is read in slices of a week, oldest first, so that the watermark can move after each."""

OVERLAP = 600 * SECOND
"""Read again behind the watermark, for messages that Slack lists late."""

THREADS_LOOK_BACK = 7 * 86_400 * SECOND
"""Roots this young when we last looked are asked for new replies: history does not list replies."""

HOURLY = 3_600.0


def history(work: Work, queue_id: int) -> float | None:
    """Read root messages from the watermark to now; then the threads are due."""
    queue = teams.queue(work.db, queue_id)
    if queue is None or queue.gone:
        return None
    try:
        _read_roots(work, queue)
    except SlackError as error:
        return _later(work, queue, error)
    due.put(work.db, "threads", queue_id, work.clock())
    return None


def threads(work: Work, queue_id: int) -> float | None:
    """Read the threads that history named, newest first, one call a thread; resumes where it was."""
    queue = teams.queue(work.db, queue_id)
    if queue is None or queue.gone or queue.threads != "reading":
        return None
    reader = _Reader(work, queue)
    latest = slack_ts(queue.cursor) if queue.cursor else None
    try:
        for root in work.slack.history(queue.channel, oldest=reader.clamped(0), latest=latest):
            if root.get("reply_count"):
                _read_thread(work, reader, queue, root["ts"])
                teams.set_threads(work.db, queue.id, "reading", microseconds(root["ts"]))
    except SlackError as error:
        return _later(work, queue, error)
    with work.db.write():
        teams.set_threads(work.db, queue.id, "read", 0)
        due.put(work.db, "gaps", queue.id, work.clock())  # it left young threads alone meanwhile
    return None


def gaps(work: Work, queue_id: int) -> float | None:
    """Read what came since the watermark, then new replies in young threads; due again in an hour."""
    queue = teams.queue(work.db, queue_id)
    if queue is None or queue.gone:
        return None
    try:
        _read_roots(work, queue)
        if queue.threads not in ("reading", "refused"):
            _read_young_threads(work, queue)
    except SlackError as error:
        return _later(work, queue, error)
    return work.clock() + HOURLY


def _read_roots(work: Work, queue: Queue) -> None:
    reader = _Reader(work, queue)
    now, start = int(work.clock() * SECOND), queue.watermark
    while start < now:
        end = min(start + SLICE, now)
        reader.keep(work.slack.history(queue.channel, oldest=reader.clamped(start - OVERLAP), latest=slack_ts(end)))
        teams.set_watermark(work.db, queue.id, end)
        start = end


def _read_young_threads(work: Work, queue: Queue) -> None:
    """Read the threads that got a reply since the cursor, in the order of their newest replies.

    So everything up to the newest reply of a thread just read is read, the cursor says so, and after a break
    no thread comes twice. The threads are read whole: earlier replies of theirs may have been missed too.
    """
    reader = _Reader(work, queue)
    now = int(work.clock() * SECOND)
    since = queue.cursor or reader.announced
    roots = work.slack.history(queue.channel, oldest=reader.clamped(min(now, since) - THREADS_LOOK_BACK))
    newest = ((microseconds(root["latest_reply"]), root["ts"]) for root in roots if root.get("latest_reply"))
    for reply, root in sorted(thread for thread in newest if thread[0] > since):
        _read_thread(work, reader, queue, root)
        teams.set_threads(work.db, queue.id, queue.threads, reply)
    teams.set_threads(work.db, queue.id, queue.threads, max(now - OVERLAP, reader.announced))


def _read_thread(work: Work, reader: "_Reader", queue: Queue, root: str) -> None:
    try:
        reader.keep(work.slack.replies(queue.channel, root))
    except SlackError as refused:
        if refused.ends is not Ends.MESSAGE:
            raise
        # It was deleted since the history named it: there is nothing to read.


def _later(work: Work, queue: Queue, error: SlackError) -> float | None:
    """When to ask again; None where Slack's word is final for this queue, which is then noted.

    What is stored stays. A channel that Slack denies is not heard either, until it is asked about again (by the
    job `lost`, or when the bot is invited). Some tokens may read channels and not threads, or neither: the queue is
    heard on, threads are not waited for, and every figure says so.
    """
    if error.ends is Ends.CHANNEL:
        teams.mark_gone(work.db, queue.id, Gone.UNREADABLE)
        return None
    if error.ends is Ends.SCOPE:
        teams.set_threads(work.db, queue.id, "refused", 0)
        return None
    return work.clock() + error.after


class _Reader:
    """Turns pages of messages into stored signals, page by page."""

    PAGE = 200

    def __init__(self, work: Work, queue: Queue) -> None:
        self._db, self._clock = work.db, work.clock
        everywhere = teams.watched(work.db, work.me.user, work.me.bot)
        self._watched = {channel: w for (place, channel), w in everywhere.items() if place == queue.workspace}
        self._watch = self._watched.get(queue.channel)
        self._pseudonym = Pseudonymizer(work.db, queue.workspace)
        record = teams.get(work.db, queue.team_id)
        announced, days = (record.announced or 0, record.history_days) if record else (0, 0)
        self.announced = announced * SECOND
        self._oldest_wanted = (announced - days * 86_400) * SECOND

    def clamped(self, oldest: int) -> str:
        """Slack's `oldest`, which is exclusive, no earlier than the queue was told is read."""
        return slack_ts(max(0, oldest, self._oldest_wanted - 1))

    def keep(self, messages: Iterable[Mapping[str, Any]]) -> None:
        """Store what the messages say, in pages, so that no transaction grows long.

        Pseudonyms are made in the transaction that keeps them: whoever objects does so before it, and is
        nobody in it, or after it, and is removed from what it kept.
        """
        if self._watch is None:
            return
        pages = (message for message in messages if microseconds(message["ts"]) >= self._oldest_wanted)
        while page := list(islice(pages, self.PAGE)):
            now = self._clock()
            with self._db.write():
                signals.add(self._db, capture_history(page, self._watch, self._pseudonym, now, self._watched.get))
