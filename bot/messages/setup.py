"""The set-up form: five questions, and everything that has a default behind one button."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace

from bot.errors import BadInputError
from bot.health.drift import Alerting
from bot.messages import actions, inputs
from bot.messages.blocks import NAME_LIMIT, button, context, escape, message, plain_text, sections
from bot.messages.blocks import actions as row
from bot.messages.message import Block, Message
from bot.presets import PRESETS
from bot.watch import OtherApp
from bot.wordlists import LANGUAGES

METADATA_LIMIT = 3000
MOST_UNSEEN = 90  # percent: some of the time must be left to see
SPOKEN = tuple((code, name if code == "en" else f"{name}, and English") for code, name in LANGUAGES.items())
HISTORY = (("90", "Yes, the last 90 days"), ("0", "No, start from now"))
ALERTINGS = (
    (Alerting.EARLIER.value, "Earlier: in vain about once a year"),
    (Alerting.USUAL.value, "Usual: in vain every one to two years"),
    (Alerting.QUIETER.value, "Quieter: later, in vain every two to three years"),
)
"""How often each is in vain, on simulated teams (docs/backtest.md)."""

OTHER_APPS = (("ignore", "Leave them out"), ("request", "Count them as requests"))

FIVE = (
    "Five questions: the team, who answers, who leads, where load may be told, and the past. "
    "When you save, a post in the channel says what will be kept and how to object; "
    "nothing is read before that."
)


@dataclass(frozen=True, slots=True)
class SetupDraft:
    """All that the form asks, as it stands; what `setup_view` fills in and `draft_of` reads back.

    Attributes:
        team_id: Storage's number of a team that is being changed, None for a new one.
        queue: Slack id of the channel where requests arrive.
        name: The team's name.
        preset: Key of the kind of work.
        responders: Slack user ids.
        lead: Slack user id.
        team_channel: Slack id of the channel where load may be told.
        user_group: Slack id of the user group that the roster follows.
        tz: IANA time zone.
        hours: Working hours, as typed.
        country: ISO code of the public holidays that are kept.
        share: Share of working time for this queue, 0–1.
        unseen: Share of that time for work that cannot be seen here, below 1.
        hands_on_minutes: Stated hands-on time of a request; None for the preset's.
        usually_away: Person-days away in a usual week.
        other_apps: `ignore` or `request`, for apps that `apps` does not name.
        language: Of the word lists, a key of `bot.wordlists.LANGUAGES`.
        alerting: How early to warn: `earlier`, `usual` or `quieter`.
        history_days: Days of the past to read, 0 for none.
        announced: The queue was told so, and it stays: the form does not ask for it any more.
        apps: Other apps that posted, or were decided about before; ten at most are shown.
    """

    team_id: int | None = None
    queue: str = ""
    name: str = ""
    preset: str = "support"
    responders: tuple[str, ...] = ()
    lead: str = ""
    team_channel: str | None = None
    user_group: str | None = None
    tz: str = "UTC"
    hours: str = "Mon-Fri 09:00-17:00"
    country: str | None = None
    share: float = 1.0
    unseen: float = 0.0
    hands_on_minutes: float | None = None
    usually_away: float = 0.0
    other_apps: str = "ignore"
    language: str = "en"
    alerting: str = Alerting.USUAL.value
    history_days: int = 90
    announced: bool = False
    apps: tuple[OtherApp, ...] = ()


def setup_view(
    draft: SetupDraft,
    *,
    more: bool = False,
    groups: Sequence[tuple[str, str]] = (),
    problem: str | None = None,
) -> Block:
    """The form as a modal view, filled in.

    Args:
        draft: What stands in it.
        more: Show also what has a default.
        groups: Slack user groups to offer, (id, name); none where they cannot be read.
        problem: One sentence to show on top (errors of single fields answer the submission).

    Raises:
        BadInputError: The draft's texts are too long for Slack to carry.
    """
    shown = [*_first(draft, groups), _toggle(more), *(_more(draft) if more else [])]
    return {
        "type": "modal",
        "callback_id": actions.SETUP_VIEW,
        "private_metadata": _metadata(draft),
        "title": plain_text("Change the team" if draft.team_id else "Set up Headroom", 24),
        "submit": plain_text("Save", 24),
        "close": plain_text("Cancel", 24),
        "blocks": [*(sections(f"*{escape(problem, 500)}*") if problem else []), *shown],
    }


def _first(draft: SetupDraft, groups: Sequence[tuple[str, str]]) -> list[Block]:
    past = str(90 if draft.history_days else 0)
    offered = list(groups)[: inputs.SELECT_LIMIT]
    made = [
        None if draft.queue else _queue(draft),
        inputs.field(actions.NAME, "What is the team called?", inputs.text(draft.name, NAME_LIMIT)),
        inputs.field(
            actions.PRESET,
            "What kind of work is it?",
            inputs.select([(p.key, p.label) for p in PRESETS], draft.preset),
        ),
        inputs.field(
            actions.RESPONDERS,
            "Who answers?",
            inputs.users(draft.responders),
            hint="Everybody else in the channel is taken for somebody who asks.",
            optional=bool(offered),
        ),
        inputs.field(
            actions.USER_GROUP,
            "… or which user group answers?",
            inputs.select(offered, draft.user_group, none="No group"),
            hint="Its members are taken when you save.",
            optional=True,
        )
        if offered
        else None,
        inputs.field(actions.LEAD, "Who leads the team?", inputs.user(draft.lead or None)),
        inputs.field(
            actions.TEAM_CHANNEL,
            "Where may the team's load be told?",
            inputs.channel(draft.team_channel),
            hint="A channel that holds only those who answer, and the lead. "
            "Without one, load is sent to each of them directly.",
            optional=True,
        ),
        None
        if draft.announced
        else inputs.field(actions.HISTORY, "Read the past as well?", inputs.radio(HISTORY, past)),
    ]
    return [*sections(_settled(draft.history_days) if draft.announced else FIVE), *(field for field in made if field)]


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


def _toggle(more: bool) -> Block:
    label = "Show less" if more else "More: hours, time zone, holidays …"
    return row([button(label, actions.SETUP_MORE, "less" if more else "more")])


def _more(draft: SetupDraft) -> list[Block]:
    usual = next((p.hands_on_minutes for p in PRESETS if p.key == draft.preset), PRESETS[0].hands_on_minutes)
    made = [
        _queue(draft) if draft.queue else None,
        inputs.field(
            actions.HOURS,
            "Working hours",
            inputs.text(draft.hours, 200),
            hint="For example Mon-Thu 09:00-17:00, Fri 09:00-14:00",
        ),
        inputs.field(
            actions.TZ,
            "Time zone",
            inputs.text(draft.tz, 60),
            hint="For example Europe/Berlin or America/New_York",
        ),
        inputs.field(
            actions.COUNTRY,
            "Public holidays of",
            inputs.text(draft.country or "", 10),
            hint="A country code such as DE or US. Empty: no holidays are kept.",
            optional=True,
        ),
        inputs.field(
            actions.SHARE_OF_TIME,
            "Share of working time for this channel, in percent",
            inputs.number(draft.share * 100, 1, 100),
            hint="The rest goes to other work that can't be seen here.",
        ),
        inputs.field(
            actions.UNSEEN,
            "Of that time, other work in percent",
            inputs.number(round(draft.unseen * 100, 1) or None, 0, MOST_UNSEEN),
            hint="Meetings and direct messages, which can't be seen here. Empty: none is counted.",
            optional=True,
        ),
        inputs.field(
            actions.HANDS_ON,
            "Hands-on minutes for one request",
            inputs.number(draft.hands_on_minutes, 1, 10_000),
            hint=f"A rough idea is enough. Empty: {usual:g} minutes, usual for this kind of work.",
            optional=True,
        ),
        inputs.field(
            actions.USUALLY_AWAY,
            "Person-days away in a usual week",
            inputs.number(draft.usually_away, 0, 500),
            hint="Holidays, illness and training of the whole team together.",
        ),
        inputs.field(
            actions.APPS,
            "Apps whose posts are requests, from now on",
            inputs.boxes([(app.bot, app.name) for app in apps], [app.bot for app in apps if app.request]),
            hint="These apps posted in the last 90 days.",
            optional=True,
        )
        if (apps := draft.apps[: inputs.BOXES_LIMIT])
        else None,
        inputs.field(
            actions.OTHER_APPS,
            "Posts by all other apps" if draft.apps else "Posts by other apps",
            inputs.radio(OTHER_APPS, draft.other_apps),
            hint="Workflow forms and e-mail always count as requests.",
        ),
        inputs.field(actions.LANGUAGE, "Language people write in", inputs.select(SPOKEN, draft.language)),
        inputs.field(
            actions.ALERTING,
            "How early should the team be warned?",
            inputs.radio(ALERTINGS, draft.alerting),
            hint="“/headroom alerts” shows how often each would have warned this team. "
            "A team of one or two is warned by its requests and waits alone.",
        ),
    ]
    return [field for field in made if field]


def _metadata(draft: SetupDraft) -> str:
    """The draft without its responders (always visible, and many), as Slack hands it back with the view."""
    kept = {k: v for k, v in asdict(draft).items() if k != "responders"}
    packed = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
    if len(packed) > METADATA_LIMIT:
        longest = max(("name", "hours", "tz"), key=lambda k: len(str(kept[k])))
        raise BadInputError(longest, kept[longest], "write it shorter")
    return packed


def draft_of(private_metadata: str) -> SetupDraft:
    """The draft that a view carries; what is visible in the form must be read from its state on top.

    Responders are always visible and so always empty here.

    Raises:
        BadInputError: It is not what `setup_view` wrote.
    """
    names = {f.name for f in fields(SetupDraft)} - {"responders"}
    try:
        said = {k: v for k, v in json.loads(private_metadata).items() if k in names}
        said["apps"] = tuple(OtherApp(**app) for app in said.get("apps", ()))
        return replace(SetupDraft(), **said)
    except (ValueError, TypeError, AttributeError):
        raise BadInputError("the form", private_metadata, "open it again with /headroom setup") from None


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
