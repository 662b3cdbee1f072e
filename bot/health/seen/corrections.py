"""Corrections before counting: doubles, reactions taken back, deletions, posts that belong together.

Everything here looks at one queue at a time, so a message's key alone names it.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from bot.health.facts import Bools, Facts, Ints
from bot.signal import MESSAGE_KINDS, Kind

SAME_REQUEST_SECONDS = 300.0
"""Posts by one author within this of the first are one request."""

_APART = int(SAME_REQUEST_SECONDS * 1e6)  # in the microseconds of messages' keys

MISCLICK_SECONDS = 60.0
"""A claim taken back sooner never happened; one held longer was work that ended there (some swap 👀 for ✅)."""

# At the same instant: a request exists before it is reopened, claimed, answered, closed, released.
_SEQUENCE = (Kind.ARRIVAL, Kind.PROMOTE, Kind.REOPEN, Kind.CLAIM, Kind.REPLY, Kind.THANKS, Kind.DONE)
_RANK = np.full(len(Kind) + 1, 8, np.int8)
_RANK[[int(k) for k in _SEQUENCE]] = range(len(_SEQUENCE))
_RANK[Kind.WITHDRAW] = 9
_BORNE = np.zeros(len(Kind) + 1, np.bool_)
_BORNE[[int(k) for k in MESSAGE_KINDS]] = True


def tidy(facts: Facts, now: float) -> Facts:
    """Facts up to `now` that still stand, each under the request it belongs to.

    Rows come back without doubles, ordered by queue, request and time. Deleted, dismissed and taken-back
    facts are gone; a WITHDRAW row that remains ends a claim which was really held, a DELETE row ends a post which
    had stood for more than five minutes: whoever wrote it has waited.

    Args:
        facts: In any order.
        now: Unix seconds; later facts are not known yet.
    """
    known = facts.at <= now
    facts = facts if known.all() else facts.take(known)
    if (facts.queue == facts.queue[:1]).all():
        return _one_queue(facts)
    return Facts.join(_one_queue(facts.take(facts.queue == q)) for q in np.unique(facts.queue))


def _one_queue(f: Facts) -> Facts:
    f, written = _apart(f)
    f = _withdrawn(_timed_twins_win(_ordered(f)))
    placed = _placed(f)
    kept = _dismissed(_deleted(placed))
    merged = _merged(kept, written)
    return merged if placed is f and merged is kept else _ordered(merged)  # where no row moved, order stands


def _apart(f: Facts) -> tuple[Facts, Facts]:
    """What happened, and what is written down about which posts are one request."""
    written = f.kind == Kind.JOIN
    return (f.take(~written), f.take(written)) if written.any() else (f, f.take(slice(0)))


def _ordered(f: Facts) -> Facts:
    """Sorted by request, time, rank and what else tells rows apart; doubles dropped."""
    order = _by_request_and_time(f)
    at, request = f.at[order], f.request[order]
    tied = (request[1:] == request[:-1]) & (at[1:] == at[:-1])
    if tied.any():  # few are, so only they are held against the other columns
        group = np.concatenate((np.zeros(1, np.int64), np.cumsum(~tied)))
        rows = np.flatnonzero(np.append(tied, False) | np.append(False, tied))
        those = order[rows]
        kind = f.kind[those]
        keys = (f.undoes[those], f.actor[those], f.message[those], kind, _RANK[kind], group[rows])
        order[rows] = those[np.lexsort(keys)]
    if not np.array_equal(order, np.arange(len(order))):
        f = f.take(order)
    if not tied.any():
        return f
    same = np.append(False, tied)
    for column in (f.kind, f.message, f.actor, f.undoes, f.timed):
        same[1:] &= column[1:] == column[:-1]
    return f.take(~same) if same.any() else f


def _by_request_and_time(f: Facts) -> Ints:
    """The rows in order of request and time; a backtest brings them in order, and sorting costs most."""
    same, later = f.request[1:] == f.request[:-1], f.at[1:] >= f.at[:-1]
    if ((f.request[1:] > f.request[:-1]) | (same & later)).all():
        return np.arange(len(f))
    return np.lexsort((f.at, f.request))


def _timed_twins_win(f: Facts) -> Facts:
    """An untimed fact goes when the same fact is known with its time."""
    rows = np.flatnonzero(~f.timed)
    if not len(rows):
        return f
    rows = np.flatnonzero(np.isin(f.message, f.message[rows]))
    order = rows[np.lexsort((~f.timed[rows], f.actor[rows], f.kind[rows], f.message[rows]))]
    group = _groups(f.message[order], f.kind[order], f.actor[order])
    first_timed = f.timed[order][np.flatnonzero(np.diff(group, prepend=-1))]
    keep = np.ones(len(f), np.bool_)
    keep[order[~f.timed[order] & first_timed[group]]] = False
    return f.take(keep)


def _groups(*columns: NDArray[np.generic]) -> Ints:
    """Number of each row's group, of rows already sorted by the columns."""
    new = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        new[1:] |= column[1:] != column[:-1]
    return np.cumsum(new)


