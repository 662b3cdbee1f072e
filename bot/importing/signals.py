"""Signals as JSON lines.

{"ts": 1700000000.0, "kind": "arrival", "request": "R1", "actor": "u1", "queue": "desk"}
"""

import json
from collections.abc import Iterator
from typing import Any

from bot.errors import BadInputError
from bot.importing.kinds import kind
from bot.importing.source import Source
from bot.importing.tally import Fact, Tally
from bot.importing.times import moment, seconds
from bot.signal import Kind


def facts(source: Source, tally: Tally) -> Iterator[Fact]:
    """Facts of a file of JSON lines, in its order; bad lines go to the tally.

    `ts` is Unix seconds or ISO 8601 with an offset; `actor` and `queue` may be missing; a `withdraw`
    names the kind it takes back in `undoes`; other keys are passed over.
    """
    for number, line in source.lines(tally):
        if not line.strip():
            continue
        tally.rows += 1
        try:
            yield _fact(_row(line))
        except BadInputError as error:
            tally.refuse(number, error)


def _row(line: bytes) -> dict[str, Any]:
    try:
        row = json.loads(line.decode())  # said as text, or its encoding would be guessed for each line
    except UnicodeDecodeError as error:
        raise BadInputError("the line", line[max(0, error.start - 10) : error.end], "is no UTF-8") from error
    except (ValueError, RecursionError) as error:  # a number of over 4,300 digits is a ValueError
        raise BadInputError("the line", line.decode("utf-8", "replace").strip(), "is no JSON") from error
    if not isinstance(row, dict):
        raise BadInputError("the line", row, 'write an object such as {"ts": …, "kind": …, "request": …}')
    return row


def _fact(row: dict[str, Any]) -> Fact:
    request = _name(row, "request")
    if request is None:
        raise BadInputError("request", row.get("request"), "write the id of the request it belongs to")
    what = kind(_word(row, "kind"), "kind")
    undoes = kind(_word(row, "undoes"), "undoes") if what is Kind.WITHDRAW else None
    return Fact(request, what, _time(row.get("ts")), _name(row, "actor"), _name(row, "queue"), undoes)


def _time(ts: object) -> int:
    if isinstance(ts, str):
        return moment(ts, "ts")
    if isinstance(ts, (int, float)) and not isinstance(ts, bool):
        return seconds(ts, "ts")
    raise BadInputError("ts", ts, "write Unix seconds or ISO 8601 with an offset")


def _word(row: dict[str, Any], key: str) -> str:
    value = row.get(key)
    if not isinstance(value, str):
        raise BadInputError(key, value, "write a kind such as arrival, claim or done")
    return value


def _name(row: dict[str, Any], key: str) -> str | None:
    value = row.get(key)
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise BadInputError(key, value, "write a text or a whole number")
    text = str(value)
    if not text.isascii() and any("\ud800" <= sign <= "\udfff" for sign in text):
        raise BadInputError(key, value, "it holds half a character (\\ud800 to \\udfff), which nothing can store")
    return text
