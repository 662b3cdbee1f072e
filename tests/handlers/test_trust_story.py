"""`/headroom trust`: one's own traces, shown to oneself alone, and removed for good."""

import asyncio
import json
from typing import Any

from bot.messages import actions
from bot.signal import Kind, Signal
from handlers.trust import own_traces
from sandbox.client import Client
from storage import keys, mutes, outbox, signals, solved, teams, traces
from tests.handlers.desk import ANNA, ASKER, BEN, LEAD, QUEUE, RESPONDERS, STRANGER, Desk

HOUR = 3_600.0


def lived(desk: Desk) -> int:
    """A desk where several people left every kind of trace; returns the team's number."""
    db, now = desk.parts.db, desk.parts.clock()
    keys.make_first(db, desk.parts.workspace, now)
    number = desk.team()
    record = teams.get(db, number)
    assert record is not None
    keyed = keys.Pseudonymizer(db, desk.parts.workspace)
    queue = record.queues[0].id
    facts = []
    for n, (asker, responder) in enumerate(((ASKER, ANNA), (STRANGER, BEN))):
        at = int((now - (n + 2) * HOUR) * 1e6)
        facts.append(Signal(queue, at, at, Kind.ARRIVAL, keyed(asker, at)))
        facts.append(Signal(queue, at, at, Kind.DONE, keyed(responder, at), at + 1_000_000))
    signals.add(db, facts)
    with db.write() as connection:
        for person in (ANNA, BEN):
            connection.execute(
                "insert into absences (team, person, day) values (?, ?, ?)", (number, person, "2026-12-24")
            )
        connection.execute(
            "insert into pulses (id, team, opened, closes, questions, floor, salt) values (1, ?, '2026-11-02', 0, '[]',"
            " 5, x'')",
            (number,),
        )
        for person in RESPONDERS:
            connection.execute("insert into pulse_invited values (1, ?)", (person,))
    mutes.mute(db, desk.parts.workspace, ANNA, "pulse")
    for person in (ANNA, BEN, ASKER):
        outbox.put(
            db,
            workspace=desk.parts.workspace,
            channel=person,
            body={"text": "?"},
            direct=True,
            kind="solved",
            team=number,
        )
    ts = f"{now - 60:.6f}"
    question = solved.Question(desk.parts.workspace, number, QUEUE, ts, now - 60, ASKER, {"text": "?"}, now)
    assert solved.ask(db, question, now)
    return number


async def shown(desk: Desk, user: str) -> dict[str, Any]:
    """What a person reads after `/headroom trust` and "What is kept of me"."""
    await desk.ask(user, "trust")
    view = await desk.modal(user, actions.TRACES_SHOW)
    await desk.slack.act(user, "click", view_id=view["id"], action_id=actions.TRACES_SHOW)
    pushed = await desk.modal(user, "slack_id")
    (text,) = [b for b in pushed["blocks"] if b["type"] == "rich_text"]
    read: dict[str, Any] = json.loads(text["elements"][0]["elements"][0]["text"])
    return read


async def test_a_responder_sees_the_own_traces(desk: Desk) -> None:
    """Roster, days away, wishes, surveys, messages and facts, each as far as it leads to that person."""
    lived(desk)
    read = await shown(desk, ANNA)
    assert read["slack_id"] == ANNA
    assert read["roster"] == [["Deal desk", None, None, None, None, None]]
    assert read["away"] == [["Deal desk", "2026-12-24", 1.0]]
    assert read["not_asked"] == ["pulse"]
    assert read["pulses"] == [["Deal desk", "2026-11-02"]]
    assert [kind for _, kind in read["messages"]] == ["solved"]
    assert [(channel, kinds) for _, channel, kinds in read["facts"]] == [(QUEUE, ["done"])]


async def test_whoever_asks_sees_that_alone(desk: Desk) -> None:
    """Somebody who asked for something has a fact and a count of questions, and no roster."""
    lived(desk)
    read = await shown(desk, ASKER)
    assert read["roster"] == read["away"] == read["leads"] == []
    assert [kinds for _, _, kinds in read["facts"]] == [["arrival"]]
    assert [n for _, n in read["asked"]] == [1]


