"""One finding, one line."""

from dataclasses import dataclass
from enum import Enum


class State(Enum):
    """How bad it is: a note needs no mending, a problem does."""

    OK = "ok"
    NOTE = "note"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found.

    Attributes:
        about: What was checked, in a word or two.
        state: How bad it is.
        said: What was found, and for a problem how to mend it; never a token.
    """

    about: str
    state: State
    said: str

    @property
    def line(self) -> str:
        """As the terminal shows it."""
        return f"{self.state.value:8} {self.about}: {self.said}"


def ok(about: str, said: str) -> Finding:
    """All is well."""
    return Finding(about, State.OK, said)


def note(about: str, said: str) -> Finding:
    """Worth knowing; nothing to mend."""
    return Finding(about, State.NOTE, said)


def problem(about: str, said: str) -> Finding:
    """To be mended."""
    return Finding(about, State.PROBLEM, said)
