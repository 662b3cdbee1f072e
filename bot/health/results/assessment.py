"""All that one check knows of a team."""

from dataclasses import dataclass, field
from datetime import date

from bot.health.results.ahead import WeekAhead
from bot.health.results.attention import Coordination, Focus, Growth
from bot.health.results.drift import Began, Causes, Likely, Outlook
from bot.health.results.figures import Rate
from bot.health.results.level import Level, Reason, Week
from bot.health.results.load import Capacity, Flow, Resilience
from bot.health.results.speed import Guarded


@dataclass(frozen=True, slots=True)
class Assessment:
    """All that one check knows of a team.

    Attributes:
        as_of: Unix seconds.
        window_days: Days the figures look back on.
        level: How the team stands.
        since: The Monday of the first week of that level without a break, None when unknown.
        unknown_because: One clause saying why the level is unknown, else None.
        reasons: The numbers behind the level, weightiest first.
        weeks: The weekly history, oldest first, complete weeks only.
        reopen: Share of done requests that came back.
        escalation: Share of requests escalated.
        chase: Share of requests whose asker had to ask again.
        satisfaction: Share of yes among those who were asked whether their request was solved.
        guarded: Speed beside its guards, over longer than the window; None where it was not asked for.
        little_ratio: Time-average open ÷ (arrival rate × mean time in system); about 1 when the data hold together.
        notes: Sentences on data quality, for people.
        missing: Report key → why it is None.
        suggestion: `add_cover`, `pause_intake`, `office_hours`, `park_openly`, `look_back`, `keep_slack` or `none`.
        began: When the load of a team in `watch` or `danger` began to build up, None when not known.
        causes: What the change in load since then consists of, None when not known.
        likely: Which factor most likely changed, None when none is likelier than not.
        outlook: What becomes of the wait if it goes on so, None when nothing drifts or it is not known.
        focus: How much the team is interrupted, None when not known.
        coordination: What coordinates work instead of doing it, None when not known.
        growth: How that grows with the volume, None when the weeks cannot say.
        forecast: Mean wait for a first answer of what is asked in the seven days to come, None when not known.
    """

    as_of: float
    window_days: int
    level: Level
    since: date | None
    unknown_because: str | None
    reasons: tuple[Reason, ...]
    flow: Flow
    capacity: Capacity
    resilience: Resilience
    weeks: tuple[Week, ...] = ()
    reopen: Rate | None = None
    escalation: Rate | None = None
    chase: Rate | None = None
    satisfaction: Rate | None = None
    guarded: Guarded | None = None
    little_ratio: float | None = None
    notes: tuple[str, ...] = ()
    missing: dict[str, str] = field(default_factory=dict)
    suggestion: str = "none"
    began: Began | None = None
    causes: Causes | None = None
    likely: Likely | None = None
    outlook: Outlook | None = None
    focus: Focus | None = None
    coordination: Coordination | None = None
    growth: Growth | None = None
    forecast: WeekAhead | None = None
