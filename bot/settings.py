"""What an operator may set: one table of variables, read once into a frozen record.

Nothing else reads the environment. A variable comes from there or from a `.env` file in the working folder;
the environment wins.
"""

import difflib
import math
import os
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dotenv.parser import parse_stream

from bot.errors import BadInputError

SLACK_API_URL = "https://slack.com/api/"
LOG_LEVELS = ("debug", "info", "warning", "error")
TOKENS = {  # https://docs.slack.dev/authentication/tokens/
    "xoxb-": "a bot token",
    "xapp-": "an app-level token",
    "xoxp-": "a user token",
    "xoxe-": "a configuration refresh token",
    "xoxe.": "an expiring token",
    "xoxa-": "a workspace token",
    "xoxr-": "a refresh token",
    "xoxc-": "a browser's token",
    "xoxd-": "a browser's cookie",
    "xoxs-": "a legacy token",
}
HIDDEN = "…"


@dataclass(frozen=True)
class Settings:
    """Everything an operator set. Secrets never show in `repr`.

    Attributes:
        slack_bot_token: `xoxb-…`, or None while unset.
        slack_app_token: `xapp-…`, or None while unset.
        slack_signing_secret: Or None while unset.
        slack_api_url: Ends with a slash.
        database: The SQLite file.
        log_level: One of `LOG_LEVELS`.
        host: Where `headroom serve` listens.
        port: On which port; 0 takes a free one.
        pulse_floor: Answers to a pulse below which nothing is shown.
        clock_offset: Seconds added to the clock; 0 except in a sandbox.
        warnings: Sentences for the operator about names we do not know.
    """

    slack_bot_token: str | None = field(default=None, repr=False)
    slack_app_token: str | None = field(default=None, repr=False)
    slack_signing_secret: str | None = field(default=None, repr=False)
    slack_api_url: str = SLACK_API_URL
    database: Path = Path("headroom.db")
    log_level: str = "info"
    host: str = "127.0.0.1"
    port: int = 3000
    pulse_floor: int = 5
    clock_offset: float = 0.0
    warnings: tuple[str, ...] = ()

    def need(self, *names: str) -> None:
        """Raise BadInputError for the first of these variables (`SLACK_BOT_TOKEN`, …) that is not set."""
        for setting in TABLE:
            if setting.name in names and getattr(self, setting.field) is None:
                raise BadInputError(setting.name, "", f"set it; {setting.help}")


@dataclass(frozen=True)
class Setting:
    """One variable: its name, default as people would write it, help, and how a value is read."""

    name: str
    default: str | None
    help: str
    parse: Callable[[str, str], Any]

    @property
    def field(self) -> str:
        """The field of `Settings` it fills."""
        return self.name.removeprefix("HEADROOM_").lower()


def load(environ: Mapping[str, str] | None = None, env_file: Path | None = Path(".env")) -> Settings:
    """Read all settings.

    Args:
        environ: Variables; None means this process's environment.
        env_file: A file of `NAME=value` lines, passed over when it does not exist; None reads no file.

    Raises:
        BadInputError: A value that cannot be used, or a name that is nearly, but not quite, one of ours.
    """
    environ = os.environ if environ is None else environ
    file = _read(env_file)
    given = {**file, **environ}
    values: dict[str, Any] = {}
    for setting in TABLE:
        text = given.get(setting.name, "").strip() or setting.default
        if text is not None:
            values[setting.field] = setting.parse(setting.name, text)
    settings = Settings(**values, warnings=_unknown(file, environ))
    if settings.clock_offset and not is_loopback(settings.slack_api_url):
        mend = "only a sandbox may have another clock; unset it, or point SLACK_API_URL at the sandbox"
        raise BadInputError("HEADROOM_CLOCK_OFFSET", settings.clock_offset, mend)
    return settings


def table() -> str:
    """The settings as people read them: a paragraph each, with its default."""
    lines = []
    for setting in TABLE:
        default = f" (default {setting.default})" if setting.default is not None else ""
        lines.append(f"{setting.name}{default}\n    {setting.help}")
    return "\n".join(lines)


def is_loopback(url: str) -> bool:
    """Whether a URL's host is this machine itself."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _read(env_file: Path | None) -> dict[str, str]:
    """The file's variables; a line that is none is refused by its number, never shown: it may hold a token."""
    if env_file is None or not env_file.is_file():
        return {}
    found: dict[str, str] = {}
    try:
        with env_file.open(encoding="utf-8-sig") as lines:
            for line in parse_stream(lines):
                if line.error or (line.key is not None and line.value is None):
                    where = f"line {line.original.line} of {env_file}"
                    raise BadInputError(where, HIDDEN, "write NAME=value there, such as SLACK_BOT_TOKEN=xoxb-…")
                if line.key is not None and line.value is not None:
                    found[line.key] = line.value
    except (OSError, UnicodeDecodeError) as error:
        raise BadInputError("the settings file", str(env_file), f"make it readable UTF-8 ({error})") from error
    return found


