"""The set-up form: six questions, and everything that has a default behind two buttons, one of them for emoji."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from bot.emoji import MEANINGS, OWN, Meaning, shown
from bot.errors import BadInputError
from bot.health.results import Alerting
from bot.messages import actions, inputs
from bot.messages.blocks import actions as row
from bot.messages.blocks import button, context, escape, message, plain_text, sections
from bot.messages.message import Block, Message
from bot.presets import PRESETS
from bot.watch import OtherApp
from bot.wishes import WISHES, Asked, Wish, Wishes

METADATA_LIMIT = 3000
LONGEST_EMOJI = 120
"""Characters for one meaning; all of them have to fit into what Slack carries."""
ALERTINGS = (
    (Alerting.EARLIER.value, "Earlier: in vain about once a year"),
    (Alerting.USUAL.value, "Usual: in vain every year and a half"),
    (Alerting.QUIETER.value, "Quieter: later, in vain every two years"),
)
"""How often each is in vain, on simulated teams (docs/backtest.md)."""

SIX = (
    "Six questions: the team, who answers, who leads, where load may be told, how long people may wait, and the past. "
    "When you save, a post in the channel says what will be kept and how to object; "
    "nothing is read before that."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupDraft(Wishes):
    """All that the form asks, as it stands; what `setup_view` fills in and `draft_of` reads back.

    Attributes:
        team_id: Storage's number of a team that is being changed, None for a new one.
        queue: Slack id of the channel where requests arrive.
        responders: Slack user ids.
        history_days: The form proposes the last 90 days; nothing is read unless it is saved so.
        alerting: How early to warn: `earlier`, `usual` or `quieter`.
        announced: The queue was told what is kept, and what is settled by that is asked no more.
        apps: Other apps that posted, or were decided about before; ten at most are shown.
        emoji: Key of a meaning → the emoji that the team chose for it; where it chose none, the usual ones hold.
    """

    team_id: int | None = None
    queue: str = ""
    responders: tuple[str, ...] = ()
    history_days: int = 90
    alerting: str = Alerting.USUAL.value
    announced: bool = False
    apps: tuple[OtherApp, ...] = ()
    emoji: OWN = field(default_factory=dict)


def setup_view(
    draft: SetupDraft,
    *,
    more: bool = False,
    emoji: bool = False,
    seen: Mapping[str, Sequence[tuple[str, int]]] | None = None,
    groups: Sequence[tuple[str, str]] = (),
    problem: str | None = None,
) -> Block:
    """The form as a modal view, filled in.

    Args:
        draft: What stands in it.
        more: Show also what has a default.
        emoji: Show what the team's emoji say, instead.
        seen: Key of a meaning → reactions seen in the channel that fit it, (name, times).
        groups: Slack user groups to offer, (id, name); none where they cannot be read.
        problem: One sentence to show on top (errors of single fields answer the submission).

    Raises:
        BadInputError: The draft's texts are too long for Slack to carry.
    """
    offered = list(groups)[: inputs.SELECT_LIMIT]
    rest = _emoji(draft.emoji, seen or {}) if emoji else _more(draft) if more else ()
    blocks = [*_first(draft, offered), _toggle(more, emoji), *rest]
    return {
        "type": "modal",
        "callback_id": actions.SETUP_VIEW,
        "private_metadata": _metadata(draft),
        "title": plain_text("Change the team" if draft.team_id else "Set up Headroom", 24),
        "submit": plain_text("Save", 24),
        "close": plain_text("Cancel", 24),
        "blocks": [*(sections(f"*{escape(problem, 500)}*") if problem else []), *blocks],
    }


def _first(draft: SetupDraft, groups: Sequence[tuple[str, str]]) -> Iterator[Block]:
    yield from sections(_settled(draft.history_days) if draft.announced else SIX)
    if not draft.queue:
        yield _queue(draft)
    for wish, asked in _asked(draft, first=True):
        if asked.kind != "group":
            yield _field(draft, wish, asked)
        elif groups:
            yield _field(draft, wish, replace(asked, options=tuple(groups)))
        if wish.key == "preset":
            yield _responders(draft, bool(groups))


def _more(draft: SetupDraft) -> Iterator[Block]:
    if draft.queue:
        yield _queue(draft)
    for wish, asked in _asked(draft, first=False):
        if wish.key == "other_apps" and draft.apps:
            yield _apps(draft.apps)
            yield _field(draft, wish, replace(asked, label="Posts by all other apps"))
        else:
            yield _field(draft, wish, asked)
    yield _alerting(draft)


def _asked(draft: SetupDraft, *, first: bool) -> Iterator[tuple[Wish, Asked]]:
    """What is asked on one of the two pages; not what the announcement has settled."""
    for wish in WISHES:
        if wish.asked and wish.asked.first is first and not (wish.settled and draft.announced):
            yield wish, wish.asked


def _field(draft: SetupDraft, wish: Wish, asked: Asked) -> Block:
    preset = next((p for p in PRESETS if p.key == draft.preset), PRESETS[0])
    return inputs.field(
        actions.of_wish(wish.key),
        asked.label,
        _ELEMENTS[asked.kind](asked, asked.show(getattr(draft, wish.key))),
        hint=asked.hint.format(preset=preset),
        optional=asked.optional,
    )


_ELEMENTS: Mapping[str, Callable[[Asked, Any], Block]] = {
    "text": lambda asked, shown: inputs.text(shown or "", asked.most),
    "number": lambda asked, shown: inputs.number(shown, asked.least, asked.most),
    "select": lambda asked, shown: inputs.select(asked.options, shown),
    "radio": lambda asked, shown: inputs.radio(asked.options, shown),
    "person": lambda asked, shown: inputs.user(shown),
    "channel": lambda asked, shown: inputs.channel(shown),
    "group": lambda asked, shown: inputs.select(asked.options, shown, none="No group"),
}


def _settled(history_days: int) -> str:
    """What was chosen of the past, once the queue was told."""
    past = f"the last {history_days} days are read as well" if history_days else "the past is not read"
    return (
        "Four questions: the team, who answers, who leads and where load may be told. "
        f"At set-up the channel was told that {past}; that stays."
    )


def _queue(draft: SetupDraft) -> Block:
    return inputs.field(
        actions.QUEUE,
        "Where do requests arrive?",
        inputs.channel(draft.queue or None),
        hint="A channel that Headroom has been invited to.",
    )


def _responders(draft: SetupDraft, or_a_group: bool) -> Block:
    return inputs.field(
        actions.RESPONDERS,
        "Who answers?",
        inputs.users(draft.responders),
        hint="Everybody else in the channel is taken for somebody who asks.",
        optional=or_a_group,
    )


def _apps(apps: Sequence[OtherApp]) -> Block:
    offered = apps[: inputs.BOXES_LIMIT]
    return inputs.field(
        actions.APPS,
        "Apps whose posts are requests, from now on",
        inputs.boxes([(app.bot, app.name) for app in offered], [app.bot for app in offered if app.request]),
        hint="These apps posted in the last 90 days.",
        optional=True,
    )


def _alerting(draft: SetupDraft) -> Block:
    return inputs.field(
        actions.ALERTING,
        "How early should the team be warned?",
        inputs.radio(ALERTINGS, draft.alerting),
        hint="“/headroom alerts” shows how often each would have warned this team. "
        "A team of one or two is warned by its requests and waits alone.",
    )


def _emoji(own: OWN, seen: Mapping[str, Sequence[tuple[str, int]]]) -> Iterator[Block]:
    yield from sections(
        "*What your emoji say.* Several for one meaning are fine, with spaces between: 👀, `:eyes:`, or one of your "
        "own such as `:done:`. They count by those who answer. A change holds from now on; what was counted stays."
    )
    for meaning in MEANINGS:
        yield inputs.field(
            actions.of_meaning(meaning.key),
            meaning.says,
            inputs.text(shown(own.get(meaning.key, meaning.usual)), LONGEST_EMOJI),
            hint=" ".join(_told(meaning, seen.get(meaning.key, ()))),
            optional=True,
        )


def _told(meaning: Meaning, seen: Sequence[tuple[str, int]]) -> Iterator[str]:
    if meaning.anybody:
        yield "Counts by anybody."
    yield f"Empty: {shown(meaning.usual)}."
    if seen:
        times = ", ".join(f":{name}: {n} time{'' if n == 1 else 's'}" for name, n in seen)
        yield f"Seen here: {times} – add {'it' if len(seen) == 1 else 'them'}?"


def _toggle(more: bool, emoji: bool) -> Block:
    longer = ("Show less", "less") if more else ("More: hours, time zone, holidays …", "more")
    signs = ("Hide emoji", "less") if emoji else ("Emoji", "emoji")
    return row([button(longer[0], actions.SETUP_MORE, longer[1]), button(signs[0], actions.SETUP_EMOJI, signs[1])])


_CARRIED = {each.name for each in fields(SetupDraft)} - {"responders"}
"""Responders are always visible, and too many to carry."""


def _metadata(draft: SetupDraft) -> str:
    """The draft, as Slack hands it back with the view."""
    kept = {key: value for key, value in asdict(draft).items() if key in _CARRIED}
    packed = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
    if len(packed) > METADATA_LIMIT:
        longest = max((wish.key for wish in WISHES), key=lambda key: len(str(kept[key])))
        raise BadInputError(longest, kept[longest], "write it shorter")
    return packed


def draft_of(private_metadata: str) -> SetupDraft:
    """The draft that a view carries; what is visible in the form must be read from its state on top.

    Responders are always visible and so always empty here.

    Raises:
        BadInputError: It is not what `setup_view` writes today: a form that was open while Headroom changed.
    """
    try:
        said = json.loads(private_metadata)
        if set(said) == _CARRIED:
            apps = tuple(OtherApp(**app) for app in said["apps"])
            emoji = {key: tuple(names) for key, names in said["emoji"].items()}
            return SetupDraft(**{**said, "apps": apps, "emoji": emoji})
    except (ValueError, TypeError, AttributeError):
        pass
    raise BadInputError("the form", private_metadata, "open it again with /headroom setup")


def saved(team: str, *, queue: str, history_days: int, changed: bool = False) -> Message:
    """What the lead is told after saving.

    Args:
        team: The team's name.
        queue: Slack id of the queue.
        history_days: Days of the past that will be read.
        changed: An existing team was changed.
    """
    where = f"<#{escape(queue)}>"
    if changed:
        said = f"*{escape(team)} is changed.* The figures follow at the next check; the past stays as it was."
    else:
        past = f"Then the last {history_days} days are read. " if history_days else ""
        said = (
            f"*{escape(team)} is set up.* A post in {where} says what is kept and how to object. "
            f"{past}A first report comes to the team."
        )
    more = (
        "`/headroom setup` changes all of it at any time; `/headroom check` shows the lead what is taken for requests."
    )
    return message([*sections(said), *context(more)])
