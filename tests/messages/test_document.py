"""docs/messages.md holds everything that Headroom says, as it says it today."""

import re

from tests.messages import document

MEND = "write it anew with `python -m tests.messages.document`, and read it aloud"


def test_the_page_is_up_to_date() -> None:
    """The page is what the builders say today."""
    assert document.PAGE.read_text(encoding="utf-8") == document.text(), MEND


def test_no_message_is_missing() -> None:
    """Whoever adds a message adds an example of it to the script."""
    shown = {one.builder for _, said in document.scripts() for one in said}
    missing = sorted(f"{b.__module__}.{b.__name__}" for b in document.builders() - shown)
    assert not missing, f"{missing}: add an example to tests/messages/a script_*.py beside this file"


def test_no_example_reads_badly() -> None:
    """No heading comes twice in a feature; no text has a placeholder, a doubled mark, or a number that is none."""
    for feature, said in document.scripts():
        assert len({one.when for one in said}) == len(said), feature
        for one in said:
            for line in one.text.splitlines():
                assert not re.search(
                    r"\{\w|\bNone\b(?=[,;:%)]| h\b|$)|\bnan\b|[a-z]\.\.(?!\.)|,,|;;| ,|\(\)| {2,}\w+ {2,}$", line
                ), line
