"""What thinking returns: small frozen records of numbers, which the messages and the report read.

Shares are 0–1, times working hours unless a name says otherwise; None means not known, and
`Assessment.missing` says why. Every interval is 80% unless said otherwise.
"""

from bot.health.results.ahead import Missed, WeekAhead
from bot.health.results.assessment import Assessment
from bot.health.results.attention import Coordination, Focus, Growth
from bot.health.results.drift import Began, Cause, Causes, Likely, Outlook
from bot.health.results.figures import Estimate, Rate, Ratio, Span, Spread
from bot.health.results.level import Level, Reason, Week
from bot.health.results.load import Basis, Capacity, Flow, Resilience, Unseen, Utilization
from bot.health.results.speed import Guard, Guarded, Loop, Throughput

__all__ = [
    "Assessment",
    "Basis",
    "Began",
    "Capacity",
    "Cause",
    "Causes",
    "Coordination",
    "Estimate",
    "Flow",
    "Focus",
    "Growth",
    "Guard",
    "Guarded",
    "Level",
    "Likely",
    "Loop",
    "Missed",
    "Outlook",
    "Rate",
    "Ratio",
    "Reason",
    "Resilience",
    "Span",
    "Spread",
    "Throughput",
    "Unseen",
    "Utilization",
    "Week",
    "WeekAhead",
]
