"""How a request leaves the list of what waits: the facts that its buttons write, of kinds that reactions write too."""

from bot.signal import Kind, Signal
from storage import requests
from storage.database import Database
from storage.signals import SECOND, insert, row_of


def done(db: Database, queue: int, request: int, actor: bytes, now: float) -> bool:
    """✅, now.

    Args:
        db: The database.
        queue: Storage's number of the channel.
        request: Key of the request.
        actor: Pseudonym of whoever pressed, empty for nobody.
        now: Unix seconds.

    Returns:
        Whether it was open. One that is closed already stays as it is; this holds for all of this file.
    """
    return _close(db, queue, request, [Signal(queue, request, request, Kind.DONE, actor, _after(request, now))])


def answered_elsewhere(db: Database, queue: int, request: int, now: float) -> bool:
    """✅ by nobody at a time nobody knows, as history tells it: it tells of no work, no wait and no lead time.

    Of a request that came back, such a ✅ is taken as the first one, before it did: only there it is dated now.
    """
    requests.drain(db)
    with db.write():
        was_open = _close(db, queue, request, [Signal(queue, request, request, Kind.DONE)])
        if was_open:
            done(db, queue, request, b"", now)  # where that did not close it
    return was_open


def no_request(db: Database, queue: int, request: int, actor: bytes, now: float) -> bool:
    """🔕 on each of its posts, now; or else its second post would be a request of its own. Arguments as in `done`."""
    requests.drain(db)
    with db.write() as connection:
        posts = requests.posts(connection, queue, request)
        facts = [Signal(queue, post, post, Kind.DISMISS, actor, _after(post, now)) for post in posts]
        return _close(db, queue, request, facts)


def given_up(db: Database, queue: int, request: int, actor: bytes, now: float) -> bool:
    """Whoever asked does not want it any more, as of now. Arguments as in `done`."""
    return _close(db, queue, request, [Signal(queue, request, request, Kind.CANCEL, actor, _after(request, now))])


def asked_under(db: Database, queue: int, request: int, actor: bytes) -> bool:
    """Whether a request was asked under this pseudonym."""
    row = db.read(
        "select 1 from signals where queue = ? and message = ? and kind = ? and actor = ?",
        (int(queue), int(request), int(Kind.ARRIVAL), actor),
    ).fetchone()
    return row is not None


def _close(db: Database, queue: int, request: int, facts: list[Signal]) -> bool:
    """Write facts about a request that is open; of two who press at once, the second finds it closed."""
    requests.drain(db)  # what waits goes first, in short transactions of its own
    with db.write() as connection:
        if not requests.is_open(db, queue, request):
            return False
        insert(connection, [row_of(fact) for fact in facts])
        requests.drain(db)
    return True


def _after(message: int, now: float) -> int:
    """Microseconds, later than the message whatever the clocks."""
    return max(int(now * SECOND), message + 1)
