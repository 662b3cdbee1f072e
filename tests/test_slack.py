"""Our calls to Slack: every answer that is no yes is named by what comes next, and nothing else of it is kept."""

import asyncio
import traceback
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from bot.final_words import ANY, OF, Ends
from bot.slack import HOUR, Slack, SlackBusyError, SlackError, SlackUnknownError
from sandbox.server import Client, running
from tests.odd import ODD, SECRET
from tests.patient import patient

CALLS: dict[str, Callable[[Slack], Any]] = {
    "auth.test": Slack.greeting,
    "chat.postMessage": lambda slack: slack.post("C1", {"text": "hello"}, "key"),
    "chat.update": lambda slack: slack.update("C1", "1.000001", {"text": "hello", "blocks": []}),
    "conversations.history": lambda slack: list(slack.history("C1", "0")),
    "conversations.replies": lambda slack: list(slack.replies("C1", "1.000001")),
    "conversations.info": lambda slack: slack.channel("C1"),
    "conversations.members": lambda slack: slack.members("C1"),
    "users.info": lambda slack: slack.person("U1"),
    "usergroups.users.list": lambda slack: slack.group_members("S1"),
    "chat.getPermalink": lambda slack: slack.permalink("C1", "1.000001"),
    "apps.connections.open": lambda slack: slack.open_socket("xapp-sandbox"),
}


@pytest.fixture
async def sandbox() -> AsyncIterator[Client]:
    async with running(patient()) as client:
        await client.seed(
            users=[{"id": "U1", "name": "ann"}],
            channels=[{"id": "C1", "name": "desk", "members": ["U1", "U0BOT"]}],
            usergroups=[{"id": "S1", "handle": "desk", "users": ["U1"]}],
            messages=[{"channel": "C1", "user": "U1", "ts": "1.000001", "text": SECRET}],
        )
        yield client


async def refused(sandbox: Client, method: str) -> SlackError:
    """The error that a call ends with."""
    slack = Slack("xoxb-sandbox", sandbox.api_url)
    with pytest.raises(SlackError) as caught:
        await asyncio.to_thread(CALLS[method], slack)
    return caught.value


@pytest.mark.parametrize("method", CALLS)
@pytest.mark.parametrize(("kind", "options"), ODD)
async def test_an_odd_answer_is_final_of_nothing(
    sandbox: Client, method: str, kind: str, options: dict[str, Any]
) -> None:
    """It is asked again within the hour, and the error holds one plain word, none that came from anywhere else."""
    await sandbox.fault(kind, method=method, **options)
    error = await refused(sandbox, method)
    word = options.get("error", "")
    if word == "token_revoked":
        assert error.ends is Ends.TOKEN
    elif method in OF or word != "moon_in_the_wrong_phase":  # a post that is refused, by whatever word, was not sent
        assert isinstance(error, (SlackBusyError, SlackUnknownError))
    assert 0 < error.after <= HOUR
    assert error.error.replace("_", "").isalpha()
    assert error.error.islower()
    assert SECRET not in "".join(traceback.format_exception(error)) + repr(vars(error))


@pytest.mark.parametrize(("method", "word"), [(m, w) for m in OF for w in {**ANY, **OF[m]}])
async def test_what_slack_defines_as_final_is(sandbox: Client, method: str, word: str) -> None:
    """Each word of the table is a plain no, with what it ends."""
    await sandbox.fault("error", method=method, error=word)
    error = await refused(sandbox, method)
    assert not isinstance(error, (SlackBusyError, SlackUnknownError))
    assert (error.error, error.ends) == (word, {**ANY, **OF[method]}[word][0])


@pytest.mark.parametrize(("said", "after"), [(7, 7.0), (86_400, HOUR), (-1, 30.0)])
async def test_slacks_patience_is_kept_within_bounds(sandbox: Client, said: int, after: float) -> None:
    """Retry-After is kept to, up to an hour; what is no number of seconds is half a minute."""
    await sandbox.fault("rate_limited", method="users.info", retry_after=said)
    error = await refused(sandbox, "users.info")
    assert isinstance(error, SlackBusyError)
    assert error.after == after


async def test_nobody_there(sandbox: Client) -> None:
    """A closed port and a server that says nothing in time are told apart."""
    with pytest.raises(SlackUnknownError, match="no_answer"):
        await asyncio.to_thread(Slack("xoxb-sandbox", "http://127.0.0.1:9/api/").me)
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        with pytest.raises(SlackUnknownError, match="timed_out"):
            await asyncio.to_thread(Slack("xoxb-sandbox", f"http://127.0.0.1:{port}/api/", timeout=1).me)
