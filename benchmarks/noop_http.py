"""The baseline of `benchmarks.serve`: a Bolt app that answers every signed event and keeps nothing."""

import sys

from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient


def main(url: str, port: int) -> None:
    """Serve until killed, as Bolt itself does."""
    client = AsyncWebClient(token="xoxb-bench", base_url=url)
    app = AsyncApp(signing_secret="bench-secret", client=client)

    @app.event("message")
    async def heard() -> None:
        """Nothing to do."""

    app.server(port=port, path="/slack/events", host="127.0.0.1").start()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
