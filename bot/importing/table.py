"""Delimited text as rows: the delimiter is found in the header, rows that do not fit it are told."""

import csv
from collections.abc import Iterator, Sequence

from bot.errors import BadInputError
from bot.importing.source import Source
from bot.importing.tally import Tally

DELIMITERS = (",", ";", "\t")
Row = list[str]


class Table:
    """The rows of a CSV file.

    Args:
        source: The opened file.
        tally: Told of rows read and rows refused.

    Raises:
        BadInputError: There is no header, or it is not UTF-8.
    """

    def __init__(self, source: Source, tally: Tally) -> None:
        self._tally = tally
        self._lines = source.lines(tally)
        self._line = 0
        header = next((line for line in self._decoded() if line.strip()), "")
        if not header:
            raise BadInputError("FILE", source.path.name, "it is empty; the first line names the columns")
        outside = "".join(header.split('"')[::2])
        self._delimiter = max(DELIMITERS, key=outside.count)
        try:
            self.columns = [name.strip() for name in next(csv.reader([header], delimiter=self._delimiter))]
        except csv.Error as error:
            mend = f"its header cannot be read ({error}); save the file as CSV with ordinary line ends"
            raise BadInputError("FILE", source.path.name, mend) from error
        if any(not name.isprintable() for name in self.columns):
            raise BadInputError("FILE", source.path.name, "its header is no UTF-8 text; save the file as UTF-8")

    def find(self, column: str, field: str) -> int:
        """Where a column stands; raises BadInputError, naming those there are, if there is none or two."""
        count = self.columns.count(column)
        if count != 1:
            fault = "there is no such column" if count == 0 else f"there are {count} columns of that name"
            raise BadInputError(field, column, f"{fault}; the file has {', '.join(self.columns)}")
        return self.columns.index(column)

    def rows(self) -> Iterator[tuple[int, Row]]:
        """Rows with the number of the line they begin on; empty ones are passed over, bad ones told."""
        reader = csv.reader(self._decoded(), delimiter=self._delimiter, strict=True)
        while True:
            line = self._line + 1
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                self._tally.rows += 1
                self._tally.refuse(line, BadInputError("the row", str(error), "mend its quotes"))
                continue
            if not any(field.strip() for field in row):
                continue
            self._tally.rows += 1
            fault = self._fault(row)
            if fault:
                self._tally.refuse(line, fault)
            else:
                yield line, row

    def _decoded(self) -> Iterator[str]:
        # Bytes that are no UTF-8 become lone surrogates, so that the row they stand in can be told.
        for number, line in self._lines:
            self._line = number
            yield line.decode("utf-8", "surrogateescape")

    def _fault(self, row: Sequence[str]) -> BadInputError | None:
        if len(row) != len(self.columns):
            mend = f"the header has {len(self.columns)} columns; quote fields that hold the delimiter"
            return BadInputError("the number of columns", len(row), mend)
        for name, field in zip(self.columns, row, strict=True):
            try:
                field.encode()
            except UnicodeEncodeError:
                raw = field.encode("utf-8", "surrogateescape")
                return BadInputError(name, raw, "is no UTF-8; save the file as UTF-8")
        return None
