"""How often the word lists are wrong, measured on messages written for it; `docs/words.md` shows the same table."""

import json
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wordlists import LANGUAGES, is_chase, is_nod, is_thanks

HERE = Path(__file__).parent
MESSAGES, AFTER_DONE = (
    [json.loads(line) for line in (HERE / "data" / name).read_text(encoding="utf-8").splitlines()]
    for name in ("words.jsonl", "again.jsonl")
)
KINDS = ("chase", "thanks", "neither")

RECALL = {"chase": 0.5, "thanks": 0.8, "neither": 0.95}
PRECISION = {"chase": 0.9, "thanks": 0.85, "neither": 0.6}
"""Floors: a miss is a plain follow-up and does little harm, so missing is allowed more often than false alarms."""

FOUND, RIGHT, LEFT = 0.8, 0.75, 0.75
"""Floors for what is written after ✅: of those that are not settled, of those taken so, of those left alone."""


def kind(text: str, language: str) -> str:
    """As capture decides: asking for news weighs more than a thank-you."""
    return "chase" if is_chase(text, language) else "thanks" if is_thanks(text, language) else "neither"


def tally(language: str, half: str) -> Counter[tuple[str, str]]:
    """(what it is, what the lists say) → messages."""
    rows = [m for m in MESSAGES if m["language"] == language and m["half"] == half]
    return Counter((m["is"], kind(m["text"], language)) for m in rows)


def shares(found: Counter[tuple[str, str]], what: str) -> tuple[int, int, int]:
    """Right, meant, and said to be of one kind."""
    return found[what, what], sum(found[what, k] for k in KINDS), sum(found[k, what] for k in KINDS)


def table() -> list[str]:
    """The measured table as Markdown rows: per language, right of those meant and right of those said so."""
    lines = []
    for language, name in LANGUAGES.items():
        cells = []
        for what in ("chase", "thanks"):
            right, meant, said = shares(tally(language, "held out"), what)
            cells += [f"{right} of {meant}", f"{right} of {said}"]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


def reopens(text: str, language: str) -> bool:
    """Whether it reopens a request that was done: it neither thanks nor nods, or asks for news."""
    return is_chase(text, language) or not (is_thanks(text, language) or is_nod(text, language))


def after_done(language: str, half: str) -> Counter[tuple[bool, bool]]:
    """(Whether it is unsettled, whether the lists say so) → messages after ✅."""
    rows = [m for m in AFTER_DONE if m["language"] == language and m["half"] == half]
    return Counter((m["is"] == "again", reopens(m["text"], language)) for m in rows)


def table_after_done() -> list[str]:
    """The measured table as Markdown rows: found, right, and settled ones left alone."""
    lines = []
    for language, name in LANGUAGES.items():
        n = after_done(language, "held out")
        found, missed, false, left = n[True, True], n[True, False], n[False, True], n[False, False]
        lines.append(
            f"| {name} | {found} of {found + missed} | {found} of {found + false} | {left} of {left + false} |"
        )
    return lines


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_writes_again_is_told_from_who_thanks(language: str) -> None:
    """Of held-out messages after ✅ few complaints are missed, and few thanks and nods are taken for one."""
    n = after_done(language, "held out")
    assert n.total() >= 47
    assert n[True, True] >= FOUND * (n[True, True] + n[True, False])
    assert n[True, True] >= RIGHT * (n[True, True] + n[False, True])
    assert n[False, False] >= LEFT * (n[False, False] + n[False, True])


@pytest.mark.parametrize("language", LANGUAGES)
def test_known_messages_after_done_are_all_right(language: str) -> None:
    """The messages that the lists were written for are told apart without a mistake: sarcasm, questions, emoji."""
    assert [m["text"] for m in AFTER_DONE if m["language"] == language and m["half"] == "known" and wrong(m)] == []


