"""The baseline of `benchmarks.ingest`: a Bolt app that acknowledges everything and keeps nothing."""

import asyncio
import sys

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient


async def main(url: str) -> None:
    """Serve until killed."""
    client = AsyncWebClient(token="xoxb-bench", base_url=url)
    app = AsyncApp(signing_secret="unused", client=client)

    @app.event("message")
    async def heard() -> None:
        """Nothing to do."""

    await AsyncSocketModeHandler(app, "xapp-bench", ping_interval=2).start_async()  # type: ignore[no-untyped-call]  # Bolt leaves it bare


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
