"""What a team's emoji mean: one table, of which capture, the set-up form and messages are made.

A reaction is known by Slack's name for it, without colons and skin tone: `white_check_mark`, or `done` for one that
the workspace made itself. A team may name several for a meaning; for a meaning it named none, the usual ones hold.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.errors import BadInputError
from bot.signal import Kind

MOST = 10
"""Emoji a meaning."""

OWN = dict[str, tuple[str, ...]]
"""Key of a meaning → the names that a team chose for it; a meaning that is not in it has the usual ones."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a reaction can say.

    Attributes:
        kind: The fact that it becomes.
        key: Its name in the form.
        says: What it says, as people would.
        usual: The names that say it where a team chose nothing else.
        alike: Names that are proposed for it where they are seen, written with `_`.
        anybody: Whether everybody's counts, or only that of those who answer.
    """

    kind: Kind
    key: str
    says: str
    usual: tuple[str, ...]
    alike: frozenset[str]
    anybody: bool = False


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


MEANINGS: tuple[Meaning, ...] = (
    Meaning(
        Kind.CLAIM,
        "claim",
        "I take this request",
        ("eyes",),
        _words(
            "eye eyes looking looking_into_it mag mag_right hand raising_hand man_raising_hand woman_raising_hand "
            "hourglass hourglass_flowing_sand wip in_progress on_it mine taken claimed working working_on_it"
        ),
    ),
    Meaning(
        Kind.DONE,
        "done",
        "It is finished",
        ("white_check_mark", "heavy_check_mark"),
        _words(
            "white_check_mark heavy_check_mark ballot_box_with_check check checked check_mark checkmark green_check "
            "green_tick tick done solved resolved fixed finished complete completed closed"
        ),
    ),
    Meaning(
        Kind.REOPEN,
        "reopen",
        "It is open again",
        ("repeat",),
        _words("repeat arrows_counterclockwise leftwards_arrow_with_hook recycle again reopen reopened not_done"),
        anybody=True,
    ),
    Meaning(
        Kind.ESCALATE,
        "escalate",
        "It is escalated",
        ("rotating_light",),
        _words("rotating_light sos fire bangbang exclamation siren alert urgent escalate escalated escalation"),
        anybody=True,
    ),
    Meaning(
        Kind.PROMOTE,
        "promote",
        "This is a request, whoever wrote it",
        ("ticket",),
        _words("ticket admission_tickets request a_request make_ticket inbox_tray"),
    ),
    Meaning(
        Kind.DISMISS,
        "dismiss",
        "This is no request",
        ("no_bell",),
        _words("no_bell mute fyi no_request not_a_request no_ticket ignore"),
    ),
)
"""In the order in which the form asks. No two have a usual name in common."""

DEFAULT_EMOJI: Mapping[str, Kind] = {name: meaning.kind for meaning in MEANINGS for name in meaning.usual}
"""What a reaction means where the team chose nothing else."""

_SIGNS = """
👀 eyes 👁 eye 🔍 mag 🔎 mag_right ✋ hand 🙋 raising_hand ⌛ hourglass ⏳ hourglass_flowing_sand 🙌 raised_hands
✅ white_check_mark ✔ heavy_check_mark ☑ ballot_box_with_check 👍 +1 👎 -1 👌 ok_hand 🎉 tada 💯 100 🏁 checkered_flag
🔁 repeat 🔄 arrows_counterclockwise ↩ leftwards_arrow_with_hook ♻ recycle 🔂 repeat_one 🔴 red_circle ⚡ zap
🚨 rotating_light 🆘 sos 🔥 fire ‼ bangbang ❗ exclamation ⚠ warning 🚩 triangular_flag_on_post
🎫 ticket 🎟 admission_tickets 📥 inbox_tray 📌 pushpin 📝 memo 🏷 label 🙏 pray
🔕 no_bell 🔇 mute 🚫 no_entry_sign ⛔ no_entry ❌ x ❎ negative_squared_cross_mark ✖ heavy_multiplication_x
💬 speech_balloon ℹ information_source 🟢 large_green_circle 🟡 large_yellow_circle 🔵 large_blue_circle
❤ heart 💚 green_heart ⭐ star 🚀 rocket 🔒 lock 🔧 wrench 🛠 hammer_and_wrench 📦 package 💡 bulb 👋 wave 👏 clap
"""
"""The ones that desks use, by Slack's names (https://github.com/iamcal/emoji-data); others are written by name."""

_PICTURES = dict(zip(_SIGNS.split()[::2], _SIGNS.split()[1::2], strict=True))

_ALIASES = {"thumbsup": "+1", "thumbsdown": "-1", "raised_hand": "hand", "heavy_exclamation_mark": "exclamation"}
"""Names that people may type, and the one that Slack's events say."""

