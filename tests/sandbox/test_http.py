"""The HTTP form: a real Bolt app behind aiohttp, and servers that misbehave, reached by signed requests."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web as aioweb
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier

from sandbox.client import Refused
from sandbox.config import SandboxConfig
from sandbox.server import Client
from sandbox.subscription import HOUR, Subscription
from tests.clock import Clock
from tests.sandbox.conftest import quick, seeded, web
from tests.sandbox.test_story import BUTTON, form

pytestmark = pytest.mark.slow

Json = dict[str, Any]
SECRET = SandboxConfig().signing_secret
Answer = Callable[[aioweb.Request], Awaitable[aioweb.StreamResponse]]


@asynccontextmanager
async def listening(answer: Answer) -> AsyncIterator[str]:
    """A server on loopback that answers every POST so."""
    app = aioweb.Application()
    app.router.add_post("/slack/events", answer)
    runner = aioweb.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await aioweb.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def bolt(slack: Client, app: AsyncApp) -> AsyncIterator[None]:
    """A Bolt app behind all three request URLs."""

    async def answer(request: aioweb.Request) -> aioweb.StreamResponse:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    async with listening(answer) as url:
        await slack.settings(events_url=url, interactivity_url=url, commands_url=url)
        yield


def signed_app(slack: Client, secret: str = SECRET) -> AsyncApp:
    """A Bolt app that checks signatures and replays."""
    return AsyncApp(name="test", client=web(slack), signing_secret=secret)


async def test_bolt_hears_and_answers_over_http(slack: Client) -> None:
    """Events, commands, buttons and forms reach a Bolt app over HTTP with signatures that it accepts."""
    app, heard = signed_app(slack), asyncio.Queue[Json]()

    @app.event("message")
    async def hear(body: Json) -> None:
        await heard.put(body)

    @app.command("/say")
    async def say(ack: Any, command: Json) -> None:
        await ack(f"you said {command['text']}")

    @app.action("open")
    async def show(ack: Any, body: Json, client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=form())

    @app.view("form")
    async def take(ack: Any) -> None:
        await ack(response_action="errors", errors={"name": "no"})

    async with bolt(slack, app):
        await slack.act("U1", "message", channel="C1", text="hello")
        assert (await asyncio.wait_for(heard.get(), 60))["event"]["text"] == "hello"
        assert (await slack.act("U1", "command", channel="C1", command="/say", text="a & b"))["shown"] == "ephemeral"
        assert (await slack.messages("U1", "C1"))[-1]["text"] == "you said a & b"
        post = await app.client.chat_postMessage(channel="C1", text="press", blocks=[BUTTON])
        await slack.act("U1", "click", channel="C1", ts=post["ts"], action_id="open")
        view = (await slack.state("U1"))["modals"][-1]
        answer = await slack.act("U1", "view_submit", view_id=view["id"], values={"name": {"x": "a"}})
        assert (answer["shown"], answer["errors"]) == ("errors", {"name": "no"})
        assert await slack.flush()
        report = await slack.deliveries()
    assert (report["counts"]["given_up"], report["subscription"]) == (0, "on")


async def test_wrong_secret_fails_the_handshake(slack: Client) -> None:
    """An app with another signing secret refuses the handshake, and its URL is not taken."""
    with pytest.raises(Refused, match="url_verification_failed"):
        async with bolt(slack, signed_app(slack, "another")):
            pass


async def test_other_machines_are_not_called(slack: Client) -> None:
    """A request URL beyond this machine is refused."""
    with pytest.raises(Refused, match="must be an address on this machine"):
        await slack.settings(events_url="https://example.com/slack/events")


class Flaky:
    """A server that answers the handshake, then each event as its script says; it keeps the headers."""

    def __init__(self, *script: Answer) -> None:
        self.script = list(script)
        self.heard: list[tuple[str | None, str | None]] = []
        self.bodies: list[Json] = []

    async def answer(self, request: aioweb.Request) -> aioweb.StreamResponse:
        """Answer one request, which must be signed rightly."""
        raw = await request.text()
        assert SignatureVerifier(SECRET).is_valid_request(raw, dict(request.headers))
        body = await request.json()
        if body["type"] == "url_verification":
            return aioweb.Response(text=body["challenge"])
        self.bodies.append(body)
        self.heard.append(
            (request.headers.get("X-Slack-Retry-Num"), request.headers.get("X-Slack-Retry-Reason")),
        )
        return await self.script.pop(0)(request) if self.script else aioweb.Response()


async def fail(request: aioweb.Request) -> aioweb.StreamResponse:
    """A server error."""
    return aioweb.Response(status=500)


async def hang(request: aioweb.Request) -> aioweb.StreamResponse:
    """No answer until the other side gives up."""
    await asyncio.Event().wait()
    return aioweb.Response()


async def drop(request: aioweb.Request) -> aioweb.StreamResponse:
    """A connection that breaks before the answer."""
    assert request.transport is not None
    request.transport.close()
    return aioweb.Response()


async def wander(request: aioweb.Request) -> aioweb.StreamResponse:
    """A redirect to itself without end."""
    raise aioweb.HTTPTemporaryRedirect(str(request.url))


async def no_more(request: aioweb.Request) -> aioweb.StreamResponse:
    """A refusal that asks for no retry."""
    return aioweb.Response(status=503, headers={"X-Slack-No-Retry": "1"})


async def test_retries_are_numbered_and_reasoned() -> None:
    """Each failure leads to a retry of the same event that names its number and Slack's word for the reason."""

    async def slow(request: aioweb.Request) -> aioweb.StreamResponse:
        await slack.settings(ack_seconds=60)  # for all that follow
        return await hang(request)

    async def fail_then_hurry(request: aioweb.Request) -> aioweb.StreamResponse:
        await slack.settings(ack_seconds=0.5)  # for the next try alone
        return await fail(request)

    server = Flaky(fail_then_hurry, slow, drop)
    async with seeded(quick()) as slack, listening(server.answer) as url:
        await slack.settings(events_url=url)
        await slack.act("U1", "message", channel="C1", text="a")
        assert await slack.flush()
        rows = (await slack.deliveries())["deliveries"]
    assert server.heard == [(None, None), ("1", "http_error"), ("2", "http_timeout"), ("3", "connection_failed")]
    assert len({body["event_id"] for body in server.bodies}) == 1
    assert [row["acked"] for row in rows] == [False, False, False, True]


