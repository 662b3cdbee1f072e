"""A local Slack that bears with a busy machine: only what a test is about may run out of time."""

from typing import Any

from sandbox.config import SandboxConfig


def patient(**changes: Any) -> SandboxConfig:
    """Slack's rules, but an ack and a trigger may take a minute."""
    return SandboxConfig(**{"rate_limits": "fast", "ack_seconds": 60.0, "trigger_seconds": 60.0, **changes})
