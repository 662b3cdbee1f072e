"""The small checks that Block Kit rules are made of; each adds Slack's own wording to a list.

An error reads `no more than 25 items allowed [json-pointer:/blocks/1/elements]`.
"""

from collections.abc import Iterable
from typing import Any

from sandbox.config import Json

ANY_TEXT = ("plain_text", "mrkdwn")
PLAIN = ("plain_text",)


class Report:
    """Collects errors while a structure is walked.

    Args:
        surface: `message`, `modal` or `home`: where it is to be shown.
    """

    def __init__(self, surface: str = "message") -> None:
        self.surface = surface
        self.errors: list[str] = []

    def add(self, message: str, at: str) -> None:
        """Note one error at a JSON pointer."""
        self.errors.append(f"{message} [json-pointer:{at}]")

    def fields(self, thing: Json, at: str, required: Iterable[str], optional: Iterable[str]) -> bool:
        """Every required field is there and no unknown one; True when all required are."""
        missing = [name for name in required if thing.get(name) is None]
        for name in missing:
            self.add(f"missing required field: {name}", at)
        for name in thing:
            if name not in (*required, *optional, "type"):
                self.add(f"invalid additional property: {name}", at)
        return not missing

    def string(self, thing: Json, name: str, at: str, most: int, least: int = 1) -> None:
        """A string field, where present, of `least` to `most` characters."""
        value = thing.get(name)
        if value is None:
            return
        where = f"{at}/{name}"
        if not isinstance(value, str):
            self.add("must be a string", where)
        elif len(value) > most:
            self.add(f"must be less than {most + 1} characters", where)
        elif len(value) < least:
            self.add(f"must be more than {least - 1} characters", where)

    def boolean(self, thing: Json, name: str, at: str) -> None:
        """A field that, where present, is true or false."""
        if thing.get(name) is not None and not isinstance(thing[name], bool):
            self.add("must be a boolean", f"{at}/{name}")

    def choice(self, thing: Json, name: str, at: str, allowed: Iterable[Any]) -> None:
        """A field that, where present, is one of the allowed values."""
        if thing.get(name) is not None and thing[name] not in tuple(allowed):
            self.add("must be a valid enum value", f"{at}/{name}")

    def items(self, thing: Json, name: str, at: str, most: int, least: int = 1) -> list[tuple[Any, str]]:
        """The items of a list field with their pointers, after checking how many they are."""
        value, where = thing.get(name), f"{at}/{name}"
        if value is None:
            return []
        if not isinstance(value, list):
            self.add("must provide an array", where)
            return []
        if len(value) > most:
            self.add(f"no more than {most} items allowed", where)
        if len(value) < least:
            self.add(f"no less than {least} items allowed", where)
        return [(item, f"{where}/{index}") for index, item in enumerate(value)]

    def objects(self, thing: Json, name: str, at: str, most: int, least: int = 1) -> list[tuple[Json, str]]:
        """Like `items`, keeping those that are objects and refusing the rest."""
        kept = []
        for item, where in self.items(thing, name, at, most, least):
            if isinstance(item, dict):
                kept.append((item, where))
            else:
                self.add("must provide an object", where)
        return kept

    def nested(self, thing: Json, name: str, at: str) -> tuple[Json, str] | None:
        """An object field with its pointer, or None when it is absent or no object."""
        value = thing.get(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.add("must provide an object", f"{at}/{name}")
            return None
        return value, f"{at}/{name}"

    def text(self, thing: Json, name: str, at: str, most: int, kinds: Iterable[str] = ANY_TEXT) -> None:
        """A text object field, where present, of an allowed kind and of 1 to `most` characters."""
        found = self.nested(thing, name, at)
        if found is not None:
            self.text_object(found[0], found[1], most, kinds)

    def text_object(self, value: Json, at: str, most: int, kinds: Iterable[str] = ANY_TEXT) -> None:
        """A text object: https://docs.slack.dev/reference/block-kit/composition-objects/text-object/."""
        kind = value.get("type")
        if kind not in tuple(kinds):
            self.add(f"unsupported type: {kind}", f"{at}/type")
            return
        self.fields(value, at, ("text",), ("emoji",) if kind == "plain_text" else ("verbatim",))
        self.string(value, "text", at, most)

    def number(self, thing: Json, name: str, at: str, low: float, high: float) -> None:
        """A number field, where present, from `low` to `high`."""
        value = thing.get(name)
        if value is None:
            return
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            self.add("must be a number", f"{at}/{name}")
        elif not low <= value <= high:
            self.add(f"must be between {low:g} and {high:g}", f"{at}/{name}")

    def whole_number(self, thing: Json, name: str, at: str, low: int, high: int) -> None:
        """A whole number field, where present, from `low` to `high`."""
        value = thing.get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            self.add("must be an integer", f"{at}/{name}")
        else:
            self.number(thing, name, at, low, high)

    def link(self, thing: Json, name: str, at: str, most: int = 3000) -> None:
        """A field that, where present, is a web address of at most so many characters."""
        self.string(thing, name, at, most)
        value = thing.get(name)
        if isinstance(value, str) and not value.startswith(("https://", "http://")):
            self.add("must be a valid URL", f"{at}/{name}")
