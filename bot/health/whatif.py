"""What if: today beside another demand, another team, other hands-on time, hours or rework.

An expression is read into a `Change`; the change is applied to the plan of the team's last weeks, and both are
replayed with the same draws. Nothing here proposes fewer people: whoever asks for that is told what the slack pays for.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.errors import BadInputError
from bot.health.danger import surge_tolerance
from bot.health.facts import Facts
from bot.health.other_work import unseen as unseen_load
from bot.health.picture import DAY, Picture, look
from bot.health.plans import plan
from bot.health.quality import comparable
from bot.health.resilience import LATE_SHARE, Recovery, recovery
from bot.health.results import NOT_ASKED, Basis, Spread, Tier, Unknown, Unseen
from bot.health.seen.capacity import headcount
from bot.health.seen.flow import flow, with_mean_wait
from bot.health.seen.records import ARRIVED
from bot.health.seen.tier import tier
from bot.health.seen.utilization import Belief
from bot.health.theory.replay import DAYS, Plan, batch, waits
from bot.team import Team

EXAMPLE = "+20% demand, -1 person"
SMALL_WHY = "In a team of one or two, these figures would describe a person, so Headroom does not work them out."

WINDOW_DAYS = 28
COPIES, BUSIEST = 200, 400.0
SETTLING_WEEKS, MEASURED_WEEKS = 4, 13
BAD_WEEKS_OF = 13


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be different; None and the neutral value mean as today.

    Attributes:
        demand: Arrivals, as a multiple.
        people: People more or, below 0, fewer.
        hands_on: Mean hands-on hours of one request.
        hours: Working hours of a day.
        rework: Share of requests that come back.
    """

    demand: float = 1.0
    people: float = 0.0
    hands_on: float | None = None
    hours: float | None = None
    rework: float | None = None


