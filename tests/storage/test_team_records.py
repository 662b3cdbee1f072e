"""Teams as they were said, and what may not be rewritten."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.emoji import completed
from bot.errors import BadInputError
from bot.signal import Kind
from bot.team import Person, Team
from bot.watch import Gone
from bot.wishes import Wishes
from storage import outbox, teams
from storage.database import Database
from storage.teams import TeamDraft, TeamRecord


def noon(year: int, month: int, day: int) -> float:
    return datetime(year, month, day, 12, tzinfo=UTC).timestamp()


DRAFT = TeamDraft(
    workspace="T1",
    name="Deal desk",
    queue="C1",
    responders=("U1", "U2"),
    preset="deal-desk",
    lead="U1",
    team_channel="C9",
    user_group="S1",
    tz="Europe/Berlin",
    hours="Mon-Thu 09:00-17:00",
    country="DE",
    share=0.5,
    hands_on_minutes=40,
    usually_away=0.5,
    other_apps="request",
    language="de",
    history_days=90,
    person_tz={"U2": "Europe/London"},
    emoji={"eyes": Kind.CLAIM, "tada": Kind.DONE},
)


def get(db: Database, team_id: int) -> TeamRecord:
    record = teams.get(db, team_id)
    assert record is not None
    return record


def test_what_was_said_is_what_is_told(db: Database) -> None:
    """Every field of the form comes back; a new team's people were always there."""
    record = get(db, teams.save(db, DRAFT, noon(2026, 3, 2)))
    assert record.team == Team(
        name="Deal desk",
        tz="Europe/Berlin",
        hours="Mon-Thu 09:00-17:00",
        country="DE",
        people=(Person("U1", share=0.5), Person("U2", tz="Europe/London", share=0.5)),
        hands_on_minutes=40,
        hands_on_given=True,
        target_wait_hours=4,  # the preset's
        usually_away=0.5,
    )
    assert (record.workspace, record.preset, record.lead, record.team_channel) == ("T1", "deal-desk", "U1", "C9")
    assert (record.user_group, record.other_apps, record.language) == ("S1", "request", "de")
    assert (record.history_days, record.announced, record.basis, record.share) == (90, None, None, 0.5)
    assert record.emoji == completed({"eyes": Kind.CLAIM, "tada": Kind.DONE})
    assert [(q.channel, q.threads, q.gone) for q in record.queues] == [("C1", "none", None)]


def test_a_preset_is_not_stated(db: Database) -> None:
    """Minutes that nobody stated come from the preset, and do not count as given."""
    record = get(db, teams.save(db, replace(DRAFT, hands_on_minutes=None), noon(2026, 3, 2)))
    assert (record.team.hands_on_minutes, record.team.hands_on_given) == (45, False)


def test_saving_twice_changes_nothing(db: Database) -> None:
    """The same form again, as new values of the same team, leaves the same record."""
    first = teams.save(db, DRAFT, noon(2026, 3, 2))
    before = get(db, first)
    assert teams.save(db, replace(DRAFT, team_id=first), noon(2026, 5, 4)) == first
    assert get(db, first) == before


def test_the_past_is_not_rewritten(db: Database) -> None:
    """Leavers stay until yesterday, joiners begin today, and the days before read as before."""
    team = teams.save(db, DRAFT, noon(2026, 3, 2))
    teams.save(db, replace(DRAFT, team_id=team, responders=("U2", "U3")), noon(2026, 4, 1))
    record = get(db, team)
    assert record.responders_on(date(2026, 3, 31)) == {"U1", "U2"}
    assert record.responders_on(date(2026, 4, 1)) == {"U2", "U3"}
    teams.save(db, replace(DRAFT, team_id=team, responders=("U1", "U2", "U3")), noon(2026, 6, 1))
    record = get(db, team)
    assert record.responders_on(date(2020, 1, 1)) == {"U1", "U2"}
    assert record.responders_on(date(2026, 5, 31)) == {"U2", "U3"}
    assert record.responders_on(date(2026, 6, 1)) == {"U1", "U2", "U3"}


def test_a_change_of_mind_leaves_no_trace(db: Database) -> None:
    """Who was taken off and put back on one day never left; who was added and taken off never came."""
    team = teams.save(db, DRAFT, noon(2026, 3, 2))
    before = get(db, team)
    teams.save(db, replace(DRAFT, team_id=team, responders=("U2", "U3")), noon(2026, 4, 1))
    teams.save(db, replace(DRAFT, team_id=team), noon(2026, 4, 1))
    assert get(db, team) == before


