"""What the log may carry: what happened and where, never a token, never what somebody wrote.

Slack's libraries write whole payloads at level debug, and Bolt writes refused requests at info; so from them only
warnings and errors pass, and whatever looks like a token or a connection ticket is masked in every line.
"""

import logging
import re

_SECRETS = re.compile(r"(xox[a-z]-|xox[a-z]\.|xapp-|ticket=|Bearer )[\w.%/+=-]+")
_THEIRS = ("slack_sdk", "slack_bolt", "aiohttp", "asyncio", "apscheduler", "urllib3")


class _Masking(logging.Formatter):
    """Masks secrets in the finished line, traceback included."""

    def format(self, record: logging.LogRecord) -> str:
        return mask(super().format(record))


def mask(line: str) -> str:
    """The line with tokens and tickets cut to their kind."""
    return _SECRETS.sub(r"\1…", line)


_KNOWN = "As you gave `client` as well"  # Bolt, wherever a client has another base_url than Slack's


def _wanted(record: logging.LogRecord) -> bool:
    if record.name.startswith("slack_bolt") and str(record.msg).startswith(_KNOWN):
        return False
    return record.levelno >= logging.WARNING or not record.name.startswith(_THEIRS)


def handler() -> logging.Handler:
    """A handler to stderr that masks, and drops other libraries' chatter."""
    made = logging.StreamHandler()
    made.setFormatter(_Masking("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    made.addFilter(_wanted)
    return made


def configure(level: str) -> None:
    """Log to stderr from a level (`debug`, `info`, `warning`, `error`) up."""
    logging.basicConfig(level=level.upper(), handlers=[handler()])