def _withdrawn(f: Facts) -> Facts:
    return f.take(~void(f)) if (f.kind == Kind.WITHDRAW).any() else f


def void(f: Facts) -> Bools:
    """Which facts of one queue were taken back, and which WITHDRAW rows have no more to say.

    Each WITHDRAW takes back the latest earlier fact of its kind by that actor on that message. Pairs (fact, WITHDRAW)
    that stand side by side cancel; repeating it nests like brackets, and takes as many passes as somebody stacked
    equal reactions, or several emoji of one meaning: it stands while one of them does. A ✅ under which whoever asked
    wrote again was given all the same: it is taken off to be given anew, or as it came too early, so the request came
    back.
    """
    taken_back = f.kind == Kind.WITHDRAW
    target = np.where(taken_back, f.undoes, f.kind)
    rows = np.flatnonzero(
        taken_back | (np.isin(f.message, f.message[taken_back]) & np.isin(target, f.undoes[taken_back]))
    )
    rows = rows[np.lexsort((taken_back[rows], f.at[rows], target[rows], f.actor[rows], f.message[rows]))]
    keep = ~taken_back
    ended = np.zeros(len(f), np.bool_)  # by whom nobody knows: that may be somebody else than who still stands there
    ended[rows] = _none_left(taken_back[rows], _groups(f.message[rows], f.actor[rows], target[rows]))
    ended |= f.actor == 0
    while len(rows) > 1:
        group = _groups(f.message[rows], f.actor[rows], target[rows])
        pair = np.flatnonzero(taken_back[rows][1:] & ~taken_back[rows][:-1] & (group[1:] == group[:-1]))
        if not len(pair):
            break
        fact, undo = rows[pair], rows[pair + 1]
        long = f.at[undo] - f.at[fact] > MISCLICK_SECONDS
        held = (f.kind[fact] == Kind.CLAIM) & f.timed[fact] & long & ended[undo]
        stood = _asked_between(f, fact, undo)
        keep[fact[~held & ~stood]] = False
        keep[undo[held]] = True
        rows = np.delete(rows, np.concatenate((pair, pair + 1)))
    gone: Bools = ~keep
    return gone


def _asked_between(f: Facts, fact: Ints, undo: Ints) -> Bools:
    """Which ✅ stood when who asked wrote again, of rows of facts and of what took them back."""
    found = np.zeros(len(fact), np.bool_)
    done = np.flatnonzero((f.kind[fact] == Kind.DONE) & f.timed[fact])
    if not len(done):
        return found
    request = _placed(f).request
    asks = np.flatnonzero((f.kind == Kind.FOLLOWUP) | (f.kind == Kind.CHASE))
    asks = asks[~np.isin(f.message[asks], f.message[f.kind == Kind.DELETE])]
    asks = asks[np.lexsort((f.at[asks], request[asks]))]
    for i in done.tolist():
        first, last = (np.searchsorted(request[asks], request[fact[i]], side) for side in ("left", "right"))
        at = f.at[asks[first:last]]
        found[i] = np.any((at > f.at[fact[i]]) & (at < f.at[undo[i]]))
    return found


def _none_left(taken_back: Bools, group: Ints) -> Bools:
    """Of facts and WITHDRAWs in order, by group: after which rows none of the facts stands any more."""
    far = (group - group[:1]) * 2 * (len(group) + 1)  # so that each group begins below all that was before it
    height = np.cumsum(np.where(taken_back, -1, 1))
    before = np.concatenate((np.zeros(1, np.int64), height))[np.searchsorted(group, group)]
    height = height - before - far
    lowest = np.minimum.accumulate(np.minimum(height, -far))
    return np.asarray(height == lowest)


def _placed(f: Facts) -> Facts:
    """Promoted messages are requests of their own; a reaction on a known reply belongs to its request."""
    request = f.request.copy()
    replies = np.flatnonzero(_BORNE[f.kind] & (f.request != f.message))
    if len(replies):
        table = replies[np.argsort(f.message[replies], kind="stable")]
        rows = np.flatnonzero(~_BORNE[f.kind] & (f.request == f.message))
        spot = np.minimum(np.searchsorted(f.message[table], f.message[rows]), len(table) - 1)
        known = f.message[table[spot]] == f.message[rows]
        request[rows[known]] = f.request[table[spot[known]]]
    promoted = f.kind == Kind.PROMOTE
    if promoted.any():
        own = np.isin(f.message, f.message[promoted])
        request[own] = f.message[own]
    return f if np.array_equal(request, f.request) else replace(f, request=request)


