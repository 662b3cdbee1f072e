"""A process that does nothing but empty the outbox, to be killed at random moments by the test beside it."""

import sys
import time
from pathlib import Path

from bot.outbox import Outbox
from bot.slack import Slack
from storage.database import Database


def main() -> None:
    """Send until nothing is on its way: `outbox_child.py DATABASE API_URL TOKEN SETTLE_SECONDS`."""
    path, url, token, settle = sys.argv[1:]
    db = Database.open(Path(path), create=False)
    sender = Outbox(db, Slack(token, url, timeout=60), time.time, "T0SANDBOX", settle=float(settle))
    while (again := sender.run()) is not None:
        time.sleep(max(0.02, min(0.2, again - time.time())))


if __name__ == "__main__":
    main()
