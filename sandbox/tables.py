"""The table and data_table blocks.

Sources: https://docs.slack.dev/reference/block-kit/blocks/table-block/ and .../data-table-block/
"""

from collections.abc import Iterator

from sandbox.checks import Report
from sandbox.config import Json
from sandbox.rich_text import rich_text

ROWS, COLUMNS, CHARACTERS, PAGE = 100, 20, 10_000, 100
TEXT, NUMBER, RICH = "raw_text", "raw_number", "rich_text"


def table(report: Report, block: Json, at: str) -> None:
    """A table: 100 rows of 20 cells, text or rich text."""
    report.fields(block, at, ("rows",), ("block_id", "column_settings"))
    for row, where in report.items(block, "rows", at, ROWS):
        _row(report, row, where, (TEXT, RICH))
    for column, where in report.items(block, "column_settings", at, COLUMNS, least=0):
        if column is None:
            continue
        if not isinstance(column, dict):
            report.add("must provide an object", where)
            continue
        report.fields(column, where, (), ("align", "is_wrapped"))
        report.choice(column, "align", where, ("left", "center", "right"))
        report.boolean(column, "is_wrapped", where)
    _size(report, block, at)


def data_table(report: Report, block: Json, at: str) -> None:
    """A data table: a header without rich text, then 1 to 100 rows as wide as the header."""
    report.fields(block, at, ("rows", "caption"), ("block_id", "page_size", "row_header_column_index"))
    report.string(block, "caption", at, 3000)
    report.whole_number(block, "page_size", at, 1, PAGE)
    rows = report.items(block, "rows", at, ROWS + 1, least=2)
    widths = [
        _row(report, row, where, (TEXT, NUMBER, RICH) if n else (TEXT, NUMBER)) for n, (row, where) in enumerate(rows)
    ]
    if len(set(widths)) > 1:
        report.add("all rows must have the same number of cells", f"{at}/rows")
    report.whole_number(block, "row_header_column_index", at, 0, max([1, *widths]) - 1)
    _size(report, block, at)


def _row(report: Report, row: object, at: str, kinds: tuple[str, ...]) -> int:
    """Check one row; how many cells it has."""
    if not isinstance(row, list):
        report.add("must provide an array", at)
        return 0
    above, _, index = at.rpartition("/")
    for cell, where in report.objects({index: row}, index, above, COLUMNS):
        _cell(report, cell, where, kinds)
    return len(row)


def _cell(report: Report, cell: Json, at: str, kinds: tuple[str, ...]) -> None:
    kind = cell.get("type")
    if kind not in kinds:
        report.add(f"unsupported type: {kind}", f"{at}/type")
    elif kind == RICH:
        rich_text(report, cell, at)
    elif kind == NUMBER:
        report.fields(cell, at, ("value",), ("text",))
        report.number(cell, "value", at, float("-inf"), float("inf"))
    else:
        report.fields(cell, at, ("text",), ())
        report.string(cell, "text", at, CHARACTERS, least=0)


def _size(report: Report, block: Json, at: str) -> None:
    if sum(map(len, _words(block.get("rows")))) > CHARACTERS:
        report.add(f"cells must be less than {CHARACTERS + 1} characters in all", f"{at}/rows")


def _words(thing: object) -> Iterator[str]:
    """All texts anywhere inside."""
    if isinstance(thing, dict):
        if isinstance(thing.get("text"), str):
            yield thing["text"]
        thing = list(thing.values())
    for item in thing if isinstance(thing, list) else []:
        yield from _words(item)
