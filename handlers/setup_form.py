"""The set-up form: what was typed in it, what is wrong with that, and the team it makes. Plain functions."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache, partial
from importlib import resources
from typing import Any

from bot.emoji import MEANINGS, doubles, meant, names, own, unusual
from bot.errors import BadInputError
from bot.health.results import Alerting, Tier
from bot.health.seen.worktime import CHECKS, public_holidays, time_zone
from bot.jobs.membership import UNNAMED
from bot.jobs.roster import MOST_RESPONDERS
from bot.messages import actions
from bot.messages.blocks import clean
from bot.messages.setup import ALERTINGS, SetupDraft
from bot.messages.words import CLOSED_TEAM_WHY, SMALL_TEAM_WHY
from bot.readers import Reader, line, named, one_of
from bot.slack import Channel, Profile
from bot.watch import OtherApp
from bot.wishes import LONGEST_NAME, WISHES, wished
from storage.teams import TeamDraft, TeamRecord

LONGEST_APP = 40
MOST_APPS = 10

Values = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""A view's `state.values`: block id → action id → element state."""


def read(draft: SetupDraft, values: Values) -> tuple[SetupDraft, dict[str, str]]:
    """Put what the visible fields hold over a draft.

    Returns:
        The draft, and by field what could not be read (there the draft keeps its value).
    """
    wrong: dict[str, str] = {}
    if actions.APPS in values:
        asking = typed(values[actions.APPS][actions.APPS]) or ()
        draft = replace(draft, apps=tuple(replace(app, request=app.bot in asking) for app in draft.apps))
    for field, key in EMOJI_FIELDS.items():
        if field in values:
            try:
                draft = replace(draft, emoji=unusual({**draft.emoji, key: names(typed(values[field][field]) or "")}))
            except BadInputError as error:
                wrong[field] = str(error)
    for field, (name, understand) in FIELDS.items():
        if field in values:
            try:
                draft = replace(draft, **{name: understand(typed(values[field][field]))})
            except BadInputError as error:
                wrong[field] = str(error)
    return draft, wrong


def typed(state: Mapping[str, Any]) -> Any:
    """The plain value of one element's state, whatever its type; None when it is empty."""
    if "selected_options" in state:
        return tuple(option["value"] for option in state["selected_options"] or ())
    if "selected_option" in state:
        return (state["selected_option"] or {}).get("value")
    for key in (
        *("value", "selected_user", "selected_users", "selected_conversation", "selected_channel"),
        "selected_date",
    ):
        if key in state:
            return state[key]
    return None


def _people(value: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value or ()))


FIELDS: dict[str, tuple[str, Reader]] = {
    actions.QUEUE: ("queue", line),
    actions.RESPONDERS: ("responders", _people),
    **{actions.of_wish(w.key): (w.key, partial(named, w.asked.called, w.asked.read)) for w in WISHES if w.asked},
    actions.ALERTING: ("alerting", partial(named, "choice", one_of(ALERTINGS))),
}
"""Field of the form → the draft's attribute, and how what was typed becomes its value."""

EMOJI_FIELDS = {actions.of_meaning(meaning.key): meaning.key for meaning in MEANINGS}
"""Field of the form → the meaning whose emoji it asks for."""


def mistakes(draft: SetupDraft) -> dict[str, str]:
    """What is wrong with a draft by itself, by field; Slack and the store are asked elsewhere."""
    wrong = {actions.of_meaning(key): sentence for key, sentence in doubles(draft.emoji).items()}
    if not draft.queue:
        wrong[actions.QUEUE] = "Choose the channel where requests arrive."
    if len(draft.name) > LONGEST_NAME:
        wrong[actions.NAME] = f"The name has {len(draft.name)} characters: write at most {LONGEST_NAME}."
    if not draft.responders and draft.user_group is None:
        wrong[actions.RESPONDERS] = "Choose at least one person who answers."
    if len(draft.responders) > MOST_RESPONDERS:
        wrong[actions.RESPONDERS] = too_many(len(draft.responders))
    if draft.team_channel and draft.team_channel == draft.queue:
        wrong[actions.TEAM_CHANNEL] = (
            "This is the channel where requests arrive: choose another one, or leave it empty."
        )
    for wish in WISHES:
        if wish.asked and wish.asked.needed and not getattr(draft, wish.key):
            wrong[actions.of_wish(wish.key)] = wish.asked.needed
    for key, check in CHECKS.items():
        try:
            check(getattr(draft, key))
        except BadInputError as error:
            wrong[actions.of_wish(key)] = str(error)
    return wrong