_BARE = {*_PICTURES.values(), *_ALIASES, *(name for m in MEANINGS for name in m.usual)}
_TOKEN = re.compile(r":[^\s:,]+:|[^\s:,]+|:")
_NAME = re.compile(r"[\w+'-]{1,100}")
_PLAIN = re.compile("[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")
"""Variation selectors and skin tones: the same emoji with or without."""


def names(typed: str) -> tuple[str, ...]:
    """The emoji that somebody typed: 👀, `:eyes:`, `eyes` or a custom `:done:`, apart or together; each once.

    Raises:
        BadInputError: Something in it is no emoji, or there are more than `MOST`.
    """
    found = tuple(dict.fromkeys(name for token in _TOKEN.findall(typed) for name in _read(token)))
    if len(found) > MOST:
        raise BadInputError("emoji", f"{len(found)} of them", f"name at most {MOST}")
    return found


def _read(token: str) -> tuple[str, ...]:
    if len(token) > 2 and token[0] == token[-1] == ":":
        name = token[1:-1].lower()
        if name.startswith("skin-tone-"):
            return ()
        if _NAME.fullmatch(name):
            return (_ALIASES.get(name, name),)
    elif token.lower() in _BARE:
        return (_ALIASES.get(token.lower(), token.lower()),)
    else:
        pictures = [_PICTURES.get(sign) for sign in _PLAIN.sub("", token)]
        if pictures and None not in pictures:
            return tuple(filter(None, pictures))
    raise BadInputError("emoji", token, "write it as :eyes:, with the name that Slack shows for it")


def shown(chosen: tuple[str, ...]) -> str:
    """Names as a person would type them."""
    return " ".join(f":{name}:" for name in chosen)


def plain(name: str) -> str:
    """The name of a reaction without colons and skin tone."""
    return name.strip(":").split("::")[0]


def completed(chosen: Mapping[str, Kind]) -> dict[str, Kind]:
    """What each reaction means to a team: what it chose, and the usual ones of meanings for which it chose none."""
    named = set(chosen.values())
    return {**{name: kind for name, kind in DEFAULT_EMOJI.items() if kind not in named}, **chosen}


def own(emoji: Mapping[str, Kind]) -> OWN:
    """Of what each reaction means to a team, what differs from the usual."""
    return unusual({m.key: of_kind(emoji, m.kind) for m in MEANINGS})


def unusual(chosen: Mapping[str, tuple[str, ...]]) -> OWN:
    """Meanings for which something else than the usual is chosen; nothing chosen is the usual."""
    usual = {m.key: m.usual for m in MEANINGS}
    return {key: said for key, said in chosen.items() if said and set(said) != set(usual[key])}


def meant(own: Mapping[str, tuple[str, ...]]) -> dict[str, Kind]:
    """What each reaction means, told by what differs from the usual; the inverse of `own`."""
    return {name: m.kind for m in MEANINGS for name in own.get(m.key, m.usual)}


def of_kind(emoji: Mapping[str, Kind], kind: Kind) -> tuple[str, ...]:
    """The names that have a meaning, the usual ones first."""
    usual = list(DEFAULT_EMOJI)
    order = {name: usual.index(name) if name in usual else len(usual) for name in emoji}
    return tuple(sorted((name for name in emoji if emoji[name] is kind), key=lambda name: (order[name], name)))


def said(emoji: Mapping[str, Kind], kind: Kind, most: int = 1) -> str:
    """How messages name the emoji of a meaning: the first, or the first so many."""
    return " or ".join(f":{name}:" for name in of_kind(emoji, kind)[:most])


def doubles(own: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Meanings whose emoji has another meaning already, and the sentence that says so; never one left as usual."""
    means: dict[str, Meaning] = {}
    wrong: dict[str, str] = {}
    for meaning in sorted(MEANINGS, key=lambda m: m.key in own):
        for name in own.get(meaning.key, meaning.usual):
            other = means.setdefault(name, meaning)
            if other is not meaning:
                wrong.setdefault(meaning.key, f":{name}: stands for “{other.says}” already: an emoji has one meaning.")
    return wrong


def proposed(
    seen: Mapping[str, int], emoji: Mapping[str, Kind], most: int = 3
) -> dict[str, tuple[tuple[str, int], ...]]:
    """Of the reactions seen, (name, times), those that fit a meaning and have none yet; the most frequent first.

    Args:
        seen: Name → how often.
        emoji: What each reaction means to the team.
        most: How many a meaning at most.
    """
    found: dict[str, tuple[tuple[str, int], ...]] = {}
    for meaning in MEANINGS:
        fits = [(n, k) for n, k in seen.items() if n not in emoji and n.lower().replace("-", "_") in meaning.alike]
        if fits:
            found[meaning.key] = tuple(sorted(fits, key=lambda pair: (-pair[1], pair[0]))[:most])
    return found
