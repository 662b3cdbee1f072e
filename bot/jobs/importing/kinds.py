"""The words that logs and options use for kinds."""

import difflib
from collections.abc import Collection

from bot.errors import BadInputError
from bot.signal import Kind


def kind(word: str, field: str, among: Collection[Kind] = frozenset(Kind)) -> Kind:
    """The kind of that name, in any case; raises BadInputError with the nearest one there is."""
    found = Kind.__members__.get(word.strip().upper())
    if found is not None and found in among:
        return found
    words = [k.name.lower() for k in Kind if k in among]
    near = difflib.get_close_matches(word.strip().lower(), words, n=1)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(words)}"
    raise BadInputError(field, word, f"that is no kind; {hint}")
