"""A zip archive, read member by member: nothing is unpacked to disk, and no member is held whole.

The archive comes from outside, so its list of members is judged before any is read: a path that would lead out
of the folder it is unpacked in, a link, a password or an unknown packing is refused with the whole archive,
because no Slack export has them. Sizes are limited member by member.
Format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT; attacks: https://www.bamsoftware.com/hacks/zipbomb/
"""

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from bot.errors import BadInputError
from bot.importing.jsonarray import BrokenError, elements

MIB = 1 << 20
MEMBER = 256 * MIB
"""Largest member that is read, in bytes unpacked. A day of even the busiest channel stays far below."""
RATIO, RATIO_FROM = 250, 8 * MIB
"""A member larger than `RATIO_FROM` that shrank to less than a `RATIO`th is a bomb; chat shrinks 5 to 30 times."""
TOTAL = 64 * 1024 * MIB
"""Most that the members read together may hold."""
LIST = 64 * MIB
"""Longest list of members, in bytes: about 600,000 of them."""

MAGIC = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DRIVE = re.compile(r"[A-Za-z]:")
_AGAIN = "it is cut off or damaged; fetch the export again"
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, struct.error, RuntimeError, BrokenError)


def is_zip(path: Path) -> bool:
    """Whether a file begins like a zip archive; False for one that cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(4) in MAGIC
    except OSError:
        return False


class DamagedError(Exception):
    """A member cannot be read on; its text says where, and never what stands there."""


class Archive:
    """An opened zip archive. Use it in a `with` block.

    Args:
        path: The file.

    Raises:
        BadInputError: It is no zip archive, cut off, or holds what no export holds.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._file = _Limited(io.FileIO(path))
        except OSError as error:
            raise BadInputError("FILE", str(path), f"it cannot be read ({error.strerror})") from error
        try:
            self._zip = zipfile.ZipFile(self._file)
        except (*_DAMAGED, ValueError, OverflowError) as error:
            self._file.close()
            mend = _AGAIN if is_zip(path) else "it is no zip archive; give the Slack export as Slack made it"
            raise BadInputError("FILE", path.name, str(error) if isinstance(error, _TooLong) else mend) from error
        self.members = tuple(self._zip.infolist())
        for member in self.members:
            fault = _hostile(member)
            if fault:
                self.close()
                raise BadInputError("FILE", path.name, f"it holds {member.orig_filename[:120]!r}, {fault}")

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._zip.close()
        self._file.close()

    def elements(self, member: zipfile.ZipInfo) -> Iterator[object]:
        """The elements of a member that is a JSON array, one at a time.

        Raises:
            DamagedError: It is too large, or cannot be read from here on; the elements before are good.
        """
        oversize = _oversize(member)
        if oversize:
            raise DamagedError(oversize)
        count = 0
        try:
            with self._zip.open(member) as stream:
                for element in elements(stream):
                    count += 1
                    yield element
        except _DAMAGED as error:
            what = "no JSON list" if isinstance(error, BrokenError) else "damaged in the archive"
            raise DamagedError(f"it is cut off or {what} after {count:,} entries") from error


class _TooLong(zipfile.BadZipFile):
    """The list of members is longer than `LIST`."""


class _Limited(io.BufferedReader):
    """A file of which nobody may read a great piece at once: zipfile reads the list of members in one."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > LIST:
            raise _TooLong(f"its list of files is longer than {LIST // MIB} MB; that is no Slack export")
        return super().read(size)


def _hostile(member: zipfile.ZipInfo) -> str | None:
    """Why a member has no place in an export; None where it may stay."""
    name = member.orig_filename  # zipfile cuts `filename` at a NUL
    kind = stat.S_IFMT(member.external_attr >> 16)
    if not name.isprintable() or "\\" in name:
        return "a name with characters that no export uses; export again"
    if name.startswith("/") or _DRIVE.match(name) or ".." in name.split("/"):
        return "a path that leads out of the archive; no Slack export does that, so nothing of it is read"
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "a link or device; no Slack export holds one, so nothing of it is read"
    if member.flag_bits & 0x1:
        return "which is encrypted; unpack it with its password and zip the folder again without one"
    if member.compress_type not in _PACKED:
        return "which is packed in a way that we do not read; zip the folder again with an ordinary zip program"
    return None


def _oversize(member: zipfile.ZipInfo) -> str | None:
    if member.file_size > MEMBER:
        return f"it holds {member.file_size / MIB:,.0f} MB, and {MEMBER // MIB} MB is the most that is read"
    if member.file_size > RATIO_FROM and member.file_size > RATIO * max(1, member.compress_size):
        return f"it unpacks to over {RATIO} times its size, as bombs do and exports do not"
    return None
