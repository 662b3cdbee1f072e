"""What is said to the people of a team, week by week, example by example."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from bot.health.burden import Burden, Reading, cost
from bot.health.outcomes import Change, Outcome
from bot.health.results import Effect, Estimate, Missed, Rate, WeekAhead
from bot.health.theory.compare import Comparison, too_little
from bot.messages import absences, digest, friction, friction_form, solved
from bot.messages.burden import burden_line
from bot.messages.compare import compared
from tests.messages.examples import advised, busy, calm, unknown
from tests.messages.said import Said, said

TEAM = "Deal desk"
TODAY = date(2026, 3, 18)


def better() -> Comparison:
    """A wait that clearly fell."""
    return Comparison("wait", "hours", 6.2, 4.1, -2.1, -3.4, -0.8, 0.98, 8, 8, 1.2, "better")


def unclear() -> Comparison:
    """A share that did not clearly move."""
    return Comparison("reopen", "share", 0.08, 0.07, -0.01, -0.03, 0.02, 0.7, 8, 6, 0.05, "no_clear_change")


def nothing() -> Comparison:
    """A measure of which too little is known."""
    return too_little("cycle", "only 2 complete weeks after it tell something, 4 are needed")


def features() -> Iterator[tuple[str, list[Said]]]:
    """(Feature, what it says)."""
    yield "Weekly digest", list(_digest())
    yield "Process flaws", list(_friction())
    yield "Days away", list(_absences())
    yield "Did this solve it?", list(_solved())
    yield "Before and after", list(_compared())


def outcomes() -> tuple[Outcome, ...]:
    """A week in which waits grew and fewer finished requests came back."""
    return (
        Outcome("flow", "wait", 5.5, 52, 0, Change(4.0, 1.5, 0.4, 2.6, 8), -1),
        Outcome("flow", "arrivals", 52, 52, 0, Change(44, 8, -3, 19, 8), 0),
        Outcome("quality", "reopen", 0.04, 48, 2, Change(0.09, -0.05, -0.08, -0.01, 8), -1),
        Outcome("resilience", "utilization", 0.91, 48, 0, Change(0.84, 0.07, 0.01, 0.13, 8), -1),
        Outcome("capacity", "capacity", 172, 0, 0, Change(190, -18, -40, 4, 8), 1),
    )


def _digest() -> Iterator[Said]:
    found = outcomes()
    cover = Effect("add_cover", 9.0, 6.0, Estimate(4.1, 3.0, 5.5), to_line=True, needed=Estimate(9, 2, 16))
    one = digest.Digest(
        advised(busy(), cover),
        TEAM,
        3,
        date(2026, 5, 4),
        found,
        tuple(o for o in found if o.better),
        tuple(o for o in found if o.worse),
        extras=(friction.digest_sentence([("approvals", 3), ("tools", 1)]), burden_line(_burden())),
        missed=Missed(WeekAhead(2.1, 1.2, 4.3), 5.5),
    )
    one = replace(one, a=replace(one.a, forecast=WeekAhead(6.2, 3.1, 14.0)))
    yield said("Monday 09:00; the team", digest.digest, one)
    peak = WeekAhead(9.4, 4.0, 21.0, planned=0.4, grows=True)
    yield said(
        "a planned peak begins that cannot be done", digest.digest, replace(one, a=replace(one.a, forecast=peak))
    )
    usual = tuple(map(_as_usual, found))
    calm_week = replace(one, a=calm(), outcomes=usual, better=(), look_at=(), extras=(), missed=None, offer=True)
    slack = Effect("keep_slack", 1.0, 0.6, Estimate(1.5, 0.9, 3.0))
    forecast = WeekAhead(0.6, 0.3, 1.2, planned=0.2)
    calm_week = replace(calm_week, a=replace(advised(calm(), slack), forecast=forecast))
    yield said("a calm week, two digests unopened", digest.digest, calm_week)
    yield said("a team of three", digest.digest, replace(calm_week, a=advised(calm(people=3), slack), offer=False))
    yield said("just set up", digest.digest, digest.Digest(unknown(), TEAM, 3))
    yield said("Details is pressed; whoever pressed", digest.details, one)


def _as_usual(o: Outcome) -> Outcome:
    """The same measure in a week like any other, of a team with room."""
    usual = {"wait": 0.6, "arrivals": 31.0, "reopen": 0.04, "utilization": 0.6, "capacity": 190.0}[o.measure]
    return replace(o, value=usual, change=Change(usual, 0.0, -usual / 5, usual / 5, 8))


def _burden() -> Burden:
    readings = [Reading(120, 6)] * 9
    return cost(date(2026, 3, 1), readings, 14, 6, alerts=2, acted_on=1)


def _friction() -> Iterator[Said]:
    form = [(3, TEAM)]
    yield said("`/headroom friction`, shortcut or button", friction_form.friction_view, form, "nonce")
    yield said("the same, in two teams", friction_form.friction_view, [*form, (4, "Legal")], "nonce")
    yield said("the form is sent", friction_form.thanks_view, TEAM)
    yield said("a team of three", friction_form.too_small, TEAM, 3)
    yield said("the team wants none", friction_form.switched_off, TEAM)
    lines = ("Sign-off takes three days", "Nobody knows who signs", "The form asks the same twice")
    groups = [
        friction.Group("approvals", lines, 3, 1, TODAY),
        friction.Group("tools", ("The CRM logs out every hour",), 1, 1, TODAY - timedelta(days=9)),
    ]
    moved = friction.Mended("missing", 4, TODAY - timedelta(weeks=9), compared(better()), TODAY)
    early = friction.Mended("twice", 2, TODAY - timedelta(weeks=1), "", TODAY + timedelta(weeks=4))
    shown = (TEAM, 3, groups, [early, moved], TODAY)
    yield said("`/headroom friction list`; the team", friction.friction_list, *shown, may_report=True)
    yield said("nothing is open", friction.friction_list, TEAM, 3, [], [], TODAY, may_report=True)
    yield said("in the digest, kinds nobody looks at", friction.digest_sentence, [("approvals", 3), ("tools", 1)])
    yield said("in the digest, a fix that can be told", friction.mended_sentence, moved)


def _absences() -> Iterator[Said]:
    days = {date(2026, 3, 19): 1.0, date(2026, 3, 20): 1.0, date(2026, 4, 3): 0.5}
    at = ((TEAM,), TODAY)
    yield said("`/headroom away 19-20 Mar, 3 Apr half`", absences.noted, days, *at)
    yield said("`/headroom away list`", absences.listed, days, *at)
    yield said("the same, nothing noted", absences.listed, {}, *at)
    yield said("`/headroom away cancel 3 Apr`", absences.cancelled, {date(2026, 4, 3): 0.5}, *at)
    yield said("the same, nothing to take back", absences.cancelled, {}, *at)
    yield said("`/headroom away`", absences.away_view, days, *at)
    yield said("the form is sent", absences.done_view, absences.noted(days, *at))


def _solved() -> Iterator[Said]:
    asked = {"team_id": 3, "channel": "C1DESK", "day": "Tuesday"}
    yield said("two requests a month at most; who asked", solved.question, TEAM, **asked, link="https://example.com/p1")
    for choice in solved.LABELS:
        yield said(f"{solved.LABELS[choice]} is pressed", solved.thanks, choice)
    yield said("pressed again", solved.again)
    yield said("pressed too late", solved.closed)
    yield said("Don't ask me again is pressed", solved.not_again)
    yield said("in the report", solved.share, Rate(0.86, 0.78, 0.92, 74))


def _compared() -> Iterator[Said]:
    yield said("it got better", compared, better())
    yield said("nothing clear", compared, unclear())
    yield said("too little to say", compared, nothing())
