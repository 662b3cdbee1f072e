"""The set-up form: what was typed in it, what is wrong with that, and the team it makes. Plain functions."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from typing import Any, Literal

from bot.errors import BadInputError
from bot.health.drift import Alerting
from bot.health.results import Tier
from bot.health.seen.worktime import parse_hours, public_holidays, time_zone
from bot.jobs.membership import UNNAMED
from bot.jobs.roster import MOST_RESPONDERS
from bot.messages import actions
from bot.messages.blocks import clean
from bot.messages.setup import MOST_UNSEEN, SetupDraft
from bot.messages.words import CLOSED_TEAM_WHY, SMALL_TEAM_WHY
from bot.presets import PRESETS
from bot.slack import Channel, Profile
from bot.watch import OtherApp
from bot.wordlists import LANGUAGES
from storage.teams import TeamDraft, TeamRecord

LONGEST_NAME = 80
LONGEST_APP = 40
MOST_APPS = 10

Values = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""A view's `state.values`: block id → action id → element state."""

NOTHING: tuple[Any, ...] = (None, "")


def read(draft: SetupDraft, values: Values) -> tuple[SetupDraft, dict[str, str]]:
    """Put what the visible fields hold over a draft.

    Returns:
        The draft, and by field what could not be read (there the draft keeps its value).
    """
    wrong: dict[str, str] = {}
    if actions.APPS in values:
        asking = typed(values[actions.APPS][actions.APPS]) or ()
        draft = replace(draft, apps=tuple(replace(app, request=app.bot in asking) for app in draft.apps))
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


def _line(value: Any) -> str:
    return " ".join(str(value or "").split())


def _maybe(value: Any) -> str | None:
    return _line(value) or None


def _people(value: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value or ()))


def _number(field: str, mend: str, *, low: float, above: bool = False) -> Callable[[Any], float]:
    def understand(value: Any) -> float:
        try:
            number = float(str(value))
        except ValueError:
            raise BadInputError(field, value, mend) from None
        if not math.isfinite(number) or number < low or (above and number == low):
            raise BadInputError(field, value, mend)
        return number

    return understand


_MINUTES = _number("hands-on minutes", "write a number above 0, or leave it empty", low=0, above=True)
_AWAY = _number("days away", "write 0 or more person-days a week", low=0)
_PERCENT = _number("share of time", "write a percentage from 1 to 100", low=1)

_OTHER_WORK = _number("other work", f"write a percentage from 0 to {MOST_UNSEEN}, or leave it empty", low=0)


def _share(value: Any) -> float:
    percent = _PERCENT(value)
    if percent > 100:
        raise BadInputError("share of time", value, "write a percentage from 1 to 100")
    return percent / 100


def _unseen(value: Any) -> float:
    percent = _OTHER_WORK(value)
    if percent > MOST_UNSEEN:
        raise BadInputError("other work", value, f"write a percentage from 0 to {MOST_UNSEEN}")
    return percent / 100


def _choice(*allowed: str) -> Callable[[Any], str]:
    def understand(value: Any) -> str:
        if value not in allowed:
            raise BadInputError("choice", value, f"pick one of {', '.join(allowed)}")
        return str(value)

    return understand


FIELDS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    actions.QUEUE: ("queue", _line),
    actions.PRESET: ("preset", _choice(*(preset.key for preset in PRESETS))),
    actions.RESPONDERS: ("responders", _people),
    actions.TEAM_CHANNEL: ("team_channel", _maybe),
    actions.HISTORY: ("history_days", lambda value: int(_choice("0", "90")(value))),
    actions.NAME: ("name", _line),
    actions.LEAD: ("lead", _line),
    actions.USER_GROUP: ("user_group", _maybe),
    actions.HOURS: ("hours", _line),
    actions.TZ: ("tz", _line),
    actions.COUNTRY: ("country", lambda value: (_maybe(value) or "").upper() or None),
    actions.SHARE_OF_TIME: ("share", _share),
    actions.UNSEEN: ("unseen", lambda value: 0.0 if value in NOTHING else _unseen(value)),
    actions.HANDS_ON: ("hands_on_minutes", lambda value: None if value in NOTHING else _MINUTES(value)),
    actions.USUALLY_AWAY: ("usually_away", _AWAY),
    actions.OTHER_APPS: ("other_apps", _choice("ignore", "request")),
    actions.LANGUAGE: ("language", _choice(*LANGUAGES)),
    actions.ALERTING: ("alerting", _choice(*(one.value for one in Alerting))),
}
"""Field of the form → the draft's attribute, and how what was typed becomes its value."""