async def test_a_lead_gets_no_more_than_others(desk: Desk) -> None:
    """The lead's page holds the lead's own traces, and nobody else's id."""
    lived(desk)
    read = await shown(desk, LEAD)
    assert read["leads"] == ["Deal desk"]
    assert read["facts"] == read["away"] == read["asked"] == []
    assert not any(person in json.dumps(read) for person in (*RESPONDERS, ASKER, STRANGER))


async def test_a_value_names_nobody(desk: Desk) -> None:
    """A forged value of the button that turns pages changes the page at most, never the person."""
    lived(desk)
    for value in (ANNA, "U2ANNA 0", "-1", "99", ""):
        assert ANNA not in json.dumps(own_traces(desk.call(ASKER, {"actions": [{"value": value}]})))


async def test_removal_takes_all_that_leads_to_a_person(desk: Desk) -> None:
    """Facts lose the pseudonym; days away, wishes, addresses and waiting questions go; others' stay; it lasts."""
    number = lived(desk)
    db, workspace = desk.parts.db, desk.parts.workspace
    before = traces.of(db, workspace, BEN)
    for person in (ANNA, ASKER):
        await asyncio.to_thread(traces.remove, db, workspace, person)
        await asyncio.to_thread(traces.remove, db, workspace, person)
        left = traces.of(db, workspace, person)
        assert left.removed
        assert not any((left.away, left.not_asked, left.asked, left.pulses, left.messages, left.facts))
        assert mutes.muted(db, workspace, person, "pulse")
        assert mutes.muted(db, workspace, person, "solved")
    assert len(traces.of(db, workspace, ANNA).roster) == 1, "who answers is for the lead to say"
    assert traces.of(db, workspace, BEN) == before
    assert db.read("select count(*) from pulse_invited").fetchone() == (5,), "the rule on differences needs the number"
    await desk.deliver()
    told = {call["args"]["channel"] for call in await desk.slack.calls(method="chat.postMessage")}
    assert told == {BEN}
    record = teams.get(db, number)
    assert record is not None
    assert signals.count(db, [record.queues[0].id]) == 4


async def test_a_removal_in_slack(desk: Desk) -> None:
    """The page says what went and what stays, and afterwards there is nothing to show but the roster."""
    lived(desk)
    await desk.ask(ANNA, "trust")
    view = await desk.modal(ANNA, actions.REMOVE_TRACES)
    await desk.slack.act(ANNA, "click", view_id=view["id"], action_id=actions.REMOVE_TRACES)
    page = json.dumps(await desk.modal(ANNA, "erased from everything kept"))
    for words in ("days away are gone", "not asked anything", "still listed among those who answer"):
        assert words in page
    await desk.slack.act(ANNA, "view_close", view_id=view["id"])
    read = await shown(desk, ANNA)
    assert read["removed"] is True
    assert read["facts"] == read["away"] == []


async def test_a_removal_changes_no_count_of_the_channel(desk: Desk) -> None:
    """Somebody asked in three posts and removes their traces: as many wait as before, also once all is read again."""
    number = lived(desk)
    db, now = desk.parts.db, desk.parts.clock()
    record = teams.get(db, number)
    assert record is not None
    (queue,) = (queue.id for queue in record.queues)
    posts = [int((now - HOUR + n * 60) * 1e6) for n in range(3)]

    def read() -> None:
        keyed = keys.Pseudonymizer(db, desk.parts.workspace)
        signals.add(db, [Signal(queue, at, at, Kind.ARRIVAL, keyed(ASKER, at)) for at in posts])

    async def answers(slack: Client) -> list[str] | None:
        heard = [m["text"] for m in await slack.messages(ASKER, QUEUE) if m.get("ephemeral") and "waiting" in m["text"]]
        return heard[asked - 1 :] or None

    read()
    asked = 1
    await desk.ask(ASKER)
    (before,) = await desk.slack.wait_for(answers, "answer to /headroom")
    assert "1 request is waiting now" in before
    await desk.ask(ASKER, "trust")
    view = await desk.modal(ASKER, actions.REMOVE_TRACES)
    await desk.slack.act(ASKER, "click", view_id=view["id"], action_id=actions.REMOVE_TRACES)
    await desk.modal(ASKER, "erased from everything kept")
    read()
    asked = 2
    await desk.ask(ASKER)
    assert await desk.slack.wait_for(answers, "second answer to /headroom") == [before]
