"""The errors that people see: one clear sentence, named by what we do next."""


class HeadroomError(Exception):
    """Something a person can mend; its text is one sentence naming field, value and mend."""


class BadInputError(HeadroomError):
    """A value given from outside (file, command, form, setting) that cannot be used.

    Args:
        field: What was wrong, in the words of whoever wrote it (a column, a setting, a form field).
        value: What stood there.
        mend: What to write instead.
    """

    def __init__(self, field: str, value: object, mend: str) -> None:
        self.field, self.value, self.mend = field, value, mend
        shown = repr(value)
        if len(shown) > 80:
            shown = shown[:77] + "…" + shown[0]
        super().__init__(f"{field} is {shown}: {mend}")


class StorageError(HeadroomError):
    """The database cannot be used (locked, newer, read-only, full); nothing stored was harmed."""
