"""Requests and the jobs they made, derived from facts: one pure function, whatever the order of the rows.

A request opens its first *job* when it arrives; every reopening opens another. A job ends when it is closed: by ✅, by
whoever asked giving it up, or by a thank-you (dated at the desk's last reply). A request that was reopened without
being seen closed was closed at the desk's last reply before. Quiet hours need working time and are applied afterwards
(`bot.health.seen.rest`).

Reopened is a request by 🔁, and by whoever asked writing again after ✅ without thanking or nodding, be it within a
minute: "and where do I find it?" is asked of somebody who thought it was done. Anybody who is no responder counts as
the asker, as in chases. The arrival's actor is not compared: a pseudonym lasts a month, a form's asker is unknown, and
as actors are emptied no count may change. So "same here" by a colleague reopens as well, which is work all the same.
"""

from dataclasses import replace

import numpy as np

from bot.health.facts import Bools, Facts, Floats, Ints
from bot.health.seen.corrections import SAME_REQUEST_SECONDS, tidy
from bot.health.seen.records import ARRIVED, ASKED_AGAIN, REOPENED, Jobs, Replies, Requests, Spans
from bot.signal import Kind

__all__ = ["Facts", "Jobs", "Replies", "Requests", "Spans", "derive", "derived"]

CLOCKS_APART = 900.0
"""Seconds by which the clocks of two systems may disagree; what happened to a request earlier than that before it
arrived has a wrong time."""

_OPEN, _SOFT, _HARD, _ASK, _LEFT = 0, 1, 2, 3, 4


def derive(facts: Facts, now: float) -> Requests:
    """What the facts known at `now` say about each request.

    Args:
        facts: In any order; doubles, late and missing facts are fine.
        now: Unix seconds; pass `math.inf` to use every fact.
    """
    return derived(tidy(facts, now))


def derived(f: Facts) -> Requests:
    """The same from facts that stand, in order (`bot.health.seen.corrections.tidy`)."""
    new = np.ones(len(f), np.bool_)
    new[1:] = (f.request[1:] != f.request[:-1]) | (f.queue[1:] != f.queue[:-1])
    makes = np.isin(f.kind, (Kind.ARRIVAL, Kind.PROMOTE, Kind.CLAIM))
    group = np.cumsum(new) - 1
    made = np.bincount(group, makes) > 0
    return _Rows(f if made.all() else f.take(made[group])).requests()


