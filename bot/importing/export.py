"""A Slack export: one channel of it as signals, through the same capture as live events; text is dropped there.

`channels.json` and `groups.json` name public and private channels, `users.json` people, and
`<channel>/2026-01-31.json` holds a day's messages: replies inline on their own day, reactions without times.
Where days begin and end is not said, so only `ts` counts. Direct messages (`dms.json`, `mpims.json` and their
folders) are never read. Format: https://slack.com/help/articles/220556107-How-to-read-Slack-data-exports
"""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from zipfile import ZipInfo

from bot.capture import capture_history
from bot.errors import BadInputError
from bot.importing.archive import MIB, TOTAL, Archive, DamagedError
from bot.importing.source import EVERY, Progress
from bot.importing.tally import Tally
from bot.importing.times import EARLIEST, LATEST
from bot.signal import Signal, microseconds
from bot.watch import Pseudonym, Watch

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\.json", re.ASCII)
_USER = re.compile(r"[UW][A-Z0-9]{2,30}", re.ASCII)
_DIRECT = re.compile(r"D[A-Z0-9]{7,20}|mpdm-.*", re.ASCII)
_NEAR = 5
SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """Which part of an export is wanted.

    Attributes:
        channel: Name or id of the channel; None where nobody said.
        responders: Ids or names of the people who answer there; none: those on the team's roster.
    """

    channel: str | None
    responders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel and its days, oldest first."""

    id: str
    name: str
    days: tuple[ZipInfo, ...]


@dataclass(frozen=True, slots=True)
class _User:
    id: str
    names: tuple[str, ...]
    app: bool


class Export:
    """What an archive says of channels and people.

    Args:
        archive: The opened archive.

    Raises:
        BadInputError: It is no Slack export, or its lists cannot be read.
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        lists = [m for m in archive.members if m.filename.rpartition("/")[2] in ("channels.json", "groups.json")]
        roots = sorted({m.filename.rpartition("/")[0] for m in lists}, key=lambda root: (root.count("/"), root))
        if not roots or "/" in roots[0]:  # zipping the unpacked folder again puts one folder above
            mend = "it holds no channels.json; for a Slack export give the zip as Slack made it, else unpack it first"
            raise BadInputError("FILE", archive.path.name, mend)
        self._root = f"{roots[0]}/" if roots[0] else ""
        self._members = {member.filename: member for member in archive.members}
        self._direct = {name for listed in ("dms.json", "mpims.json") for each in self._list(listed) for name in each}

    def channel(self, wanted: str | None) -> Channel:
        """The channel of that name or id.

        Raises:
            BadInputError: None was named, there is none, or it is a direct message.
        """
        known = [each for listed in ("channels.json", "groups.json") for each in self._list(listed)]
        names = sorted(name for _, name in known)
        if not wanted:
            raise BadInputError("--channel", "", f"say which channel to read; there are {_some(names)}")
        name = wanted.removeprefix("#")
        found = dict.fromkeys(each for each in known if name in each)
        if name in self._direct or _DIRECT.fullmatch(name) or any(self._is_direct(folder) for _, folder in found):
            raise BadInputError("--channel", wanted, "direct messages are never read; name a channel")
        if len(found) != 1:
            near = difflib.get_close_matches(name.lower(), names, n=_NEAR, cutoff=0.5) or names
            several = f"several are called that; give one of the ids {_some([each for each, _ in found])}"
            raise BadInputError("--channel", wanted, several if found else f"there is none; there are {_some(near)}")
        ((channel, folder),) = found
        days = self._days(folder)
        if not days:
            raise BadInputError("--channel", wanted, "the export holds no day of it; choose a longer span of dates")
        if sum(day.file_size for day in days) > TOTAL:
            raise BadInputError("--channel", wanted, f"its days hold over {TOTAL // MIB:,} MB; export shorter spans")
        return Channel(channel, folder, tuple(days))

    def people(self, wanted: Sequence[str]) -> tuple[str, ...]:
        """Slack user ids of people, given by id, handle or name.

        Raises:
            BadInputError: Nobody, an app, or several people are called that.
        """
        users = list(self._users())
        return tuple(dict.fromkeys(_person(each.strip().removeprefix("@"), users) for each in wanted))

    def known(self, ids: Sequence[str]) -> tuple[str, ...]:
        """Those of some ids that are people of this workspace."""
        there = {user.id for user in self._users() if not user.app}
        return tuple(each for each in ids if each in there)

    def signals(
        self, channel: Channel, tally: Tally, watch: Watch, pseudonym: Pseudonym, progress: Progress
    ) -> Iterator[Signal]:
        """What a channel's messages say, day by day; bad messages and days go to the tally, good ones are kept."""
        total = max(1, sum(day.compress_size for day in channel.days))
        done = 0
        for day in channel.days:
            for number, message in self._messages(day, tally):
                if number % EVERY == 0:
                    progress(done / total)
                yield from capture_history((message,), watch, pseudonym, LATEST)
            done += day.compress_size
            progress(done / total)

    def _messages(self, day: ZipInfo, tally: Tally) -> Iterator[tuple[int, Mapping[str, object]]]:
        found = enumerate(self._archive.elements(day), 1)
        while True:
            try:
                number, message = next(found)
            except StopIteration:
                return
            except DamagedError as error:
                tally.rows += 1
                tally.leave_out(f"{tally.file}: {day.filename}: {error}; export that day again")
                return
            tally.rows += 1
            fault = _fault(message)
            if fault:
                tally.leave_out(f"{tally.file}: {day.filename} message {number}: {fault}")
            elif isinstance(message, dict):
                yield number, message

    def _days(self, folder: str) -> list[ZipInfo]:
        prefix = f"{self._root}{folder}/"
        there = (m for m in self._archive.members if m.filename.startswith(prefix))
        return sorted((m for m in there if _DAY.fullmatch(m.filename[len(prefix) :])), key=lambda m: m.filename)

    def _is_direct(self, folder: str) -> bool:
        return folder in self._direct or _DIRECT.fullmatch(folder) is not None

    def _list(self, name: str) -> list[tuple[str, str]]:
        """Id and name (the folder: for direct messages the id) of each entry of a list of conversations."""
        found = []
        for entry in self._entries(name):
            there, called = entry.get("id"), entry.get("name")
            if isinstance(there, str) and there:
                found.append((there, called if isinstance(called, str) and called else there))
        return found

    def _users(self) -> Iterator[_User]:
        for entry in (each for name in ("users.json", "org_users.json") for each in self._entries(name)):
            there, profile = entry.get("id"), entry.get("profile")
            inner = profile if isinstance(profile, Mapping) else {}
            called = (entry.get("name"), entry.get("real_name"), inner.get("display_name"), inner.get("real_name"))
            if isinstance(there, str) and there:
                names = tuple(dict.fromkeys(name for name in called if isinstance(name, str) and name))
                yield _User(there, names, entry.get("is_bot") is True or there == "USLACKBOT")

    def _entries(self, name: str) -> Iterator[Mapping[str, object]]:
        member = self._members.get(self._root + name)
        try:
            for entry in self._archive.elements(member) if member else ():
                if isinstance(entry, Mapping):
                    yield entry
        except DamagedError as error:
            raise BadInputError("FILE", self._archive.path.name, f"its {name} cannot be used: {error}") from error


