"""A team's emoji: what can be typed, what it comes to mean, and what is proposed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.emoji import (
    DEFAULT_EMOJI,
    MEANINGS,
    completed,
    doubles,
    meant,
    names,
    of_kind,
    own,
    proposed,
    said,
    shown,
    unusual,
)
from bot.errors import BadInputError
from bot.signal import Kind


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("👀", "eyes"),
        (":eyes:", "eyes"),
        ("eyes", "eyes"),
        ("Eyes", "eyes"),
        ("✔️", "heavy_check_mark"),
        ("✔", "heavy_check_mark"),
        ("☑️ ✅", "ballot_box_with_check white_check_mark"),
        (":done:", "done"),
        (":Done:", "done"),
        (":zurück-1:", "zurück-1"),
        ("👍🏽", "+1"),
        (":+1::skin-tone-3:", "+1"),
        (":+1::skin-tone-3: :+1:", "+1"),
        (":thumbsup: 👍", "+1"),
        ("👀✅", "eyes white_check_mark"),
        ("👀:done:✔️", "eyes done heavy_check_mark"),
        (":eyes::done:", "eyes done"),
        ("  eyes,  :done: ,✅ ", "eyes done white_check_mark"),
        (":eyes: 👀 eyes", "eyes"),
        ("", ""),
        (" \n ", ""),
    ],
)
def test_emoji_are_read_as_people_type_them(typed: str, read: str) -> None:
    """Pictures, names with and without colons, custom ones, any skin tone, apart or together; each once."""
    assert names(typed) == tuple(read.split())


@pytest.mark.parametrize(
    "typed", ["done", "tick", "Yes!", ":", "::", ":eyes", "🦄", "👀x", ":a b:", "⚪️", "<@U1>", ":a/b:"]
)
def test_anything_else_is_refused_in_one_sentence(typed: str) -> None:
    """What is no emoji, or one that we know by name alone, is refused with how to write it."""
    with pytest.raises(
        BadInputError, match=r"^emoji is .*: write it as :eyes:, with the name that Slack shows for it$"
    ):
        names(typed)


def test_ten_of_a_meaning_are_enough() -> None:
    """The eleventh is refused."""
    assert len(names("".join(f":e{n}:" for n in range(10)))) == 10
    with pytest.raises(BadInputError, match="at most 10"):
        names("".join(f":e{n}:" for n in range(11)))


NAMES = st.sampled_from([*DEFAULT_EMOJI, "done", "+1", "wip", "fire"])
CHOSEN = st.dictionaries(
    st.sampled_from([m.key for m in MEANINGS]), st.lists(NAMES, unique=True, max_size=4).map(tuple)
)


@given(st.text(alphabet=st.sampled_from(":eyes👀✔️🏽, done"), max_size=30) | st.text())
def test_whatever_is_typed_is_names_or_a_sentence(typed: str) -> None:
    """No text does anything else, and names shown are read as the same names."""
    try:
        found = names(typed)
    except BadInputError:
        return
    assert names(shown(found)) == found


@given(CHOSEN)
def test_a_team_s_choice_is_its_own_again(chosen: dict[str, tuple[str, ...]]) -> None:
    """Where no emoji has two meanings, what a team chose comes back from what each reaction means to it."""
    mine = unusual(chosen)
    means = meant(mine)
    if doubles(mine):
        assert len(means) < sum(len(mine.get(m.key, m.usual)) for m in MEANINGS)
        return
    assert {key: set(chosen) for key, chosen in own(means).items()} == {key: set(names) for key, names in mine.items()}
    assert completed(means) == means
    assert {of_kind(means, m.kind) for m in MEANINGS if m.key not in mine} == {
        m.usual for m in MEANINGS if m.key not in mine
    }


def test_the_table_itself_is_one_that_a_team_could_choose() -> None:
    """No usual name has two meanings, each fits its own, none fits another, and all can be read."""
    assert doubles({}) == {}
    assert len({m.kind for m in MEANINGS}) == len({m.key for m in MEANINGS}) == len(MEANINGS)
    for meaning in MEANINGS:
        assert set(meaning.usual) <= meaning.alike
        assert names(shown(meaning.usual)) == meaning.usual
        assert not [m for m in MEANINGS if m is not meaning and m.alike & meaning.alike]


def test_a_meaning_that_a_team_knows_nothing_of_has_its_usual_emoji() -> None:
    """What was stored before a meaning came holds on, and never loses an emoji to it."""
    stored = {"tada": Kind.DONE, "ticket": Kind.CLAIM}
    means = completed(stored)
    assert (of_kind(means, Kind.DONE), of_kind(means, Kind.CLAIM)) == (("tada",), ("ticket",))
    assert of_kind(means, Kind.REOPEN) == ("repeat",)
    assert of_kind(means, Kind.PROMOTE) == ()


def test_what_was_seen_is_proposed_where_it_fits_and_has_no_meaning() -> None:
    """The most frequent first, three a meaning; nothing that has a meaning already, nothing that fits none."""
    seen = {"heavy_check_mark": 31, "Done": 4, "green-check": 9, "solved": 1, "eye": 2, "eyes": 90, "joy": 400, "x": 3}
    found = proposed(seen, completed({"white_check_mark": Kind.DONE}))
    assert found == {"claim": (("eye", 2),), "done": (("heavy_check_mark", 31), ("green-check", 9), ("Done", 4))}
    assert "heavy_check_mark" not in dict(proposed(seen, DEFAULT_EMOJI)["done"])


def test_messages_name_the_team_s_emoji() -> None:
    """The first of a meaning, the usual before others; or all of them."""
    means = completed({"done": Kind.DONE, "white_check_mark": Kind.DONE})
    assert said(means, Kind.DONE) == ":white_check_mark:"
    assert said(means, Kind.DONE, 10) == ":white_check_mark: or :done:"