class _Rows:
    """Tidy facts, numbered by request, and the questions derivation asks of them."""

    def __init__(self, f: Facts) -> None:
        self.f = f
        new = np.ones(len(f), np.bool_)
        new[1:] = (f.request[1:] != f.request[:-1]) | (f.queue[1:] != f.queue[:-1])
        self.start = np.flatnonzero(new)
        self.index = np.cumsum(new) - 1
        self.n = len(self.start)
        self.f = f = replace(f, timed=f.timed & ~self._impossible())
        reply = _latest(f.kind == Kind.REPLY)
        said = reply >= self.start[self.index]
        self.reply_before = np.where(said, f.at[np.maximum(reply, 0)], np.nan)

    def _impossible(self) -> Bools:
        """Replies, claims and closings long before the arrival: they happened, but nobody knows when."""
        worked = np.isin(self.f.kind, (Kind.REPLY, Kind.CLAIM, Kind.DONE))
        found: Bools = worked & (self.f.at < self._arrived()[self.index] - CLOCKS_APART)
        return found

    def rows(self, *kinds: Kind, timed: bool = True) -> Ints:
        mask = self.f.kind == kinds[0]
        for kind in kinds[1:]:
            mask |= self.f.kind == kind
        return np.flatnonzero(mask & (self.f.timed | (not timed)))

    def first(self, rows: Ints, at: Floats | None = None) -> Floats:
        return _first(self.n, self.index[rows], self.f.at[rows] if at is None else at)

    def count(self, rows: Ints) -> Ints:
        return np.bincount(self.index[rows], minlength=self.n)

    def requests(self) -> Requests:
        f, index = self.f, self.index
        arrived = self._arrived()
        jobs, opened_at, closed_at = self._jobs(arrived)
        claims = self.rows(Kind.CLAIM)
        job = np.searchsorted(opened_at, claims, "right") - 1
        live = claims < closed_at[job]
        claims, job = claims[live], job[live]
        replies = self.rows(Kind.REPLY)
        reply_job = np.searchsorted(opened_at, replies, "right") - 1
        during = replies < closed_at[reply_job]
        said = Replies(reply_job[during], f.at[replies[during]])
        claimed = _first(len(jobs.opened), job, f.at[claims])
        answered = _first(len(jobs.opened), said.job, said.at)
        jobs = Jobs(
            jobs.request,
            jobs.cause,
            jobs.opened,
            _not_before(np.where(np.isnan(claimed), answered, claimed), jobs.opened),
            jobs.done,
            jobs.gave_up,
            jobs.open,
            ~np.isnan(claimed),
        )
        primary = np.flatnonzero(jobs.cause == ARRIVED)
        last_job = np.append(primary[1:] - 1, len(jobs.opened) - 1)[: self.n]
        last = np.zeros(self.n)
        np.maximum.at(last, index, f.at)
        return Requests(
            queue=f.queue[self.start].astype(np.int64),
            request=f.request[self.start],
            arrived=arrived,
            answered=_not_before(self.first(replies), arrived),
            claimed=_not_before(claimed[primary], arrived),
            started=jobs.started[primary],
            first_done=jobs.done[primary],
            done=self._last_done(jobs),
            open=jobs.open[last_job],
            reopens=np.bincount(jobs.request[jobs.cause == REOPENED], minlength=self.n) + self._untimed_reopens(),
            unsure=self._unsure(jobs),
            ticked=self._ticked(),
            escalations=self.count(self.rows(Kind.ESCALATE, timed=False)),
            handoffs=self.count(self.rows(Kind.HANDOFF, timed=False)) + self._takeovers(claims, job),
            chases=self._chases(arrived),
            last=last,
            jobs=jobs,
            spans=self._spans(claims, job, jobs, closed_at),
            replies=said,
        )

    def _arrived(self) -> Floats:
        """First arrival; a promoted message arrived when it was written, if its key is a time."""
        f = self.f
        promoted = self.rows(Kind.PROMOTE, timed=False)
        written = f.message[promoted] / 1e6
        plausible = (written > 1e9) & (written <= f.at[promoted])
        by_hand = self.first(promoted, np.where(plausible, written, f.at[promoted]))
        return np.fmin(self.first(self.rows(Kind.ARRIVAL)), by_hand)

    def _jobs(self, arrived: Floats) -> tuple[Jobs, Floats, Floats]:
        """Jobs without their start, and the row positions at which each opened and closed (inf: not)."""
        index, position, at, kind, gave_up, back = self._events()
        opens = kind == _OPEN
        cause = np.where(back[opens], REOPENED, ASKED_AGAIN)
        opened_at = np.concatenate((self.start - 0.6, position[opens]))
        order = np.argsort(opened_at, kind="stable")
        opened_at = opened_at[order]
        request = np.concatenate((np.arange(self.n), index[opens]))[order]
        opened = _not_before(np.concatenate((arrived, at[opens]))[order], arrived[request])
        job = np.searchsorted(opened_at, position[~opens], "right") - 1
        done, closed_at = np.full(len(order), np.nan), np.full(len(order), np.inf)
        done[job], closed_at[job] = at[~opens], position[~opens]
        done = _not_before(done, opened)
        left = np.zeros(len(order), np.bool_)
        left[job] = gave_up[~opens]
        nothing = np.zeros(len(order), np.bool_)
        jobs = Jobs(
            request,
            np.concatenate((np.zeros(self.n, np.int64), cause))[order],
            opened,
            np.full(len(order), np.nan),
            np.where(left, np.nan, done),
            np.where(left, done, np.nan),
            np.isinf(closed_at),
            nothing,
        )
        return jobs, opened_at, closed_at

    def _events(self) -> tuple[Ints, Floats, Floats, Ints, Bools, Bools]:
        """Openings and closings in order, alternating within each request; a closing always comes first.

        The last two columns say which closings are those of whoever gave up, and which openings are reopenings.
        """
        f = self.f
        reopen, done = self._reopens(), self.rows(Kind.DONE)
        thanks = self.rows(Kind.THANKS)
        answered = np.fmax(self.reply_before, self._latest_at(Kind.DONE)) if len(thanks) else self.reply_before
        thanks = thanks[~np.isnan(answered[thanks])]
        asks = self.rows(Kind.FOLLOWUP, Kind.CHASE)
        gone = self._given_up()
        unseen_index, unseen_at, unseen_time = self._untimed_dones(reopen)
        parts = [
            (self.index[reopen], reopen - 0.5, self.reply_before[reopen], _SOFT),
            (self.index[reopen], reopen, f.at[reopen], _OPEN),
            (self.index[thanks], thanks, answered[thanks], _SOFT),
            (self.index[done], done, f.at[done], _HARD),
            (self.index[gone], gone, f.at[gone], _LEFT),
            (unseen_index, unseen_at, unseen_time, _HARD),
            (self.index[asks], asks, f.at[asks], _ASK),
        ]
        index = np.concatenate([p[0] for p in parts])
        position = np.concatenate([p[1] for p in parts]).astype(np.float64)
        at = np.concatenate([p[2] for p in parts])
        kind = np.concatenate([np.full(len(p[0]), p[3]) for p in parts])
        order = np.argsort(position, kind="stable")
        index, position, at, kind = index[order], position[order], at[order], kind[order]
        strong = (_OPEN, _HARD, _LEFT)
        keep = (kind != _SOFT) | ~_follows(index, kind, (_LEFT,), strong)
        index, position, at, kind = index[keep], position[keep], at[keep], kind[keep]
        over = _follows(index, kind, (_SOFT, _HARD), (*strong, _SOFT))
        keep = (kind != _ASK) | over
        index, position, at, kind = index[keep], position[keep], at[keep], kind[keep]
        # thanks after ✅ soften nothing, unless something was asked in between; nor does 🔁 say anew what was asked
        firm = _follows(index, kind, (_HARD, _LEFT), (*strong, _ASK))
        keep = (kind != _SOFT) | ~(firm | self._said_before(index, position, kind))
        index, position, at, kind = index[keep], position[keep], at[keep], kind[keep]
        opens = (kind == _OPEN) | (kind == _ASK)
        back = (kind == _OPEN) | ((kind == _ASK) & _follows(index, kind, (_HARD,), (*strong, _SOFT)))
        turn = opens.copy()  # before a request's first event it is open, so only a closing may come first
        turn[1:] = np.where(index[1:] == index[:-1], opens[1:] != opens[:-1], ~opens[1:])
        turn[:1] = ~opens[:1]
        gave_up = (kind == _LEFT)[turn]
        return index[turn], position[turn], at[turn], np.where(opens, _OPEN, kind)[turn], gave_up, back[turn]

    def _said_before(self, index: Ints, position: Floats, kind: Ints) -> Bools:
        """Which events are the closing that a 🔁 implies, of a request reopened by words, unanswered since."""
        implied = np.flatnonzero((kind[1:] == _SOFT) & (kind[:-1] == _ASK)) + 1
        implied = implied[(position[implied] % 1 == 0.5) & (index[implied] == index[implied - 1])]
        found = np.zeros(len(kind), np.bool_)
        if len(implied):
            reply = _latest(self.f.kind == Kind.REPLY)  # a claim answers nothing: 👀 and then 🔁 are one coming back
            found[implied] = reply[position[implied].astype(np.int64)] < position[implied - 1]
        return found

    def _latest_at(self, kind: Kind) -> Floats:
        """For each row when a fact of that kind last happened to its request up to then; NaN where none did."""
        row = _latest((self.f.kind == kind) & self.f.timed)
        return np.where(row >= self.start[self.index], self.f.at[np.maximum(row, 0)], np.nan)

    def _given_up(self) -> Ints:
        """Rows by which whoever asked gave up: said so, or deleted the last of their posts."""
        deleted = self.rows(Kind.DELETE)
        said = self.rows(Kind.CANCEL)
        if not len(deleted):
            return said
        posts, gone = self.count(self.rows(Kind.ARRIVAL)), self.count(deleted)
        last = np.append(self.index[deleted][1:] != self.index[deleted][:-1], True)
        every = (gone >= posts)[self.index[deleted]]
        return np.sort(np.concatenate((said, deleted[last & every])))

    def _reopens(self) -> Ints:
        """REOPEN rows, several in a row (two people's 🔁) counting once."""
        rows = self.rows(Kind.REOPEN, Kind.CLAIM, Kind.REPLY, Kind.DONE, Kind.THANKS)
        again = np.zeros(len(rows), np.bool_)
        reopen = self.f.kind[rows] == Kind.REOPEN
        again[1:] = reopen[1:] & reopen[:-1] & (self.index[rows][1:] == self.index[rows][:-1])
        kept: Ints = rows[reopen & ~again]
        return kept

    def _untimed_dones(self, reopen: Ints) -> tuple[Ints, Floats, Floats]:
        """Requests closed at a time nobody recorded: before the first timed reopening, else at the end."""
        which = np.unique(self.index[np.flatnonzero((self.f.kind == Kind.DONE) & ~self.f.timed)])
        before = _first(self.n, self.index[reopen], reopen.astype(np.float64))[which]
        end = np.append(self.start[1:], len(self.f))[which]
        row = np.where(np.isnan(before), end, before).astype(np.int64) - 1
        inside = row >= self.start[which]
        at = np.where(inside, self.reply_before[np.maximum(row, 0)], np.nan)
        return which, np.where(np.isnan(before), end - 0.75, before - 0.55), at

    def _untimed_reopens(self) -> Ints:
        rows = np.flatnonzero((self.f.kind == Kind.REOPEN) & ~self.f.timed)
        once: Ints = np.minimum(self.count(rows), 1)
        return once

    def _unsure(self, jobs: Jobs) -> Bools:
        """Closed by a ✅ that has no time, while who asked wrote after the desk's first reply, or had none.

        The ✅ may have come before that or after it, so whether the request came back nobody knows. What 🔁 tells is
        known.
        """
        ticked = np.zeros(self.n, np.bool_)
        ticked[self.index[(self.f.kind == Kind.DONE) & ~self.f.timed]] = True
        if not ticked.any():
            return ticked
        asks = self.rows(Kind.FOLLOWUP, Kind.CHASE)
        replied = self.first(self.rows(Kind.REPLY))[self.index[asks]]
        late = self.count(asks[~(self.f.at[asks] < replied)]) > 0
        told = self.count(self.rows(Kind.REOPEN, timed=False)) > 0
        told[jobs.request[jobs.cause == REOPENED]] = True
        return np.asarray(ticked & late & ~told)

    def _ticked(self) -> Ints:
        said = (self.f.kind == Kind.DONE) | (self.f.kind == Kind.REOPEN)
        timed = self.count(np.flatnonzero(said & self.f.timed)) > 0
        return np.where(timed, 1, np.where(self.count(np.flatnonzero(said)) > 0, -1, 0))

    def _last_done(self, jobs: Jobs) -> Floats:
        closed = np.flatnonzero(~np.isnan(jobs.done))[::-1]
        return _first(self.n, jobs.request[closed], jobs.done[closed])

    def _chases(self, arrived: Floats) -> Ints:
        """Asks for news, and what the asker adds, after the first minutes, to a thread nobody answered."""
        asks = self.rows(Kind.FOLLOWUP)
        late = self.f.at[asks] - arrived[self.index[asks]] > SAME_REQUEST_SECONDS
        return self.count(self.rows(Kind.CHASE)) + self.count(asks[late & np.isnan(self.reply_before[asks])])

    def _takeovers(self, claims: Ints, job: Ints) -> Ints:
        """Claims of a job by somebody else than the one before."""
        actor = self.f.actor[claims]
        other = np.zeros(len(claims), np.bool_)
        other[1:] = (job[1:] == job[:-1]) & (actor[1:] != actor[:-1]) & (actor[1:] != 0) & (actor[:-1] != 0)
        return self.count(claims[other])

    def _spans(self, claims: Ints, job: Ints, jobs: Jobs, closed_at: Floats) -> Spans:
        """From each claim to whatever ends it: the next claim, the closing, giving it back, or another desk."""
        f = self.f
        closings = np.flatnonzero(np.isfinite(closed_at))
        back = self.rows(Kind.WITHDRAW)
        holder = np.searchsorted(claims, back) - 1
        back, holder = back[holder >= 0], holder[holder >= 0]
        own = (self.index[claims[holder]] == self.index[back]) & (f.actor[claims[holder]] == f.actor[back])
        back, holder = back[own], holder[own]
        handed = self.rows(Kind.HANDOFF)
        taken = np.searchsorted(claims, handed) - 1
        handed, taken = handed[taken >= 0], taken[taken >= 0]
        same = self.index[claims[taken]] == self.index[handed]
        handed, taken = handed[same], taken[same]
        where = np.concatenate((claims, closed_at[closings], back, handed))
        over = np.fmin(jobs.done, jobs.gave_up)
        at = np.concatenate((f.at[claims], over[closings], f.at[back], f.at[handed]))
        which = np.concatenate((job, closings, job[holder], job[taken]))
        order = np.argsort(where, kind="stable")
        following = np.empty(len(order), np.int64)
        following[order] = np.append(order[1:], -1)[: len(order)]
        nxt = following[: len(claims)]
        ends = (nxt >= 0) & (which[nxt] == job)
        end = np.where(ends, at[nxt], np.nan)
        start = np.fmax(f.at[claims], jobs.opened[job])
        return Spans(job, f.actor[claims], start, np.where(end < start, start, end), ~ends)


def _first(n: int, index: Ints, at: Floats) -> Floats:
    """Of each index the first value given, NaN where none is."""
    out = np.full(n, np.nan)
    out[index[::-1]] = at[::-1]  # the last one written stands
    return out


def _not_before(at: Floats, bound: Floats) -> Floats:
    """Times moved up to their bound where clocks disagree; unknown stays unknown."""
    return np.where(at < bound, bound, at)


def _follows(index: Ints, kind: Ints, wanted: tuple[int, ...], among: tuple[int, ...]) -> Bools:
    """Whether the latest event up to each row, of its request and among some kinds, is of a wanted kind."""
    strong = _latest(_is(kind, among))
    known = strong >= 0
    strong = np.maximum(strong, 0)
    return np.asarray(known & (index[strong] == index) & _is(kind[strong], wanted))


def _is(kind: Ints, some: tuple[int, ...]) -> Bools:
    """Which events are of one of these kinds."""
    table = np.zeros(_LEFT + 1, np.bool_)
    table[list(some)] = True
    return table[kind]


def _latest(mask: Bools) -> Ints:
    """For each row the latest row up to it where the mask holds, −1 where none does."""
    rows: Ints = np.maximum.accumulate(np.where(mask, np.arange(len(mask)), -1))
    return rows