def _unknown(file: Mapping[str, str], environ: Mapping[str, str]) -> tuple[str, ...]:
    """Refuse near misses of our names; warn of strangers (clusters set HEADROOM_SERVICE_HOST and more).

    In the file every name is looked at. In the environment, where other programs have theirs, SLACK_… names are
    only warned of, and only while the setting that they resemble is missing.
    """
    known = [setting.name for setting in TABLE]
    ours = ", ".join(name for name in known if name.startswith("HEADROOM_"))
    warnings = []
    for name in sorted({*file, *environ}):
        if name in known or not (name in file or name.startswith(("HEADROOM_", "SLACK_"))):
            continue
        near = next(iter(difflib.get_close_matches(name.upper(), known, n=1, cutoff=0.85)), None)
        missing = near is not None and near not in file and near not in environ
        if near and (name.startswith("HEADROOM_") or (name in file and missing)):
            raise BadInputError("a setting's name", name, f"there is none of that name; did you mean {near}?")
        if near and missing:
            warnings.append(f"{name} is not a setting of Headroom and is passed over; did you mean {near}?")
        elif name.startswith("HEADROOM_"):
            warnings.append(f"{name} is not a setting of Headroom and is passed over; there are {ours}.")
        elif name in file:
            warnings.append(f"{name} in the settings file is not a setting of Headroom and is passed over.")
    return tuple(warnings)


def _token(kind: str, home: str) -> Callable[[str, str], str]:
    def parse(name: str, text: str) -> str:
        prefix = text[:5]
        if prefix == kind:
            return _pasted(name, text, kind, f"copy {TOKENS[kind]} from {home}")
        if prefix in TOKENS:
            mend = f"that is {TOKENS[prefix]}; here goes {TOKENS[kind]} ({kind}…), from {home}"
            raise BadInputError(name, prefix + HIDDEN, mend)
        raise BadInputError(name, HIDDEN, f"it does not start with {kind}; copy {TOKENS[kind]} from {home}")

    return parse


def _secret(name: str, text: str) -> str:
    if text[:5] in TOKENS:
        mend = f"that is {TOKENS[text[:5]]}; copy the Signing Secret from Basic Information"
        raise BadInputError(name, text[:5] + HIDDEN, mend)
    return _pasted(name, text, "", "copy the Signing Secret from Basic Information in your app's settings")


def _pasted(name: str, text: str, prefix: str, mend: str) -> str:
    """The secret, unless it still is the README's example or holds what no secret of Slack's does; it is not shown."""
    if not any(character.isalnum() for character in text[len(prefix) :]):
        raise BadInputError(name, prefix + HIDDEN, f"that is still the example from the README; {mend}")
    for place, character in enumerate(text, 1):
        if not "!" <= character <= "~":  # printable ASCII; HTTP headers carry no other
            what = unicodedata.name(character, f"U+{ord(character):04X}").lower()
            said = f"its character {place} of {len(text)} ({what}) is none that such a secret has"
            raise BadInputError(name, prefix + HIDDEN, f"{said}; {mend}")
    return text


def _api_url(name: str, text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadInputError(name, text, f"write a full address, such as {SLACK_API_URL}")
    if parts.scheme == "http" and not is_loopback(text):
        raise BadInputError(name, text, "tokens would travel in the clear; write https://")
    return text if text.endswith("/") else text + "/"


def _path(name: str, text: str) -> Path:
    path = Path(text).expanduser()
    if path.is_dir():
        raise BadInputError(name, text, "that is a folder; name a file in it, such as headroom.db")
    return path


def _level(name: str, text: str) -> str:
    if text.lower() not in LOG_LEVELS:
        raise BadInputError(name, text, f"write one of {', '.join(LOG_LEVELS)}")
    return text.lower()


def _port(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= 65_535):
        raise BadInputError(name, text, "write a port from 0 to 65535, such as 3000")
    return int(text)


def _host(name: str, text: str) -> str:
    if "/" in text or " " in text:
        raise BadInputError(name, text, "write an address or a name alone, such as 127.0.0.1")
    return text


def _floor(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and 3 <= int(text) <= 50):
        raise BadInputError(name, text, "write a number of people from 3 to 50, such as 5")
    return int(text)


def _seconds(name: str, text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not math.isfinite(seconds):
        raise BadInputError(name, text, "write a number of seconds, such as -86400")
    return seconds


TABLE = (
    Setting(
        "SLACK_BOT_TOKEN",
        None,
        "The Bot User OAuth Token (xoxb-…), from OAuth & Permissions in your app's settings.",
        _token("xoxb-", "OAuth & Permissions in your app's settings"),
    ),
    Setting(
        "SLACK_APP_TOKEN",
        None,
        "An app-level token (xapp-…) with connections:write, from Basic Information in your app's settings.",
        _token("xapp-", "Basic Information in your app's settings"),
    ),
    Setting(
        "SLACK_SIGNING_SECRET",
        None,
        "Needed for `headroom serve`, where Slack calls over HTTP; from Basic Information in your app's settings.",
        _secret,
    ),
    Setting(
        "SLACK_API_URL",
        SLACK_API_URL,
        "Where Slack's Web API answers; a sandbox's address to try things.",
        _api_url,
    ),
    Setting("HEADROOM_DATABASE", "headroom.db", "The SQLite file that keeps everything.", _path),
    Setting("HEADROOM_LOG_LEVEL", "info", f"How much to tell: {', '.join(LOG_LEVELS)}.", _level),
    Setting("HEADROOM_HOST", "127.0.0.1", "Where `headroom serve` listens; 0.0.0.0 for all addresses.", _host),
    Setting("HEADROOM_PORT", "3000", "On which port `headroom serve` listens.", _port),
    Setting(
        "HEADROOM_PULSE_FLOOR",
        "5",
        "Answers to a pulse below which nothing is shown, and people below which none is asked: 3 to 50.",
        _floor,
    ),
    Setting(
        "HEADROOM_CLOCK_OFFSET",
        "0",
        "Seconds added to the clock; only with a sandbox on this machine.",
        _seconds,
    ),
)
