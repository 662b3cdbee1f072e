"""Answers that nobody expects: what a proxy, a bad line or a change on Slack's side puts in place of one."""

from typing import Any

import pytest

SECRET = "the merger closes on Friday"
"""Stands in what comes; may stand in no log and in no database."""

_ODD: dict[str, tuple[str, dict[str, Any]]] = {
    "HTML with status 200": ("html", {"text": SECRET}),
    "HTML with status 503": ("html", {"text": SECRET, "status": 503}),
    "HTML with status 403": ("html", {"text": SECRET, "status": 403}),
    "JSON cut short": ("cut", {"bytes": -3}),
    "JSON cut at once": ("cut", {"bytes": 0}),
    "a lost answer": ("lost_answer", {}),
    "a passing error": ("error", {"error": "team_added_to_org"}),
    "another passing error": ("error", {"error": "org_login_required"}),
    "something broke": ("error", {"error": "internal_error"}),
    "a word nobody knows": ("error", {"error": "moon_in_the_wrong_phase"}),
    "a sentence for a word": ("error", {"error": SECRET}),
    "a revoked token": ("error", {"error": "token_revoked"}),
    "too many calls": ("rate_limited", {"retry_after": 7}),
}
LIVE = [pytest.param(*_ODD[name], id=name) for name in _ODD if name in {
    "HTML with status 200", "JSON cut short", "a passing error", "a word nobody knows", "a sentence for a word",
}]  # fmt: skip
"""Those that once made a queue deaf, for stories that start the whole bot."""

ODD = [pytest.param(*fault, id=name) for name, fault in _ODD.items()]
"""Faults of the sandbox as (kind, options); none of them says anything of a channel, a thread or a person."""