def mistakes(draft: SetupDraft, now: float) -> dict[str, str]:
    """What is wrong with a draft by itself, by field; Slack and the store are asked elsewhere."""
    wrong: dict[str, str] = {}
    if not draft.queue:
        wrong[actions.QUEUE] = "Choose the channel where requests arrive."
    if not draft.name:
        wrong[actions.NAME] = "Write the team's name, as people call it."
    elif len(draft.name) > LONGEST_NAME:
        wrong[actions.NAME] = f"The name has {len(draft.name)} characters: write at most {LONGEST_NAME}."
    if not draft.responders and draft.user_group is None:
        wrong[actions.RESPONDERS] = "Choose at least one person who answers."
    if len(draft.responders) > MOST_RESPONDERS:
        wrong[actions.RESPONDERS] = too_many(len(draft.responders))
    if not draft.lead:
        wrong[actions.LEAD] = "Choose who leads the team."
    if draft.team_channel and draft.team_channel == draft.queue:
        wrong[actions.TEAM_CHANNEL] = (
            "This is the channel where requests arrive: choose another one, or leave it empty."
        )
    year = datetime.fromtimestamp(now, UTC).year
    wrong |= _refused(actions.HOURS, parse_hours, draft.hours)
    wrong |= _refused(actions.TZ, time_zone, draft.tz)
    wrong |= _refused(actions.COUNTRY, lambda country: public_holidays(country, (year,)), draft.country)
    return wrong


def _refused(field: str, check: Callable[[Any], object], value: str | None) -> dict[str, str]:
    try:
        check(value)
    except BadInputError as error:
        return {field: str(error)}
    return {}


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
    team = record.team
    today = datetime.fromtimestamp(now, time_zone(team.tz)).date()
    here = [q.channel for q in record.queues if q.gone is None] or [
        q.channel for q in record.queues if q.gone != UNNAMED
    ]
    return SetupDraft(
        team_id=record.id,
        queue=channel if channel in here else next(iter(here), ""),
        name=team.name,
        preset=record.preset,
        responders=tuple(sorted(record.responders_on(today))),
        lead=record.lead or "",
        team_channel=record.team_channel,
        user_group=record.user_group,
        tz=team.tz,
        hours=team.hours,
        country=team.country,
        share=record.share,
        unseen=team.unseen_share,
        hands_on_minutes=team.hands_on_minutes if team.hands_on_given else None,
        usually_away=team.usually_away,
        other_apps=record.other_apps,
        language=record.language,
        alerting=alerting.value,
        history_days=record.history_days,
        announced=record.announced is not None,
        apps=record.apps,
    )


def to_team(
    draft: SetupDraft,
    workspace: str,
    responders: tuple[str, ...],
    people: Iterable[Profile],
    before: TeamRecord | None,
) -> TeamDraft:
    """What storage keeps of a form without mistakes; what the form does not ask stays as it was.

    Args:
        draft: The form.
        workspace: Slack's team_id.
        responders: The roster, a user group's members included.
        people: Their profiles, for time zones of their own.
        before: The team as it was, None for a new one.
    """
    kept = before if before is not None and before.preset == draft.preset else None
    apps: Literal["ignore", "request"] = "request" if draft.other_apps == "request" else "ignore"
    made = TeamDraft(
        workspace=workspace,
        name=draft.name,
        queue=draft.queue,
        responders=responders,
        team_id=draft.team_id,
        preset=draft.preset,
        lead=draft.lead,
        team_channel=draft.team_channel,
        user_group=draft.user_group,
        tz=draft.tz,
        hours=draft.hours,
        country=draft.country,
        share=draft.share,
        hands_on_minutes=draft.hands_on_minutes,
        hands_on_given=draft.hands_on_minutes is not None,
        target_wait_hours=kept.team.target_wait_hours if kept else None,
        unseen_share=draft.unseen,
        usually_away=draft.usually_away,
        other_apps=apps,
        language=draft.language,
        history_days=draft.history_days,
        apps=draft.apps,
        person_tz={p.id: p.tz for p in people if p.tz and p.tz != draft.tz and _is_zone(p.tz)},
    )
    return made if before is None else replace(made, emoji=before.emoji)


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
