"""The pieces: text is made safe and cut to size without losing what people may read."""

from hypothesis import given
from hypothesis import strategies as st

from bot.messages.blocks import chunks, clean, code, context, escape, message, sections
from bot.messages.readable import readable


def test_escaping() -> None:
    """The three characters that Slack reads as markup are escaped, and marks that turn text are gone."""
    assert escape("<!channel> & co") == "&lt;!channel&gt; &amp; co"
    assert escape("a\u202eb\u200fc\x00d\ne") == "a b c d e"
    assert escape("👩‍💻 desk") == "👩‍💻 desk"
    assert code("a`b") == "`a b`"


@given(st.text(), st.integers(1, 50))
def test_escaped_text_is_short_and_whole(text: str, limit: int) -> None:
    """The limit holds before escaping, so no entity is cut; reading it back gives the cleaned text."""
    made = escape(text, limit)
    assert "<" not in made
    assert ">" not in made
    back = made.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert len(back) <= limit
    assert back == clean(text, limit)


@given(st.text(max_size=300), st.integers(1, 40))
def test_chunks_keep_every_character(text: str, limit: int) -> None:
    """Pieces are short enough, and nothing but blanks at their edges is lost."""
    pieces = chunks(text, limit)
    assert all(0 < len(piece) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_long_text_becomes_several_sections() -> None:
    """More than Slack takes in a section goes on in the next one; nothing makes none."""
    assert [len(s["text"]["text"]) for s in sections("x " * 4000)] == [2999, 2999, 2000]
    assert sections("", "") == []
    assert context("", "") == []
    assert [len(b["elements"]) for b in context(*["line"] * 23)] == [10, 10, 3]


def test_a_message_of_nothing_still_has_text() -> None:
    """Slack refuses a message without text, so there is always one."""
    assert message([]).text == "Headroom"


def test_readable_takes_slack_s_marks_apart() -> None:
    """Mentions, links, dates, bold and escapes read as plain words."""
    said = "*Hi* <@U1|ann> in <#C1|desk> <#C2>: <https://x.example|here> <!date^1^{date}|today> "
    said += "`a` &lt;b&gt; &amp;"
    assert readable(sections(said)) == "Hi ann in desk #C2: here (https://x.example) today a <b> &"
    assert readable([{"type": "never seen"}, {"type": "divider"}]) == "-" * 40