def wrong(message: dict[str, str]) -> bool:
    """Whether the lists say the other thing."""
    return reopens(message["text"], message["language"]) != (message["is"] == "again")


def test_no_message_after_done_stands_twice() -> None:
    """What is held out was not there while the lists were written."""
    texts = Counter((m["language"], m["text"].casefold()) for m in AFTER_DONE)
    assert [text for text, times in texts.items() if times > 1] == []


@pytest.mark.parametrize("text", ["👍", "👍🏽", ":+1::skin-tone-3:", "🙏", ":pray:", "❤️", "ok 👍", ":tada: :tada:"])
def test_emoji_of_assent_say_nothing_new(text: str) -> None:
    """A thumb up or folded hands after ✅ reopen nothing, in whatever skin; a thumb down does."""
    assert not reopens(text, "en")
    assert reopens("👎", "en")


@pytest.mark.parametrize(
    "text",
    ["ok " * 600 + "x", "👍" * 1900 + "x", "all good " * 220, ":+1:" * 480 + "x", "-" * 2000, "perfect-" * 20 + "x"],
)
def test_long_assent_is_read_at_once(text: str) -> None:
    """No repetition makes the lists slow: what is too long to be a nod is none."""
    begun = time.perf_counter()
    for language in LANGUAGES:
        is_nod(text, language)
    assert time.perf_counter() - begun < 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_enough_messages(language: str) -> None:
    """Each language is measured on forty messages or more, half of them held out, of all three kinds."""
    for half, least in (("known", 20), ("held out", 20)):
        found = tally(language, half)
        assert found.total() >= least
        assert all(shares(found, what)[1] >= 5 for what in KINDS)


def test_no_message_stands_twice() -> None:
    """What is held out was not there while the lists were written."""
    texts = Counter((m["language"], m["text"].casefold()) for m in MESSAGES)
    assert [text for text, times in texts.items() if times > 1] == []


@pytest.mark.parametrize("what", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_recall_and_precision_keep_their_floors(language: str, what: str) -> None:
    """On held-out messages few are missed, and fewer are taken for what they are not."""
    right, meant, said = shares(tally(language, "held out"), what)
    assert right >= RECALL[what] * meant
    assert right >= PRECISION[what] * said


@pytest.mark.parametrize("language", LANGUAGES)
def test_known_messages_are_all_right(language: str) -> None:
    """The messages that the lists were written for are told apart without a mistake."""
    found = tally(language, "known")
    assert {pair: n for pair, n in found.items() if pair[0] != pair[1]} == {}


def test_the_page_shows_what_is_measured() -> None:
    """The table in docs/words.md is the one that this file measures."""
    page = (HERE.parent / "docs" / "words.md").read_text(encoding="utf-8")
    assert [line for line in [*table(), *table_after_done()] if line not in page] == []


@pytest.mark.parametrize("text", ["Muchas gracias", "Merci beaucoup", "Muito obrigada", "Dank je wel", "Danke"])
def test_a_language_is_understood_where_it_is_spoken(text: str) -> None:
    """Each language's thank-you counts for its teams, and English knows only its own."""
    assert sum(is_thanks(text, language) for language in LANGUAGES if language != "en") >= 1
    assert not is_thanks(text, "en")


@pytest.mark.parametrize(
    ("typed", "plain", "language"),
    [("¿Alguna actualización?", "alguna actualizacion", "es"), ("Rückmeldung?", "rueckmeldung?", "de")],
)
def test_accents_may_be_left_out(typed: str, plain: str, language: str) -> None:
    """People without the keys for accents are understood as well."""
    assert is_chase(typed, language)
    assert is_chase(plain, language)


@given(st.text(max_size=300), st.sampled_from([*LANGUAGES, "xx"]))
def test_any_text_has_one_kind(text: str, language: str) -> None:
    """No text breaks a list, and blanks around it change nothing."""
    assert kind(text, language) == kind(f" {text} ", language)
