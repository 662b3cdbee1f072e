"""A strict local Slack for any Bolt app, on loopback only.

In a test: `async with running(SandboxConfig(...)) as slack:` gives a `Client`; point the app's
`base_url` at `slack.api_url` and use the tokens of `config.app`. On the command line: `serve`.
"""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web
from yarl import URL

from sandbox import api_chat, api_conversations, api_people, api_views
from sandbox.client import Client
from sandbox.config import Install, SandboxConfig
from sandbox.control import Control
from sandbox.loopback import is_loopback
from sandbox.replies import ResponseEndpoint
from sandbox.sandbox import Sandbox
from sandbox.socketmode import PATH
from sandbox.webapi import WebApi

__all__ = ["Client", "Install", "SandboxConfig", "create", "running", "serve"]

PAGE = Path(__file__).parent / "page"
SANDBOX: web.AppKey[Sandbox] = web.AppKey("sandbox", Sandbox)
METHODS = {
    **api_people.METHODS,
    **api_chat.METHODS,
    **api_conversations.METHODS,
    **api_views.METHODS,
}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def loopback_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse other machines, and pages of other sites that reach for a local port."""
    origin = request.headers.get("Origin")
    if not is_loopback(request.url.host) or (origin is not None and not is_loopback(URL(origin).host)):
        raise web.HTTPForbidden(text="the sandbox answers this machine only")
    return await handler(request)


def create(config: SandboxConfig) -> web.Application:
    """Build the application: Web API, Socket Mode, response URLs, control API, page."""
    sandbox = Sandbox(config)
    api = WebApi(sandbox, METHODS)
    app = web.Application(middlewares=[loopback_only], client_max_size=8 * 2**20)
    app[SANDBOX] = sandbox
    app.add_routes(
        [
            web.route("*", "/api/{method}", api.serve),
            web.get(PATH, sandbox.sockets.serve),
            web.post("/response/{key}", ResponseEndpoint(sandbox).serve),
            web.get("/", _index),
            web.get("/page/{name}", _page),
            *Control(sandbox).routes(),
        ]
    )
    app.on_shutdown.append(_close)
    return app


async def _close(app: web.Application) -> None:
    app[SANDBOX].deliveries.close()
    await app[SANDBOX].http.close()
    await app[SANDBOX].sockets.close()


async def _index(request: web.Request) -> web.StreamResponse:
    return _file("index.html")


async def _page(request: web.Request) -> web.StreamResponse:
    return _file(request.match_info["name"])


def _file(name: str) -> web.StreamResponse:
    path = PAGE / name
    if path.parent != PAGE or not path.is_file():
        raise web.HTTPNotFound(text="no such page")
    return web.FileResponse(path, headers={"Cache-Control": "no-cache"})


async def _start(config: SandboxConfig, host: str, port: int) -> tuple[web.AppRunner, str]:
    runner = web.AppRunner(create(config), access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    bound = runner.addresses[0][1]
    return runner, f"http://{f'[{host}]' if ':' in host else host}:{bound}"


@asynccontextmanager
async def running(config: SandboxConfig, port: int = 0) -> AsyncIterator[Client]:
    """Serve a sandbox on 127.0.0.1 while the block lasts; port 0 takes a free one."""
    runner, url = await _start(config, "127.0.0.1", port)
    try:
        async with Client(url) as client:
            yield client
    finally:
        await runner.cleanup()


async def serve(
    config: SandboxConfig,
    host: str = "127.0.0.1",
    port: int = 8420,
    ready: Callable[[str], None] = lambda url: None,
) -> None:
    """Serve until SIGTERM or SIGINT.

    Args:
        config: How the sandbox behaves.
        host: A loopback address.
        port: 0 takes a free one.
        ready: Called with the address once requests are taken.

    Raises:
        ValueError: The host is not this machine; the sandbox knows no passwords.
    """
    if not is_loopback(host):
        raise ValueError(f"host {host!r} is not a loopback address; use 127.0.0.1")
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    runner, url = await _start(config, host, port)
    try:
        ready(url)
        await stop.wait()
    finally:
        await runner.cleanup()
