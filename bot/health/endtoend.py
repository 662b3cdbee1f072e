"""How long work takes through several desks, and how much of it goes through, each request counted once.

Where enough requests can be followed by their hand-overs, their own times are told: at each desk until it handed on,
at the last one until done. Else each desk's own times are put together by drawing from them independently; the range
then also covers the other extreme, that what is slow at one desk is slow at all, where the quantiles add up (Dhaene
et al. 2002, The concept of comonotonicity, Insurance: Mathematics and Economics 31). Ranges are 80% of bootstraps
(Efron 1979, Annals of Statistics 7). Open requests count with their age so far, as everywhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.health.facts import Floats, Ints
from bot.health.results import Estimate
from bot.health.seen.flow import Desk
from bot.health.seen.handover import Handover, Request

FEWEST = 20
"""Requests below which no time is told."""

_DRAWS, _REPEATS = 20_000, 200
_WEEK = 7 * 86_400.0
_QUANTILES = (0.5, 0.9)


@dataclass(frozen=True, slots=True, eq=False)
class Stop:
    """One queue of a chain.

    Attributes:
        queue: Storage's number.
        desk: The requests of its team, those of other queues too.
    """

    queue: int
    desk: Desk

    def rows(self) -> Ints:
        """Its rows among the requests of the desk."""
        requests = self.desk.requests
        return np.flatnonzero((requests.queue == self.queue) & ~np.isnan(requests.arrived))


@dataclass(frozen=True, slots=True)
class EndToEnd:
    """A chain's time from end to end. Times are working hours of each desk, one after the other.

    Attributes:
        p50: Half take less.
        p90: Nine of ten take less.
        mean: On average.
        parts: … in each desk; they add up to the mean.
        n: Requests followed; else of the desk with the fewest.
        followed: Whether requests were followed from end to end, rather than the desks' own times put together.
        came_per_week: Requests that came to any of the desks; handed on, one is still one.
        done_per_week: Requests finished at the last desk; come back through the chain, one is still one.
    """

    p50: Estimate
    p90: Estimate
    mean: float
    parts: tuple[float, ...]
    n: int
    followed: bool
    came_per_week: float
    done_per_week: float


def end_to_end(
    stops: Sequence[Stop], passed: Sequence[Handover], start: float, rng: np.random.Generator
) -> EndToEnd | int:
    """The chain's time for what came since `start`; where that is not known, the stage with too few requests.

    Args:
        stops: The desks in order, two at least, as known at the same moment.
        passed: Hand-overs among their queues, earliest first.
        start: Unix seconds.
        rng: For bootstraps and draws.
    """
    roots = _roots(passed)
    hours = _followed(stops, passed, roots, start)
    followed = len(hours) >= FEWEST
    if followed:
        samples = [hours[:, i] for i in range(len(stops))]
        p50, p90 = _bootstrap(hours.sum(axis=1), rng)
    else:
        samples = [_cycles(stop, start) for stop in stops]
        few = [i for i, sample in enumerate(samples) if len(sample) < FEWEST]
        if few:
            return few[0]
        p50, p90 = _put_together(samples, rng)
    parts = tuple(float(sample.mean()) for sample in samples)
    weeks = (stops[-1].desk.now - start) / _WEEK
    return EndToEnd(
        p50,
        p90,
        sum(parts),
        parts,
        min(map(len, samples)),
        followed,
        _came(stops, passed, start) / weeks,
        _done(stops[-1], roots, start) / weeks,
    )


def _roots(passed: Sequence[Handover]) -> dict[Request, Request]:
    """Of each request that was handed here the one it began as; one that was there before stays its own."""
    roots: dict[Request, Request] = {}
    for one in passed:
        root = roots.setdefault(one.source, one.source)
        roots.setdefault(one.target, root)
    return roots


def _followed(
    stops: Sequence[Stop], passed: Sequence[Handover], roots: Mapping[Request, Request], start: float
) -> Floats:
    """Hours in each desk (columns) of the requests that went all the way, or are on it and open (rows)."""
    where = {stop.queue: i for i, stop in enumerate(stops)}
    left: dict[Request, dict[int, float]] = {}
    for one in passed:  # the latest hand-over stands: whatever bounced before was still on the way
        if where[one.target[0]] == where[one.source[0]] + 1:
            left.setdefault(roots[one.source], {})[where[one.source[0]]] = one.seconds
    ends = _ends(stops, roots)
    begun = _arrivals(stops[0], start)
    edges = [_edges(begun[root], went, ends[root], stops) for root, went in left.items() if root in begun]
    known = np.array([row for row in edges if row is not None], np.float64).reshape(-1, len(stops) + 1)
    return np.column_stack([stop.desk.clock.between(known[:, i], known[:, i + 1]) for i, stop in enumerate(stops)])


def _arrivals(stop: Stop, start: float) -> dict[Request, float]:
    requests, rows = stop.desk.requests, stop.rows()
    rows = rows[requests.arrived[rows] >= start]
    return {
        (stop.queue, key): at
        for key, at in zip(requests.request[rows].tolist(), requests.arrived[rows].tolist(), strict=True)
    }


def _ends(stops: Sequence[Stop], roots: Mapping[Request, Request]) -> dict[Request, dict[int, float]]:
    """Of each root when it was done at each desk: the latest of its requests there, now where one is open."""
    ends: dict[Request, dict[int, float]] = {}
    for i, stop in enumerate(stops):
        requests, rows = stop.desk.requests, stop.rows()
        until = np.where(requests.open[rows], np.inf, requests.done[rows])
        for key, end in zip(requests.request[rows].tolist(), until.tolist(), strict=True):
            root = roots.get((stop.queue, key))
            if root is not None and not np.isnan(end):
                at = ends.setdefault(root, {})
                at[i] = max(at.get(i, -np.inf), end)
    return ends


def _edges(
    arrived: float, left: Mapping[int, float], ends: Mapping[int, float], stops: Sequence[Stop]
) -> list[float] | None:
    """Arrival and the moments of leaving each desk; None of what ended before the last one, or at an unknown time."""
    now, last = stops[-1].desk.now, len(stops) - 1
    edges = [arrived]
    for i in range(last):
        if i in left:
            edges.append(max(left[i], edges[-1]))
        elif ends.get(i) == np.inf:
            return edges + [now] * (last + 1 - i)
        else:
            return None
    end = ends.get(last)
    return None if end is None else [*edges, max(min(end, now), edges[-1])]


def _cycles(stop: Stop, start: float) -> Floats:
    """Hours from arrival until done of what came to one queue; open ones with their age."""
    desk, requests, rows = stop.desk, stop.desk.requests, stop.rows()
    rows = rows[requests.arrived[rows] >= start]
    until = np.where(requests.open[rows], desk.now, requests.done[rows])
    hours = desk.clock.between(requests.arrived[rows], until)
    return np.asarray(hours[~np.isnan(hours)])


def _bootstrap(hours: Floats, rng: np.random.Generator) -> tuple[Estimate, Estimate]:
    """Median and 90th percentile of times that were seen."""
    told = np.quantile(hours, _QUANTILES)
    again = np.quantile(rng.choice(hours, (_REPEATS, len(hours))), _QUANTILES, axis=1)
    return _estimates(told, again)


def _put_together(samples: Sequence[Floats], rng: np.random.Generator) -> tuple[Estimate, Estimate]:
    """Median and 90th percentile of the sum of times that were seen apart."""
    told = np.quantile(sum(rng.choice(sample, _DRAWS) for sample in samples), _QUANTILES)
    apart, together = [], []
    for _ in range(_REPEATS):
        some = [rng.choice(sample, len(sample)) for sample in samples]
        apart.append(np.quantile(sum(rng.choice(sample, _DRAWS // 10) for sample in some), _QUANTILES))
        together.append(sum(np.quantile(sample, _QUANTILES) for sample in some))
    one, other = _estimates(told, np.transpose(apart)), _estimates(told, np.transpose(together))
    p50, p90 = (Estimate(a.value, min(a.low, b.low), max(a.high, b.high)) for a, b in zip(one, other, strict=True))
    return p50, p90


def _estimates(told: Floats, again: Floats) -> tuple[Estimate, Estimate]:
    low, high = np.quantile(again, (0.1, 0.9), axis=1)
    p50, p90 = (
        Estimate(float(value), min(float(a), float(value)), max(float(b), float(value)))
        for value, a, b in zip(told, low, high, strict=True)
    )
    return p50, p90


def _came(stops: Sequence[Stop], passed: Sequence[Handover], start: float) -> int:
    """Requests that came since `start`, less those that only came from another of these desks."""
    begun: dict[Request, float] = {}
    for stop in stops:
        begun |= _arrivals(stop, start)
    again = {one.target for one in passed if abs(begun.get(one.target, np.inf) - one.seconds) < 1e-3}
    return len(begun) - len(again)


def _done(stop: Stop, roots: Mapping[Request, Request], start: float) -> int:
    """What began as different requests and was first done at the last desk since `start`."""
    requests, rows = stop.desk.requests, stop.rows()
    rows = rows[requests.first_done[rows] >= start]
    return len({roots.get((stop.queue, key), (stop.queue, key)) for key in requests.request[rows].tolist()})