def test_today_is_the_teams(db: Database) -> None:
    """Late on a UTC evening it is already tomorrow for a team further east."""
    draft = replace(DRAFT, tz="Asia/Tokyo")
    team = teams.save(db, draft, noon(2026, 3, 2))
    evening = datetime(2026, 3, 31, 20, tzinfo=UTC).timestamp()
    teams.save(db, replace(draft, team_id=team, responders=("U1",)), evening)
    assert get(db, team).responders_on(date(2026, 3, 31)) == {"U1", "U2"}
    assert get(db, team).responders_on(date(2026, 4, 1)) == {"U1"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"queue": "C2"}, "team name is 'Deal desk': another team has it"),
        ({"name": "Legal"}, "queue is 'C1': the team 'Deal desk' already answers it"),
        ({"preset": "circus"}, "preset is 'circus': pick one of support"),
        ({"name": "Legal", "queue": "C2", "team_id": 999}, "team is 999: there is no such team any more"),
    ],
)
def test_refused(db: Database, change: dict[str, str], said: str) -> None:
    """A name, queue, preset or team that cannot be used is named with its mend, and nothing is kept."""
    teams.save(db, DRAFT, noon(2026, 3, 2))
    with pytest.raises(BadInputError, match=said):
        teams.save(db, replace(DRAFT, **change), noon(2026, 3, 2))  # type: ignore[arg-type]
    assert [record.team.name for record in teams.all(db)] == ["Deal desk"]


def test_another_workspace_cannot_change_a_team(db: Database) -> None:
    """A team's number is no key to it from another workspace."""
    team = teams.save(db, DRAFT, noon(2026, 3, 2))
    with pytest.raises(BadInputError, match="no such team"):
        teams.save(db, replace(DRAFT, workspace="T2", team_id=team, name="Stolen"), noon(2026, 3, 2))
    assert get(db, team).team.name == "Deal desk"


def test_finding(db: Database) -> None:
    """By name, by queue, by either kind of channel; by nothing that is not there."""
    team = teams.save(db, DRAFT, noon(2026, 3, 2))
    other = teams.save(db, replace(DRAFT, workspace="T2"), noon(2026, 3, 2))
    record = get(db, team)
    assert teams.by_name(db, "Deal desk", "T2") == get(db, other)
    assert teams.by_name(db, "deal desk") is None
    with pytest.raises(BadInputError, match=r"several workspaces have one \(T1, T2\)"):
        teams.by_name(db, "Deal desk")
    assert teams.by_queue(db, "T1", "C1") == record
    assert teams.by_queue(db, "T1", "C9") is None
    assert teams.by_channel(db, "T1", "C1") == (record, "queue")
    assert teams.by_channel(db, "T1", "C9") == (record, "team")
    assert teams.by_channel(db, "T1", "C8") is None
    assert teams.get(db, 999) is None
    assert teams.queue(db, record.queues[0].id) == record.queues[0]
    assert teams.queue(db, 999) is None
    assert teams.all(db) == [record, get(db, other)]


def test_another_queue(db: Database) -> None:
    """A queue no longer named is not listened to, keeps its number, and comes back with it."""
    team = teams.save(db, DRAFT, noon(2026, 3, 2))
    teams.set_announced(db, team, 5)
    teams.save(db, replace(DRAFT, team_id=team, queue="C2"), noon(2026, 3, 2))
    assert list(teams.watched(db)) == [("T1", "C2")]
    assert teams.by_channel(db, "T1", "C1") is None
    first = get(db, team).queues[0].id
    teams.save(db, replace(DRAFT, team_id=team), noon(2026, 3, 2))
    assert {place: watch.queue for place, watch in teams.watched(db).items()} == {("T1", "C1"): first}


def test_a_former_channel_never_comes_back_by_itself(db: Database) -> None:
    """A channel that is named no more is given up, also when the bot was taken out of it before."""
    team = teams.save(db, DRAFT, noon(2026, 3, 2))
    first = get(db, team).queues[0].id
    teams.mark_gone(db, first, Gone.UNREADABLE)
    teams.save(db, replace(DRAFT, team_id=team, queue="C2"), noon(2026, 3, 2))
    assert [queue.gone for queue in get(db, team).queues] == ["not named at set-up", None]


def test_the_past_that_was_announced_stands(db: Database) -> None:
    """How much past is read can be changed until the queue was told, and never after."""
    team = teams.save(db, DRAFT, noon(2026, 3, 2))
    teams.save(db, replace(DRAFT, team_id=team, history_days=0), noon(2026, 3, 2))
    assert get(db, team).history_days == 0
    teams.set_announced(db, team, 5)
    teams.save(db, replace(DRAFT, team_id=team, history_days=90, name="Other"), noon(2026, 3, 2))
    assert (get(db, team).history_days, get(db, team).team.name) == (0, "Other")


