"""All that one check knows of a team."""

from dataclasses import dataclass
from datetime import date

from bot.health.results.ahead import WeekAhead
from bot.health.results.attention import Coordination, Focus, Growth
from bot.health.results.drift import Began, Causes, Likely, Outlook
from bot.health.results.figures import UNTOLD, Unknown
from bot.health.results.level import Level, Reason, Source, Week
from bot.health.results.load import Capacity, Flow, Resilience
from bot.health.results.quality import UNTOLD_QUALITY, Quality
from bot.health.results.remedy import Remedy
from bot.health.results.speed import NOT_COMPARED, Guarded
from bot.health.results.standing import Day
from bot.health.results.tier import Tier

UNEXPLAINED = Unknown("only a level of watch or danger is explained")


@dataclass(frozen=True, slots=True)
class Assessment:
    """All that one check knows of a team.

    Attributes:
        as_of: Unix seconds.
        window_days: Days the figures look back on.
        tier: What may be shown of it, by its roster over the window; the figures keep to it already.
        level: How the team stands.
        since: The day from which on that level was told, or looked back on, without a break; not known while it is not.
        source: What made the level; why there is none while it is not known.
        today: The day as it is judged, to be written down where it is told.
        reasons: The numbers behind the level, weightiest first.
        weeks: The weekly history, oldest first, complete weeks only.
        quality: How well requests are answered.
        guarded: Speed beside its guards, over longer than the window.
        little_ratio: Time-average open ÷ (arrival rate × mean time in system); about 1 when the data hold together.
        notes: Sentences on data quality, for people.
        remedies: What can be done, the fittest first.
        began: When the load of a team in `watch` or `danger` began to build up.
        causes: What the change in load since then consists of.
        likely: Which factor most likely changed, where one is likelier than not.
        outlook: What becomes of the wait if it goes on so.
        focus: How much the team is interrupted.
        coordination: What coordinates work instead of doing it.
        growth: How that grows with the volume.
        forecast: Mean wait for a first answer of what is asked in the seven days to come.
    """

    as_of: float
    window_days: int
    level: Level
    since: date | Unknown
    reasons: tuple[Reason, ...]
    flow: Flow
    capacity: Capacity
    resilience: Resilience
    weeks: tuple[Week, ...] = ()
    quality: Quality = UNTOLD_QUALITY
    guarded: Guarded = NOT_COMPARED
    little_ratio: float | Unknown = UNTOLD
    notes: tuple[str, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    began: Began | Unknown = UNEXPLAINED
    causes: Causes | Unknown = UNEXPLAINED
    likely: Likely | Unknown = UNEXPLAINED
    outlook: Outlook | Unknown = UNEXPLAINED
    focus: Focus | Unknown = UNTOLD
    coordination: Coordination | Unknown = UNTOLD
    growth: Growth | Unknown = UNTOLD
    forecast: WeekAhead | Unknown = UNTOLD
    tier: Tier = Tier.ALL
    source: Source | Unknown = UNTOLD
    today: Day | Unknown = UNTOLD

    @property
    def suggestion(self) -> str:
        """The fittest thing to do, `none` where nothing fits."""
        return self.remedies[0].action if self.remedies else "none"
