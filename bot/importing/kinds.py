"""The words that logs and options use for kinds."""

import difflib
from collections.abc import Collection

from bot.errors import BadInputError
from bot.signal import Kind

_OF_WORD = dict(Kind.__members__)  # a million look-ups in the enum itself take a second


def kind(word: str, field: str, among: Collection[Kind] = frozenset(Kind)) -> Kind:
    """The kind of that name, in any case; raises BadInputError with the nearest one there is."""
    found = _OF_WORD.get(word.strip().upper())
    if found is not None and found in among:
        return found
    words = [k.name.lower() for k in Kind if k in among]
    near = difflib.get_close_matches(word.strip().lower(), words, n=1)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(words)}"
    raise BadInputError(field, word, f"that is no kind; {hint}")