def test_marks(db: Database) -> None:
    """Progress of reading, absence of a channel, announcement and basis are kept."""
    team = teams.save(db, DRAFT, noon(2026, 3, 2))
    queue = get(db, team).queues[0].id
    teams.set_watermark(db, queue, 123)
    teams.set_threads(db, queue, "reading", 456)
    teams.mark_gone(db, queue, Gone.UNREADABLE)
    teams.set_announced(db, team, 789.5)
    teams.set_basis(db, team, "claims")
    record = get(db, team)
    assert record.queues[0] == teams.Queue(queue, team, "T1", "C1", 123, 456, "reading", Gone.UNREADABLE)
    assert (record.announced, record.basis) == (789, "claims")
    teams.mark_gone(db, queue, None)
    assert get(db, team).queues[0].gone is None


def test_a_channel_keeps_its_facts_under_a_new_id(db: Database) -> None:
    """A renamed channel is the same queue, and a team channel or a waiting post goes along; again changes nothing."""
    team = teams.save(db, replace(DRAFT, team_channel="C2"), noon(2026, 3, 2))
    queue = get(db, team).queues[0].id
    outbox.put(db, key="waits", workspace="T1", channel="C1", body={})
    for _ in range(2):
        teams.rename_channel(db, "T1", "C1", "C8")
        teams.rename_channel(db, "T1", "C2", "C9")
    teams.rename_channel(db, "T2", "C8", "C1")
    record = get(db, team)
    assert [(q.id, q.channel) for q in record.queues] == [(queue, "C8")]
    assert record.team_channel == "C9"
    assert outbox.found(db, "waits") == ("waiting", None, "C8")


def test_a_channel_that_is_known_under_both_ids_stays(db: Database) -> None:
    """Where the new id is a queue already, neither is lost."""
    team = teams.save(db, DRAFT, noon(2026, 3, 2))
    teams.queue_id(db, team, "T1", "C8")
    teams.rename_channel(db, "T1", "C1", "C8")
    assert [q.channel for q in get(db, team).queues] == ["C1", "C8"]


def test_watched(db: Database) -> None:
    """Nobody is listened to before the announcement, nor where we cannot read; the roster counts by the team's day."""
    team = teams.save(db, DRAFT, noon(2026, 3, 2))
    assert teams.watched(db) == {}
    teams.set_announced(db, team, 5)
    teams.save(db, replace(DRAFT, team_id=team, responders=("U1", "U3")), noon(2026, 4, 1))
    watch = teams.watched(db, "UBOT", "BBOT")["T1", "C1"]
    assert (watch.bot_user, watch.bot_id, watch.other_apps, watch.language) == ("UBOT", "BBOT", True, "de")
    assert watch.emoji == completed({"eyes": Kind.CLAIM, "tada": Kind.DONE})
    midnight = int(datetime(2026, 3, 31, 22, tzinfo=UTC).timestamp()) * 1_000_000  # in Berlin
    assert not watch.responders("U3", midnight - 1)
    assert watch.responders("U3", midnight)
    assert watch.responders("U2", midnight - 1)
    assert not watch.responders("U2", midnight)
    assert not watch.responders("U9", midnight)
    teams.mark_gone(db, get(db, team).queues[0].id, Gone.CLOSED)
    assert teams.watched(db) == {}


def test_team_files(db: Database) -> None:
    """A file's roster comes back as written, replaces the one before, and is never listened to."""
    people = (
        Person("a", date(2026, 1, 5), date(2026, 2, 1), frozenset({date(2026, 1, 7)}), "Asia/Tokyo", "Mon 1", 0.25),
        Person("a", date(2026, 3, 1), None, frozenset({date(2026, 1, 7)})),
        Person("b"),
    )
    team = Team("Desk", "UTC", "Mon-Sun 00:00-24:00", None, people, 12.5, True, 3.0, 0.1, 1.5)
    said = Wishes(
        name="Desk",
        hours="Mon-Sun 00:00-24:00",
        hands_on_minutes=12.5,
        target_wait_hours=3.0,
        unseen_share=0.1,
        usually_away=1.5,
    )
    first = teams.save_roster(db, teams.IMPORTED, said, people, ["q1", "q2"])
    record = get(db, first)
    assert record.team == team
    assert [queue.channel for queue in record.queues] == ["q1", "q2"]
    fewer = (Person("b", until=date(2026, 9, 9)),)
    assert teams.save_roster(db, teams.IMPORTED, replace(said, tz="Asia/Tokyo"), fewer, ["q2", "q3"]) == first
    record = get(db, first)
    assert record.team == replace(team, people=fewer, tz="Asia/Tokyo")
    assert [queue.channel for queue in record.queues] == ["q1", "q2", "q3"]
    teams.set_announced(db, first, 5)
    assert teams.watched(db) == {}
