"""What every builder returns."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Block = dict[str, Any]
"""One Block Kit block, or a view, as the plain dict Slack takes (slack_sdk's models drop newer blocks)."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message ready to be posted.

    Attributes:
        text: All of it in plain words, for notifications and screen readers.
        blocks: What Slack shows.
        fallback: The same without the native chart, to send when Slack answers `invalid_blocks`; None where
            `blocks` has no chart.
    """

    text: str
    blocks: tuple[Block, ...]
    fallback: tuple[Block, ...] | None = None

    def payload(self, *, plain: bool = False) -> dict[str, Any]:
        """Arguments for `chat.postMessage`, `chat.postEphemeral`, `chat.update` or a `response_url`.

        Args:
            plain: Use `fallback` where there is one.
        """
        blocks: Sequence[Block] = self.fallback if plain and self.fallback is not None else self.blocks
        return {"text": self.text, "blocks": list(blocks)}

    def body(self) -> dict[str, Any]:
        """What the outbox keeps: `text`, `blocks` and, where there is one, `fallback`."""
        fallback = None if self.fallback is None else list(self.fallback)
        return {"text": self.text, "blocks": list(self.blocks), "fallback": fallback}
