"""The newest schema as data: which tables there are, and their columns."""

from sqlite_utils import Database as Tables

from storage.migrations import migrations


def columns() -> dict[str, tuple[str, ...]]:
    """Table → its columns, in order; SQLite's own tables and the record of steps are left out."""
    tables = Tables(memory=True)
    migrations.apply(tables)
    return {
        table.name: tuple(column.name for column in table.columns)
        for table in tables.tables
        if not table.name.startswith(("sqlite_", migrations.migrations_table))
    }