def _deleted(f: Facts) -> Facts:
    rows = np.flatnonzero(f.kind == Kind.DELETE)
    if not len(rows):
        return f
    late = rows[_stood(f, rows)]
    gone = np.setdiff1d(f.message[rows], f.message[late])
    keep = ~np.isin(f.message, gone) & ~np.isin(f.request, gone)
    keep[rows] = False
    keep[late] = True
    return f.take(keep)


def _stood(f: Facts, rows: Ints) -> Bools:
    """Which of these deletions took away a post at the root that had stood for more than five minutes."""
    posts = np.flatnonzero((f.kind == Kind.ARRIVAL) & np.isin(f.message, f.message[rows]))
    if not len(posts):
        return np.zeros(len(rows), np.bool_)
    posts = posts[np.lexsort((f.at[posts], f.message[posts]))]
    spot = np.minimum(np.searchsorted(f.message[posts], f.message[rows]), len(posts) - 1)
    mine = posts[spot]
    return np.asarray((f.message[mine] == f.message[rows]) & (f.at[rows] - f.at[mine] > SAME_REQUEST_SECONDS))


def _dismissed(f: Facts) -> Facts:
    """A dismissed request is none, unless it was promoted later."""
    no = (f.kind == Kind.DISMISS) & (f.message == f.request)
    if not no.any():
        on_replies = f.kind == Kind.DISMISS
        return f.take(~on_replies) if on_replies.any() else f
    votes = np.flatnonzero(np.isin(f.request, f.request[no]) & (no | (f.kind == Kind.PROMOTE)))
    votes = votes[np.lexsort((f.at[votes], f.request[votes]))]
    last = np.append(f.request[votes][1:] != f.request[votes][:-1], True)
    gone = f.request[votes[last & no[votes]]]
    return f.take(~np.isin(f.request, gone) & (f.kind != Kind.DISMISS))


def same_request(facts: Facts) -> tuple[Ints, Ints]:
    """Posts that belong to the request of an earlier post, and for each the first post of that request.

    Args:
        facts: Of one queue, in any order; what is written down (`Kind.JOIN`) and who wrote what both count.

    Returns:
        Keys of messages, ascending, and as many keys of first posts.
    """
    f, written = _apart(facts)
    return _same_request(_dismissed(_deleted(_placed(_withdrawn(_timed_twins_win(_ordered(f)))))), written)


def _same_request(f: Facts, written: Facts) -> tuple[Ints, Ints]:
    """Posts by one author within five minutes of the first are one request; imported tickets never are.

    Once nobody knows the author, the request that was written down stands in their place: its key, which is no
    pseudonym's (those are spread over 64 bits).
    """
    posted = np.abs(f.message / 1e6 - f.at) < 1e-3  # an imported ticket's key is no time
    own = np.isin(f.message, f.message[f.kind == Kind.PROMOTE])
    rows = np.flatnonzero((f.kind == Kind.ARRIVAL) & posted & ~own)
    post = f.request[rows]
    author = _written(post, written, f.actor[rows])
    rows = np.flatnonzero(author)
    rows = rows[np.lexsort((post[rows], author[rows]))]
    post, author = post[rows], author[rows]
    first = post[_first_posts(post, author)]
    joined = np.flatnonzero(first != post)
    joined = joined[np.argsort(post[joined], kind="stable")]
    return post[joined], first[joined]


def _written(post: Ints, written: Facts, author: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The authors, with the request in their place where it is written down which one it is."""
    if not len(written):
        return author
    order = np.argsort(written.message, kind="stable")
    message, request = written.message[order], written.request[order]
    spot = np.minimum(np.searchsorted(message, post), len(message) - 1)
    known = np.where(message[spot] == post, request[spot], np.where(np.isin(post, request), post, 0))
    return np.where(known != 0, known.astype(np.uint64), author)


def _first_posts(post: Ints, author: NDArray[np.uint64]) -> Ints:
    """For each post, in order of author and time, the row of the first one of its request."""
    new = np.ones(len(post), np.bool_)
    new[1:] = (author[1:] != author[:-1]) | (post[1:] - post[:-1] > _APART)
    start = np.flatnonzero(new)
    end = np.append(start[1:], len(post))[: len(start)]
    longer = post[end - 1] - post[start] > _APART
    for begin, last in zip(start[longer].tolist(), end[longer].tolist(), strict=True):
        row = begin
        while post[last - 1] - post[row] > _APART:  # after five minutes the next one begins
            row += int(np.searchsorted(post[row:last], post[row] + _APART, "right"))
            new[row] = True
    rows: Ints = np.maximum.accumulate(np.where(new, np.arange(len(post)), 0))
    return rows


def _merged(f: Facts, written: Facts) -> Facts:
    """All facts of a request under its first post."""
    joined, first = _same_request(f, written)
    if not len(joined):
        return f
    spot = np.minimum(np.searchsorted(joined, f.request), len(joined) - 1)
    return replace(f, request=np.where(joined[spot] == f.request, first[spot], f.request))