def _person(wanted: str, users: Sequence[_User]) -> str:
    found = [user for user in users if user.id == wanted]
    found = found or [user for user in users if wanted.casefold() in {name.casefold() for name in user.names}]
    if not users and _USER.fullmatch(wanted):
        return wanted
    people = [user for user in found if not user.app]
    if len(people) == 1:
        return people[0].id
    if people:
        raise BadInputError("--responders", wanted, f"several are called that; give {_some([u.id for u in people])}")
    if found:
        raise BadInputError("--responders", wanted, "that is an app, and its posts answer nobody; name people")
    called = {name.casefold(): f"{name} ({user.id})" for user in users for name in (*user.names, user.id)}
    near = [called[name] for name in difflib.get_close_matches(wanted.casefold(), called, n=_NEAR, cutoff=0.5)]
    hint = f"did you mean {_some(near)}?" if near else "write ids such as U012AB3CD, or names as in users.json"
    raise BadInputError("--responders", wanted, f"the export knows nobody of that id or name; {hint}")


def _fault(message: object) -> BadInputError | None:
    """What is wrong with a message; its text is never shown."""
    if not isinstance(message, dict):
        return BadInputError("the message", type(message).__name__, "an object with a ts is wanted")
    try:
        at = microseconds(message.get("ts", ""))
    except BadInputError as error:
        return error
    if not EARLIEST * SECOND <= at < LATEST * SECOND:
        return BadInputError("ts", message["ts"], "a time from 1980 to 2099 is wanted")
    return None


def _some(names: Sequence[str], most: int = 20) -> str:
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
