"""What the log may carry: what happened and where, never a token, never what somebody wrote.

Slack's libraries write whole payloads at level debug, and Bolt writes refused requests at info; so from them only
warnings and errors pass. These hold what came too (slack_sdk quotes the beginning of an answer that is not JSON,
asyncio shows the exception that nobody caught), so of another library's line only its place and the error's type are
told. An error's own words are told nowhere: they may quote what could not be read. Whatever looks like a token or a
connection ticket is masked in every line.
"""

import logging
import re
import traceback
from typing import Any

_SECRETS = re.compile(r"(xox[a-z]-|xox[a-z]\.|xapp-|ticket=|Bearer )[\w.%/+=-]+")
_THEIRS = ("slack_sdk", "slack_bolt", "aiohttp", "asyncio", "apscheduler", "urllib3")


class _Masking(logging.Formatter):
    """Leaves out other libraries' words and those of errors, and masks secrets in the finished line."""

    def format(self, record: logging.LogRecord) -> str:
        told = logging.makeLogRecord(vars(record))  # other handlers get the record as it is
        if record.name.startswith(_THEIRS):
            told.msg, told.args = f"something went wrong at {record.filename}:{record.lineno}", ()
        told.exc_text = None  # another handler may have written the error's words there
        return mask(super().format(told))

    def formatException(self, ei: Any) -> str:  # logging's name
        """Where an error came from and what it is, without its words."""
        kind, _, trace = ei
        return "".join(traceback.format_tb(trace)) + (kind.__name__ if kind else "")


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