def too_many(people: int) -> str:
    """The sentence for a roster above the limit."""
    return f"{people} people answer: choose at most {MOST_RESPONDERS}."


def of_record(record: TeamRecord, channel: str, now: float, alerting: Alerting = Alerting.USUAL) -> SetupDraft:
    """The form filled with what is stored of a team.

    Args:
        record: The team.
        channel: Where the form was asked for: shown when it is one of the team's queues.
        now: Unix seconds; the roster is that of today in team time.
        alerting: How early it is warned.
    """
    today = datetime.fromtimestamp(now, time_zone(record.tz)).date()
    here = [q.channel for q in record.queues if q.gone is None] or [
        q.channel for q in record.queues if q.gone != UNNAMED
    ]
    return SetupDraft(
        **wished(record),
        team_id=record.id,
        queue=channel if channel in here else next(iter(here), ""),
        responders=tuple(sorted(record.responders_on(today))),
        alerting=alerting.value,
        announced=record.announced is not None,
        apps=record.apps,
        emoji=own(record.emoji),
    )


def to_team(
    draft: SetupDraft,
    workspace: str,
    responders: tuple[str, ...],
    people: Iterable[Profile],
) -> TeamDraft:
    """What storage keeps of a form without mistakes.

    Args:
        draft: The form.
        workspace: Slack's team_id.
        responders: The roster, a user group's members included.
        people: Their profiles, for time zones of their own.
    """
    return TeamDraft(
        **wished(draft),
        workspace=workspace,
        queue=draft.queue,
        responders=responders,
        team_id=draft.team_id,
        apps=draft.apps,
        emoji=meant(draft.emoji),
        person_tz={p.id: p.tz for p in people if p.tz and p.tz != draft.tz and _is_zone(p.tz)},
    )


def fill(
    draft: SetupDraft,
    queue: Channel | None,
    people: Iterable[Profile],
    asker: Profile | None,
    values: Values,
) -> SetupDraft:
    """A form with what nobody has chosen yet: the name from the channel, time zone and holidays from the people.

    The form opens with the zone of whoever asked for it; a draft that holds another was changed by hand,
    and what `values` show in the form is as somebody wants it.
    """
    if not draft.name and queue is not None:
        draft = replace(draft, name=name_from(queue.name))
    opened = start_zone(asker)
    zones = Counter(p.tz for p in people if p.tz and _is_zone(p.tz)).most_common(1)
    chosen = actions.TZ in values or (draft.tz, draft.country) != (opened, country_of(opened))
    if draft.team_id is not None or chosen or not zones:
        return draft
    zone = str(zones[0][0])
    return replace(draft, tz=zone, country=country_of(zone))


def start_zone(asker: Profile | None) -> str:
    """The zone a form opens with: that of whoever asked for it."""
    return asker.tz if asker is not None and asker.tz and _is_zone(asker.tz) else "UTC"


def _is_zone(name: str) -> bool:
    try:
        time_zone(name)
    except BadInputError:
        return False
    return True


@cache
def _countries() -> dict[str, str]:
    """IANA zone → ISO country, from the tz database's own table (https://data.iana.org/time-zones/tz-link.html)."""
    table = (resources.files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines() if line and not line.startswith("#")]
    return {row[2]: row[0] for row in rows}


def country_of(zone: str) -> str | None:
    """The country a time zone lies in, where there is one and its public holidays are known."""
    country = _countries().get(zone)
    try:
        public_holidays(country, (2026,))
    except BadInputError:
        return None
    return country


def name_from(channel: str) -> str:
    """A team's name from its channel's: `deal-desk` → `Deal desk`."""
    words = channel.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:LONGEST_NAME]


def with_apps(draft: SetupDraft, seen: Iterable[OtherApp]) -> SetupDraft:
    """The form with apps that posted and were not decided about: they are treated as all others are so far."""
    known = {app.bot for app in draft.apps}
    more = [replace(app, request=draft.other_apps == "request") for app in seen if app.bot not in known]
    named = [replace(app, name=clean(app.name, LONGEST_APP) or app.bot) for app in more]
    return replace(draft, apps=(*draft.apps, *named)[:MOST_APPS])


def left_out(responders: int) -> str | None:
    """What is not shown of so small a team, and why; None for five or more."""
    return {Tier.REQUESTS: SMALL_TEAM_WHY, Tier.INSIDE: CLOSED_TEAM_WHY}.get(Tier.of(responders))
