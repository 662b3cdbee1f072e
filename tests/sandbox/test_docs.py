"""docs/sandbox.md names every fault, act, setting and route, and its table of Block Kit rules is the tests' own.

After a change of rules: `python -m tests.sandbox.test_docs` writes the table anew.
"""

import ast
import re
from pathlib import Path

import pytest

from sandbox.acts import Acts
from sandbox.config import SandboxConfig
from sandbox.control import AT_ONCE, SETTINGS, Control
from sandbox.faults import KINDS
from sandbox.sandbox import Sandbox
from sandbox.server import METHODS
from tests.sandbox.test_blocks import RULES

PAGE = Path(__file__).parents[2] / "docs" / "sandbox.md"
BEGIN, END = "<!-- rules: generated -->", "<!-- /rules -->"
NAMED = re.compile(r"`(test_\w+\.py)::(test_\w+)`")


def rules_table() -> str:
    """Each rule with the line that breaking it brings."""
    rows = [f"| {name} | `{line.replace('`', '')}` |" for name, (_, _, line) in sorted(RULES.items())]
    return "\n".join(["| rule | refused with a line that holds |", "|---|---|", *rows])


def page() -> str:
    """The document."""
    return PAGE.read_text(encoding="utf-8")


def test_rules_table_is_fresh() -> None:
    """The table of rules in the document is the one that the tests try."""
    assert page().partition(BEGIN)[2].partition(END)[0].strip() == rules_table()


@pytest.mark.parametrize("kind", sorted({*KINDS, *AT_ONCE}))
def test_every_fault_has_a_test_in_the_table(kind: str) -> None:
    """Every fault that can be ordered stands in a row of the table with a test."""
    rows = [line for line in page().splitlines() if line.startswith("|") and f"`{kind}" in line]
    assert any(NAMED.search(row) for row in rows)


def test_named_tests_exist() -> None:
    """Every test that the document names is one."""
    named = set(NAMED.findall(page()))
    assert len(named) > 20
    for file in {file for file, _ in named}:
        tree = ast.parse((Path(__file__).parent / file).read_text(encoding="utf-8"))
        found = {(file, n.name) for n in tree.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)}
        assert {pair for pair in named if pair[0] == file} <= found


async def test_control_api_is_complete() -> None:
    """Every route, act, setting and Web API method is named."""
    sandbox, text = Sandbox(SandboxConfig()), page()
    routes = [route.path for route in Control(sandbox).routes()]
    names = [*routes, *Acts(sandbox).names, *SETTINGS, *METHODS]
    assert [name for name in names if f"`{name}" not in text and f" {name}`" not in text] == []


def main() -> None:
    """Write the table of rules into the document."""
    before, _, rest = page().partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n{rules_table()}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
