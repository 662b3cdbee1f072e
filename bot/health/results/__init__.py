"""What thinking returns: small frozen records of numbers, which the messages and the report read.

Shares are 0–1, times working hours unless a name says otherwise; every interval is 80% unless said otherwise. A figure
that is not known is an `Unknown` with its reason; None is for what there is not, such as a reason's line.
"""

from bot.health.results.ahead import Missed, WeekAhead
from bot.health.results.assessment import UNEXPLAINED, Assessment
from bot.health.results.attention import Coordination, Focus, Growth
from bot.health.results.drift import Began, Cause, Causes, Likely, Outlook
from bot.health.results.figures import NOT_ASKED, UNTOLD, Estimate, Rate, Ratio, Span, Spread, Unknown, or_none, or_why
from bot.health.results.level import Alerting, Ground, Level, Reason, Source, Week
from bot.health.results.load import Basis, Capacity, Flow, Resilience, Unseen, Utilization
from bot.health.results.quality import Quality
from bot.health.results.remedy import Effect, Remedy
from bot.health.results.speed import Compared, Guard, Guarded, Guards, Loop, Throughput
from bot.health.results.standing import Day, Evidence, Reference
from bot.health.results.tier import OF_A_PERSON, Tier

__all__ = [
    "NOT_ASKED",
    "OF_A_PERSON",
    "UNEXPLAINED",
    "UNTOLD",
    "Alerting",
    "Assessment",
    "Basis",
    "Began",
    "Capacity",
    "Cause",
    "Causes",
    "Compared",
    "Coordination",
    "Day",
    "Effect",
    "Estimate",
    "Evidence",
    "Flow",
    "Focus",
    "Ground",
    "Growth",
    "Guard",
    "Guarded",
    "Guards",
    "Level",
    "Likely",
    "Loop",
    "Missed",
    "Outlook",
    "Quality",
    "Rate",
    "Ratio",
    "Reason",
    "Reference",
    "Remedy",
    "Resilience",
    "Source",
    "Span",
    "Spread",
    "Throughput",
    "Tier",
    "Unknown",
    "Unseen",
    "Utilization",
    "Week",
    "WeekAhead",
    "or_none",
    "or_why",
]
