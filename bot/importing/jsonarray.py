"""A JSON array read element by element, so that a file of any length needs the memory of one element."""

import codecs
import json
import re
from collections.abc import Iterator
from typing import IO

CHUNK = 1 << 18
"""Bytes read at a time."""
LONGEST = 4 << 20
"""Longest element, in characters: Slack's messages have at most 40,000 of text, and blocks beside."""

_SPACE = re.compile(r"[ \t\n\r]*")


_FOLLOWS = frozenset(" \t\n\r,]")


class BrokenError(Exception):
    """What follows is no JSON, or an element is longer than `LONGEST`."""


def elements(stream: IO[bytes]) -> Iterator[object]:
    """The elements of one JSON array in UTF-8, in order; bytes that are no UTF-8 become U+FFFD.

    Raises:
        BrokenError: The stream is no array, ends too early, or goes on after it; elements before it are good.
    """
    text = _Text(stream)
    if text.next() != "[":
        raise BrokenError
    separator = text.next()
    if separator != "]":
        text.back(separator)
    while separator != "]":
        yield text.value()
        separator = text.next()
        if separator not in ("]", ","):
            raise BrokenError
    if text.next():
        raise BrokenError


class _Text:
    """The part of the text that is not read yet, refilled as it is used up."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
        self._scan = json.JSONDecoder().raw_decode
        self._text, self._at, self._ended = "", 0, False

    def next(self) -> str:
        """The next character that is no space; empty at the end."""
        self._at = _end_of_space(self._text, self._at)
        while self._at == len(self._text):
            if self._ended:
                return ""
            self._more()
            self._at = _end_of_space(self._text, self._at)
        self._at += 1
        return self._text[self._at - 1]

    def back(self, given: str) -> None:
        """Give the character back that `next` has just given."""
        self._at -= len(given)

    def value(self) -> object:
        """The value that begins here."""
        self.back(self.next())
        while True:
            try:
                found, end = self._scan(self._text, self._at)
            except (ValueError, RecursionError) as error:
                if self._ended:
                    raise BrokenError from error
            else:
                # the pieces of 12.5 are 12 and then .5, so what follows decides whether a value is whole
                if self._ended or self._text[end : end + 1] in _FOLLOWS:
                    self._at = end
                    return found
            if len(self._text) - self._at > LONGEST:
                raise BrokenError
            self._more()

    def _more(self) -> None:
        rest = self._text[self._at :]
        # as much again as is held, so that a long element is tried a few times and not thousands of times
        data = self._stream.read(max(CHUNK, len(rest)))
        self._ended = not data
        self._text, self._at = rest + self._decoder.decode(data, final=not data), 0


def _end_of_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at
