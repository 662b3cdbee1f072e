"""What set-up proposes for each kind of work; every value can be changed by the team."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Preset:
    """Defaults for one kind of work.

    Attributes:
        key: Stored name.
        label: What people pick.
        hands_on_minutes: Usual hands-on time of one request, in minutes; a guess the ranges carry (÷2…×2).
        target_wait_hours: Wait to keep, in working hours.
        outcome: What counts as a good outcome, until the lead says otherwise.
    """

    key: str
    label: str
    hands_on_minutes: float
    target_wait_hours: float
    outcome: str = "done_not_reopened"


PRESETS = (
    Preset("support", "Support tickets", 25, 2),
    Preset("legal", "Legal review", 90, 16),
    Preset("onboarding", "Onboarding", 60, 8),
    Preset("enablement", "Enablement requests", 60, 4),
    Preset("deal-desk", "Deal desk approvals", 45, 4),
    Preset("escalations", "Customer escalations", 90, 1, "done_not_escalated"),
    Preset("on-call", "On-call", 30, 0.5, "done_in_target"),
)
"""Ordered as the set-up form shows them."""
