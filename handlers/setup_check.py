"""What only Slack and the store know of a set-up form: who may set up, who may answer, which channels fit."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.jobs.membership import UNNAMED
from bot.jobs.roster import MOST_RESPONDERS
from bot.messages import actions
from bot.messages.setup import SetupDraft
from bot.slack import Profile
from handlers.directory import Answers, Directory, Question
from handlers.parts import Parts
from handlers.roles import team_of_channel
from handlers.setup_form import Values, fill, too_many
from storage import teams
from storage.teams import TeamRecord

ONLY_MEMBERS = "Only full members of the channel can set a team up for it, no guests: ask one of them."
INVITE = "Headroom is not in this channel: invite @headroom there first, then try again."
TAKEN = "This channel belongs to another team already: choose another one."
CLOSED = "This is where the team's load is told: choose the channel where requests arrive."
ARCHIVED = "This channel is archived: choose another one, or bring it back."
HELD = "The channel of a team that was announced stays: set up a team of its own for another channel."


@dataclass(frozen=True, slots=True)
class Findings:
    """A form, looked at.

    Attributes:
        draft: The form, gaps filled (name, time zone, holidays).
        responders: The roster, a user group's members included.
        people: Profiles of the roster.
        wrong: Field → one sentence.
    """

    draft: SetupDraft
    responders: tuple[str, ...]
    people: tuple[Profile, ...]
    wrong: dict[str, str]


def may_begin(user: Profile | None, members: frozenset[str] | None) -> bool:
    """Whether a person may set up a new team for a channel: a full member of it who is no guest."""
    return full_member(user) and (members is None or (user is not None and user.id in members))


def look_at(
    parts: Parts,
    directory: Directory,
    draft: SetupDraft,
    values: Values,
    user: str,
    record: TeamRecord | None,
    seconds: float,
) -> Findings:
    """Hold a form against Slack and the store.

    Args:
        parts: The store, the clock, who we are.
        directory: Slack's answers.
        draft: What was typed.
        values: What the form shows.
        user: Who submits it.
        record: The team that is changed, None for a new one.
        seconds: Real seconds that Slack's answers may take.

    Raises:
        SlowSlackError: They took longer.
    """
    said = directory.answers(_questions(draft, user), seconds * 0.6)
    group = said.group(draft.user_group) if draft.user_group else frozenset()
    listed = frozenset(draft.responders[: MOST_RESPONDERS + 1])
    extra = sorted((group or frozenset()) - listed - {parts.bot_user})[: MOST_RESPONDERS + 1]
    joined = directory.answers((Question("person", person) for person in extra), seconds * 0.4)
    profiles = {person: said.person(person) for person in listed}
    profiles |= {person: found for person in extra if full_member(found := joined.person(person))}
    people = tuple(found for found in profiles.values() if found is not None)

    draft = fill(draft, said.channel(draft.queue), people, said.person(user), values)
    responders = tuple(dict.fromkeys((*draft.responders, *(p for p in extra if p in profiles))))
    wrong = {
        actions.QUEUE: _queue(parts, draft, record, said, user),
        actions.NAME: _name(parts, draft),
        actions.RESPONDERS: _responders(draft, profiles, responders),
        actions.USER_GROUP: "The members of this group cannot be read." if group is None else None,
        actions.LEAD: None if full_member(said.person(draft.lead or "")) else f"The lead must be a full member: {FULL}",
        actions.TEAM_CHANNEL: _team_channel(parts, draft, said, frozenset(responders)),
    }
    return Findings(draft, responders, people, {field: said for field, said in wrong.items() if said})


def _questions(draft: SetupDraft, user: str) -> Iterable[Question]:
    for person in {user, draft.lead or "", *draft.responders[: MOST_RESPONDERS + 1]} - {""}:
        yield Question("person", person)
    for channel in {draft.queue, draft.team_channel} - {"", None}:
        yield Question("channel", str(channel))
        yield Question("members", str(channel))
    if draft.user_group:
        yield Question("group", draft.user_group)


def full_member(person: Profile | None) -> bool:
    """Whether somebody may answer: no bot, guest or deactivated account."""
    return person is not None and not (person.is_bot or person.deleted or person.guest)


FULL = "no bot, guest or deactivated account."


def _name(parts: Parts, draft: SetupDraft) -> str | None:
    taken = teams.by_name(parts.db, draft.name, parts.workspace)
    if taken is None or taken.id == draft.team_id:
        return None
    return "Another team has this name: choose another one."


def _queue(parts: Parts, draft: SetupDraft, record: TeamRecord | None, said: Answers, user: str) -> str | None:
    if not draft.queue:
        return None
    channel, owner = said.channel(draft.queue), team_of_channel(parts, draft.queue)
    new = record is None
    moved = record is not None and draft.queue not in {q.channel for q in record.queues if q.gone != UNNAMED}
    members = said.members(draft.queue)
    for unfit, sentence in (
        (owner is not None and owner.id != draft.team_id, TAKEN),
        (owner is not None and draft.queue == owner.team_channel, CLOSED),
        (moved and record is not None and record.announced is not None, HELD),
        (channel is None or not channel.is_member, INVITE),
        (channel is not None and channel.is_archived, ARCHIVED),
        (new and not may_begin(said.person(user), members), ONLY_MEMBERS),
    ):
        if unfit:
            return sentence
    return None


def _responders(draft: SetupDraft, profiles: dict[str, Profile | None], responders: tuple[str, ...]) -> str | None:
    unfit = [person for person in draft.responders if person in profiles and not full_member(profiles[person])]
    if unfit:
        how_many = "One of them" if len(unfit) == 1 else f"{len(unfit)} of them"
        return f"{how_many} cannot answer. Choose full members only: {FULL}"
    if len(responders) > MOST_RESPONDERS:
        return too_many(len(responders))
    return None if responders else "Choose at least one person who answers."


def _team_channel(parts: Parts, draft: SetupDraft, said: Answers, responders: frozenset[str]) -> str | None:
    if not draft.team_channel:
        return None
    channel, members = said.channel(draft.team_channel), said.members(draft.team_channel)
    owner = teams.by_channel(parts.db, parts.workspace, draft.team_channel)
    if owner is not None and owner[1] == "queue":
        return "Requests arrive in this channel: choose another one, or leave it empty."
    if channel is None or not channel.is_member or members is None:
        return INVITE
    others = len(members - responders - {draft.lead, parts.bot_user})
    if others:
        who = "1 other is" if others == 1 else f"{others} others are"
        return f"{who} in this channel besides those who answer, the lead and Headroom: choose a closed one."
    return None
