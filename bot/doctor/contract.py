"""Our messages before Slack's public `blocks.validate`, and before the sandbox, which should say the same.

The method needs no token and is sent none: https://docs.slack.dev/reference/methods/blocks.validate
"""

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

from bot.doctor import samples
from bot.doctor.finding import Finding, note, ok, problem
from bot.settings import SLACK_API_URL
from sandbox.blocks import check_blocks, check_view

SECONDS = 15.0

REFUSED = frozenset({"invalid_blocks", "invalid_message", "invalid_view"})
"""Slack's words for a payload that breaks a rule; any other error is about the call itself."""

Ask = Callable[[str, Any], list[str]]
"""(`message` or `view`, payload) → Slack's complaints, none when it is fine; OSError when it cannot be asked."""


def validator(url: str = SLACK_API_URL) -> Ask:
    """Asks Slack, at an API address that ends with a slash."""

    def ask(what: str, payload: Any) -> list[str]:
        body = urllib.parse.urlencode({what: json.dumps(payload)}).encode()
        request = urllib.request.Request(url + "blocks.validate", data=body)  # noqa: S310 - https by default
        with urllib.request.urlopen(request, timeout=SECONDS) as response:  # noqa: S310
            answer = json.load(response)
        if answer.get("ok"):
            return []
        if answer.get("error") not in REFUSED:
            raise ConnectionError(f"Slack answered {answer.get('error')!r}")
        return [f"{e.get('message')} at {e.get('pointer')}" for e in answer.get("errors", ())] or [answer["error"]]

    return ask


def examine(ask: Ask) -> Iterator[Finding]:
    """Ask about every sample, good and broken, and compare; one line, or one for each disagreement."""
    asked, wrong = 0, []
    try:
        for name, what, payload, here in _cases():
            there = ask(what, payload)
            asked += 1
            if there and not here:
                wrong.append(f"Slack refuses our {name} ({there[0]}), the sandbox does not: report it to Headroom")
            elif here and not there:
                wrong.append(f"the sandbox refuses {name} ({here[0]}), Slack does not: report it to Headroom")
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        yield note("contract", f"Slack's blocks.validate could not be asked ({reason}); try again with a network")
        return
    for said in wrong:
        yield problem("contract", said)
    if not wrong:
        yield ok("contract", f"Slack and the sandbox agree about {asked} messages and views, broken ones among them")


def _cases() -> Iterator[tuple[str, str, Any, list[str]]]:
    """Name, kind, payload, and what the sandbox says of it."""
    for name, message in samples.messages().items():
        blocks = list(message.blocks)
        yield f"message {name!r}", "message", {"blocks": blocks}, check_blocks(blocks, "message")
    for name, view in samples.views().items():
        yield f"view {name!r}", "view", view, check_view(dict(view))
    for name, broken in samples.broken().items():
        yield f"broken example {name!r}", "message", {"blocks": broken}, check_blocks(broken, "message")
