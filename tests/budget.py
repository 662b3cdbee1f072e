"""How many examples a property gets: all of them in `make test`, a few in `make quick`."""

from typing import Any

from hypothesis import settings


def examples(number: int, **more: Any) -> settings:
    """At most so many examples, or as many fewer as the chosen profile has than Hypothesis's hundred.

    Args:
        number: Of examples in the full run.
        more: Other settings of Hypothesis, taken as they are.
    """
    scaled = number * settings().max_examples // 100
    return settings(max_examples=max(2, scaled), **more)
