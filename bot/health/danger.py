"""Danger: the utilization above which a team of this size and variability waits too long, and what it bears.

One line does not fit every team: hospitals run a discernible risk above 85% of beds in use and meet regular
crises from 90% (Bagust, Place & Posnett, BMJ 1999), but the figure depends on size (Bain et al., MJA 2010).
"""

import math

from scipy.special import log_ndtr

from bot.health.theory.queueing import largest_below, wait_ggc, wait_tail

_LOG_ROOT_2PI = 0.5 * math.log(2 * math.pi)


def danger_line(c: float, v: float, k: float = 1.0, user_line: float | None = None) -> float:
    """ρ*: the utilization at which the mean wait (Whitt 1993) is k service times, or the team's lower line.

    Args:
        c: People on duty, above 0; need not be whole.
        v: Variability (ca² + cs²)/2, 0 or more; 1 is ordinary. Taken as ca² = 1 and cs² = 2v − 1; below
            ½ as cs² = 0 and ca² = 2v.
        k: Bearable mean wait in service times, 0 or more.
        user_line: A line the team set itself; it can only lower the result.

    Returns:
        A share, 0–1; 1 where nothing varies, as nobody waits before that.

    Raises:
        ValueError: An argument outside its range.
    """
    if not (k >= 0 and v >= 0):
        raise ValueError(f"bearable wait {k} and variability {v} must be at least 0")
    ca2, cs2 = (1.0, 2 * v - 1) if v >= 0.5 else (2 * v, 0.0)
    line = largest_below(lambda rho: wait_ggc(rho, c, 1.0, ca2, cs2), k)
    return line if user_line is None else min(line, user_line)


def surge_tolerance(
    c: float, rho: float, target: float, p: float, service: float = 1.0, ca2: float = 1.0, cs2: float = 1.0
) -> float:
    """The largest lasting rise of demand, as a share of today's, that keeps P(wait > target) ≤ p.

    Args:
        c: People on duty, above 0.
        rho: Today's utilization, 0 or more, also above 1.
        target: Wait to keep, in the unit of `service`.
        p: Share of requests that may wait longer.
        service: Mean service time.
        ca2: Squared coefficient of variation of the gaps between arrivals.
        cs2: The same of service times.

    Returns:
        At least −1; negative where the target is missed already; infinite where there is no demand.

    Raises:
        ValueError: An argument outside its range.
    """
    if not (rho >= 0 and target >= 0 and service > 0):
        raise ValueError(f"utilization {rho} and target {target} must be at least 0, service {service} above 0")
    bearable = largest_below(lambda r: wait_tail(target, r, c, service, ca2, cs2), p)
    return bearable / rho - 1 if rho > 0 else math.inf


def wait_probability(beta: float) -> float:
    """P(wait) ≈ 1 / (1 + βΦ(β)/φ(β)) with c = R + β√R people (Halfin & Whitt 1981, Operations Research 29).

    Args:
        beta: Spare people in units of √R, 0 or more.
    """
    log_density = -beta * beta / 2 - _LOG_ROOT_2PI
    if beta == 0:
        return 1.0
    return 1 / (1 + math.exp(min(math.log(beta) + float(log_ndtr(beta)) - log_density, 700.0)))


def square_root_staffing(load: float, p_wait: float) -> float:
    """People at whom about a share p_wait of requests must wait: R + β√R (Halfin & Whitt 1981), not rounded.

    Args:
        load: Offered load R = λE[S], in people kept busy; 0 or more.
        p_wait: Share of requests that may wait, above 0 and below 1; 0.2 asks for β ≈ 1.06.

    Raises:
        ValueError: An argument outside its range.
    """
    if not (load >= 0 and 0 < p_wait < 1):
        raise ValueError(f"load {load} must be at least 0, share waiting {p_wait} between 0 and 1")
    low, high = 0.0, 37.0  # beyond 37 the normal density is no longer a number
    for _ in range(80):
        beta = (low + high) / 2
        low, high = (beta, high) if wait_probability(beta) > p_wait else (low, beta)
    return load + high * math.sqrt(load)