_NUMBERS = {"half": 0.5, "a": 1.0, "an": 1.0, "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0}
_AMOUNT = rf"(\d{{1,6}}(?:[.,]\d{{1,4}})?|{'|'.join(_NUMBERS)})"
_SIGN = "[+\\-−–—]"  # a minus as keyboards, typesetters and phones write it
_DEMAND = re.compile(rf"({_SIGN})?\s*{_AMOUNT}\s*%\s*(?:more |less |fewer )?(?:demand|requests|arrivals|volume)")
_PEOPLE = re.compile(rf"({_SIGN})\s*{_AMOUNT}(?:\s+a)?\s*(?:persons?|people|responders?)")
_AWAY = re.compile(rf"{_AMOUNT}\s*(?:person |people )?away")
_HANDS_ON = re.compile(rf"hands[- ]?on\s+{_AMOUNT}\s*(minutes?|mins?|m|hours?|h)")
_HOURS = re.compile(rf"hours\s+{_AMOUNT}(?:\s*(?:hours|h))?")
_REWORK = re.compile(rf"rework\s+{_AMOUNT}\s*%")


def parse(text: str) -> Change:
    """Read `+20% demand`, `-1 person`, `+half person`, `1 away`, `hands-on 30m`, `hours 8`, `rework 5%`, or several.

    Parts are separated by commas, `and`, or nothing but blanks.

    Raises:
        BadInputError: Nothing to read, a part that cannot be read, or an amount that makes no sense; the value is
            that part.
    """
    left = re.sub(r"\s+", " ", text.strip().lower())
    if not left:
        raise BadInputError("what-if", text, f"write what should change, such as {EXAMPLE}")
    change = Change()
    while left:
        for pattern, read in _READERS:
            match = pattern.match(left)
            if match and (match.end() == len(left) or left[match.end()] in " ,;"):
                change = read(change, match)
                break
        else:
            part = re.split(r"[,;]| and ", left)[0].strip()[:60]
            raise BadInputError(*_unread(part))
        left = re.sub(r"^(?:[ ,;]|and )+", "", left[match.end() :])
    return change


_SHAPES = (
    (re.compile(r"hands[- ]?on"), "hands-on", "write a time from 1m to 400h, such as hands-on 30m"),
    (re.compile(r"hours|.*\d\s*hours?\b"), "hours", "write working hours of a day, from 0.5 to 24, such as hours 8"),
    (re.compile(r"rework"), "rework", "write a share from 0% to below 100%, such as rework 5%"),
    (re.compile(r".*(?:demand|requests|arrivals|volume)"), "demand", "write a share such as +20% demand"),
    (re.compile(r".*(?:person|people|responder|away)"), "people", "write a number such as +1 person or -half person"),
)
"""What somebody seems to have meant, the field's name, and how to write it."""


def _unread(part: str) -> tuple[str, str, str]:
    """Field, value and mend of a part that cannot be read, by what it seems to be about."""
    for looks, field, mend in _SHAPES:
        if looks.match(part):
            return field, part, mend
    return "what-if", part, f"that part is not understood; write it like {EXAMPLE}"


def _amount(text: str) -> float:
    return _NUMBERS.get(text) or float(text.replace(",", "."))


def _demand(change: Change, match: re.Match[str]) -> Change:
    share = _amount(match[2]) / 100
    down = match[1] not in (None, "+") or " less" in match[0] or " fewer" in match[0]
    if down and share >= 0.995:
        raise BadInputError("demand", match[0], "no demand, or less, cannot be worked out; write -99% or more")
    if share > 20:
        raise BadInputError("demand", match[0], "write +2000% or less")
    return replace(change, demand=change.demand * (1 - share if down else 1 + share))


def _people(change: Change, match: re.Match[str]) -> Change:
    number = _amount(match[2])
    if number > 1000:
        raise BadInputError("people", match[0], "write 1000 or fewer")
    return replace(change, people=change.people + (number if match[1] == "+" else -number))


def _away(change: Change, match: re.Match[str]) -> Change:
    return replace(change, people=change.people - _amount(match[1]))


def _hands_on(change: Change, match: re.Match[str]) -> Change:
    hours = _amount(match[1]) * (1 if match[2].startswith("h") else 1 / 60)
    if not 1 / 60 <= hours <= 400:
        raise BadInputError("hands-on", match[0], "write a time from 1m to 400h")
    return replace(change, hands_on=hours)


def _hours(change: Change, match: re.Match[str]) -> Change:
    hours = _amount(match[1])
    if not 0.5 <= hours <= 24:
        raise BadInputError("hours", match[0], "write working hours of a day, from 0.5 to 24")
    return replace(change, hours=hours)


def _rework(change: Change, match: re.Match[str]) -> Change:
    share = _amount(match[1]) / 100
    if share >= 1:
        raise BadInputError("rework", match[0], "write a share below 100%, else nothing is ever finished")
    return replace(change, rework=share)


_READERS = (
    (_DEMAND, _demand),
    (_PEOPLE, _people),
    (_AWAY, _away),
    (_HANDS_ON, _hands_on),
    (_HOURS, _hours),
    (_REWORK, _rework),
)


@dataclass(frozen=True, slots=True)
class Outlook:
    """How a desk fares at one load; None where there is no steady state or it was not within reach.

    Attributes:
        utilization: Offered load ÷ capacity, all work.
        wait_p50: Median wait, working hours, over a quarter that begins a month after the change.
        wait_p90: 90th percentile.
        slack_hours: Hours left over in a week; negative: missing.
        surge: Rise of demand that still meets the target; negative: missed already.
        recovery: After the loss of one person for a week.
        growth: Requests a week by which the queue grows where utilization is 1 or more.
    """

    utilization: float
    wait_p50: float | None
    wait_p90: float | None
    slack_hours: float
    surge: float | None
    recovery: Recovery
    growth: float | None


@dataclass(frozen=True, slots=True)
class SlackPays:
    """What the slack of today pays for, shown with every change that takes people or hours away.

    Attributes:
        unseen: Utilization after the change with half and with one and a half times the unseen load that was stated,
            or over the range that waits tell.
        bad_weeks: Of the last weeks, how many would have brought more work than the changed desk has hours.
        weeks: Of how many.
        one_away: Utilization after the change with one more person away; None where nobody is left.
        surge: Rise of demand still absorbed after the change.
    """

    unseen: tuple[float, float]
    bad_weeks: int
    weeks: int
    one_away: float | None
    surge: float | None


@dataclass(frozen=True, slots=True)
class Answer:
    """Today beside what if."""

    change: Change
    today: Outlook
    then: Outlook
    pays: SlackPays | None
    seen: Spread | Unknown = NOT_ASKED  # waits really seen in the last four weeks, working hours


def ask(
    facts: Facts,
    team: Team,
    now: float,
    change: Change,
    rng: np.random.Generator,
    *,
    held: Basis | None = None,
    wrong: tuple[int, int] | None = None,
    elsewhere: Sequence[Facts] = (),
) -> Answer:
    """Replay the last complete weeks as they were and with a change; other arguments as in `assess`.

    Raises:
        BadInputError: A team of one or two, too little known of it, or a change that leaves nobody.
    """
    start = now - WINDOW_DAYS * DAY
    if tier(team, start - 7 * DAY, now) is Tier.REQUESTS:  # the last complete weeks may begin a week before the window
        raise BadInputError("team", team.name, SMALL_WHY)
    picture = look(facts, team, now, basis=None, held=held, history_weeks=26, wrong=wrong, elsewhere=elsewhere)
    belief = picture.believe(picture.load(start))
    usual = None if belief is None else plan(picture, belief.all_work().value)
    if belief is None or usual is None:
        raise BadInputError("team", team.name, _too_little(team, picture, start))
    seed = int(rng.integers(2**32))
    changed = changed_plan(usual, change, rework_today(picture), belief.unseen)
    other = any(len(facts) for facts in elsewhere)
    pays = _pays(picture, belief, usual, changed, shared=other) if _fewer(change, usual, changed) else None
    today, then = outlook(picture, usual, seed), outlook(picture, changed, seed)
    return Answer(change, today, then, pays, flow(picture.desk, start, None, belief).wait)


def _too_little(team: Team, picture: Picture, start: float) -> str:
    """Why there is nothing to compare with, and what would mend it."""
    if headcount(team, picture.desk.now) == 0:
        return "nobody is on the roster, so there is too little to compare with; add people and ask again"
    if picture.load(start).capacity <= 0:
        return "nobody was on duty in its last four weeks, so there is too little to compare with; ask again later"
    return "too little has been seen in its last four weeks; ask again later"


def rework_today(picture: Picture) -> float:
    """Jobs that were reopenings ÷ requests, over the weeks that tell what came back; over all where none does."""
    requests, jobs = picture.desk.requests, picture.desk.requests.jobs
    known = comparable(requests, jobs.opened, jobs.request, picture.mondays) if len(picture.mondays) > 1 else None
    opened = jobs.cause[known] if known is not None and known.any() else jobs.cause[~np.isnan(jobs.opened)]
    came = int(np.count_nonzero(opened == ARRIVED))
    return max(0.0, len(opened) / came - 1) if came else 0.0


def mean_people(usual: Plan) -> float:
    """People there on average while the desk is open."""
    return float(usual.capacity.sum() / usual.length.sum())


def changed_plan(usual: Plan, change: Change, rework: float, unseen: float = 0.0) -> Plan:
    """The plan after a change; the hours of unseen work stay what they are, spread over the requests.

    Args:
        usual: Today's.
        change: What is different.
        rework: Jobs that were reopenings ÷ requests today.
        unseen: Unseen load, a share of today's capacity.

    Raises:
        BadInputError: Nobody would be left.
    """
    people = mean_people(usual)
    if people + change.people <= 0.05:
        raise BadInputError(
            "people",
            f"{change.people:+g}",
            f"about {people:.1f} are on duty on average, so nobody would be left; say fewer",
        )
    length, capacity = usual.length, usual.capacity * (1 + change.people / people)
    offset = usual.offset
    if change.hours is not None:
        longest = float(np.median(length[length > 0]))
        factor = change.hours / longest
        length, capacity, offset = length * factor, capacity * factor, offset * factor
    again = 1.0 if change.rework is None else (1 + change.rework) / (1 + rework)
    demand = usual.demand * change.demand * again
    hidden = usual.service * min(unseen / usual.utilization, 1.0)
    service = (usual.service - hidden if change.hands_on is None else change.hands_on) + hidden / demand
    return replace(usual, length=length, capacity=capacity, offset=offset, service=service, demand=demand)


def outlook(picture: Picture, ahead: Plan, seed: int) -> Outlook:
    """How a desk fares at the load of a plan; the same seed draws the same weeks."""
    rho = ahead.utilization
    weekly = float(ahead.capacity[:DAYS].sum())
    people = mean_people(ahead)
    target = picture.team.target_wait_hours or ahead.service
    surge = surge_tolerance(people, rho, target, LATE_SHARE, ahead.service, picture.arrival_scv, picture.service_scv)
    p50, p90 = (None, None) if rho >= 1 else _waits(ahead, np.random.default_rng(seed))
    return Outlook(
        utilization=rho,
        wait_p50=p50,
        wait_p90=p90,
        slack_hours=weekly * (1 - rho),
        surge=surge if math.isfinite(surge) else None,
        recovery=recovery(ahead, np.random.default_rng(seed), busiest=BUSIEST),
        growth=(rho - 1) * weekly / ahead.service if rho >= 1 else None,
    )


def _waits(ahead: Plan, rng: np.random.Generator) -> tuple[float, float]:
    """Median and 90th percentile over a quarter that begins a month after an empty start."""
    long = ahead.over(SETTLING_WEEKS + MEASURED_WEEKS).bundled(BUSIEST)
    drawn = batch(long, COPIES, rng)
    found = waits(drawn.at, drawn.service, long.people)
    measured = drawn.counted & (drawn.day >= DAYS * SETTLING_WEEKS)
    if not measured.any():
        return 0.0, 0.0
    p50, p90 = np.quantile(np.maximum(found[measured], 0.0), (0.5, 0.9)).tolist()
    return float(p50), float(p90)


def _fewer(change: Change, usual: Plan, changed: Plan) -> bool:
    """Whether people or their hours become fewer."""
    return change.people < 0 or float(changed.capacity.sum()) < float(usual.capacity.sum()) - 1e-9


def _unseen(picture: Picture, belief: Belief, usual: Plan, changed: Plan, shared: bool) -> tuple[float, float]:
    """Utilization after the change over the range of the unseen load: as stated, or as waits tell it."""
    rho, found = changed.utilization, unseen_load(picture, belief, shared=shared)
    if isinstance(found, Unseen) and found.basis == "fitted":
        fewer = float(usual.capacity.sum() / changed.capacity.sum())  # its hours stay, of fewer there are
        seen = found.seen * rho / usual.utilization
        return seen + found.share.low * fewer, seen + found.share.high * fewer
    share = belief.unseen / belief.all_work().value / 2
    return rho * (1 - share), rho * (1 + share)


def _pays(picture: Picture, belief: Belief, usual: Plan, changed: Plan, *, shared: bool = False) -> SlackPays:
    rho = changed.utilization
    mondays = picture.mondays[-BAD_WEEKS_OF - 1 :]
    pair = picture.pairs[-len(mondays) : -1]
    rows = with_mean_wait(picture.desk.sums(mondays, None))[~np.array(pair, np.bool_)]
    hours = rows[:, 3] * float(changed.capacity.sum() / usual.capacity.sum())
    work = rows[:, 0] * changed.service * changed.demand
    people = mean_people(changed)
    target = picture.team.target_wait_hours or changed.service
    surge = surge_tolerance(people, rho, target, LATE_SHARE, changed.service, picture.arrival_scv, picture.service_scv)
    return SlackPays(
        unseen=_unseen(picture, belief, usual, changed, shared),
        bad_weeks=int(np.count_nonzero(work > hours)),
        weeks=len(rows),
        one_away=rho * people / (people - 1) if people > 1.05 else None,
        surge=surge if math.isfinite(surge) else None,
    )