@pytest.mark.parametrize(
    ("answer", "reason", "attempts"),
    [(no_more, "http_error", 1), (wander, "too_many_redirects", 4), (fail, "http_error", 4)],
)
async def test_giving_up(slack: Client, answer: Answer, reason: str, attempts: int) -> None:
    """An event is given up after three retries, or at once when the app says `x-slack-no-retry: 1`."""
    server = Flaky(*[answer] * 12)
    async with listening(server.answer) as url:
        await slack.settings(events_url=url)
        await slack.act("U1", "message", channel="C1", text="a")
        assert await slack.flush()
        report = await slack.deliveries()
    assert report["counts"]["given_up"] == 1
    assert [row["failure"] for row in report["deliveries"]] == [reason] * attempts


async def test_faults_work_over_http_too(slack: Client) -> None:
    """A withheld ack looks to the app like an answer that came too late."""
    server = Flaky()
    async with listening(server.answer) as url:
        await slack.settings(events_url=url)
        for kind in ("withhold_ack", "late_ack"):
            await slack.fault(kind)
            await slack.act("U1", "message", channel="C1", text=kind)
            assert await slack.flush()
    assert server.heard == [(None, None), ("1", "http_timeout")] * 2


async def test_url_in_the_settings_is_verified_before_the_first_event() -> None:
    """A sandbox told of a URL at its start shakes hands once the app is there; a dead URL means failures."""
    server = Flaky()
    async with listening(server.answer) as url, seeded(quick(events_url=url, commands_url=url + "/dead")) as slack:
        await slack.act("U1", "message", channel="C1", text="a")
        assert await slack.flush()
        refused = await slack.try_act("U1", "command", channel="C1", command="/x")
    assert server.heard == [(None, None)]
    assert refused["error"] == "dispatch_failed"


async def test_slow_command_times_out(slack: Client) -> None:
    """A command that is not answered in time shows its person Slack's error."""
    async with listening(hang) as url:
        await slack.settings(commands_url=url, ack_seconds=0.2)
        refused = await slack.try_act("U1", "command", channel="C1", command="/x")
    assert (refused["error"], refused["text"]) == (
        "operation_timeout",
        '/x failed with the error "operation_timeout"',
    )


async def test_app_rate_limited() -> None:
    """Beyond the hourly cap events are dropped and one notice says so; the notice names the minute."""
    server = Flaky()
    async with seeded(quick(event_cap=2)) as slack, listening(server.answer) as url:
        await slack.settings(events_url=url)
        for n in range(4):
            await slack.act("U1", "message", channel="C1", text=str(n))
        assert await slack.flush()

        async def told(_: Client) -> bool:
            return len(server.bodies) == 3

        await slack.wait_for(told, "notice")
        assert (await slack.deliveries())["counts"]["dropped"] == 2
    (notice,) = [body for body in server.bodies if body["type"] == "app_rate_limited"]
    assert notice["minute_rate_limited"] % 60 == 0
    assert (notice["team_id"], notice["api_app_id"]) == ("T0SANDBOX", "A0APP")


async def test_failing_apps_lose_their_subscription_until_saved_anew() -> None:
    """Over 95% failures end the events; saving the URL again brings them back."""
    server = Flaky(*[fail] * 4)
    async with seeded(quick(disable_after=4)) as slack, listening(server.answer) as url:
        await slack.settings(events_url=url)
        await slack.act("U1", "message", channel="C1", text="lost")
        assert await slack.flush()
        assert (await slack.deliveries())["subscription"] == "disabled"
        await slack.act("U1", "message", channel="C1", text="unheard")
        assert len(server.bodies) == 4
        await slack.settings(events_url=url)
        await slack.act("U1", "message", channel="C1", text="heard")
        assert await slack.flush()
    assert server.bodies[-1]["event"]["text"] == "heard"


def test_subscription_counts_the_last_hour() -> None:
    """The cap and the failures look back one hour; a notice is due once a minute; 95% failing is not over 95%."""
    hand = Clock(0.0)
    subscription = Subscription(2, 20, hand)
    assert [subscription.admit() for _ in range(3)] == [True, True, False]
    assert [subscription.owes_notice(), subscription.owes_notice()] == [True, False]
    hand.now += 60
    assert subscription.owes_notice()
    hand.now = HOUR
    assert subscription.admit()
    subscription.note(ok=True)
    for _ in range(19):
        subscription.note(ok=False)
    assert subscription.enabled
    hand.now += HOUR / 2
    for _ in range(20):
        subscription.note(ok=False)
    assert not subscription.enabled
    subscription.restart()
    assert subscription.admit()
