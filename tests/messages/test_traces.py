"""One's own traces as text: whole, readable, and never more than Slack takes."""

import json
from typing import Any

from bot.jobs.retention import ABSENCE_WEEKS
from bot.messages import actions
from bot.messages.readable import readable
from bot.messages.traces import PAGE, pages, traces_view
from bot.messages.trust import trust_view
from sandbox.blocks import check_view
from storage.keys import LIVE_BEFORE
from storage.retention import MONTHS

MANY: dict[str, Any] = {
    "slack_id": "U2ANNA",
    "removed": False,
    "roster": [["مكتب" * 20, "2026-01-05", None, "Europe/Berlin", None, 0.5]],
    "facts": [[f"2026-{1 + n // 28:02}-{1 + n % 28:02}", "C0DESK0000", ["claim", "done", "reply"]] for n in range(300)],
    "pulses": [],
}


def test_the_pages_put_together_are_the_whole() -> None:
    """What is copied page after page is the JSON of everything; no page is larger than it may be."""
    cut = pages(MANY)
    assert len(cut) > 1
    assert json.loads("\n".join(cut)) == MANY
    assert all(len(page) <= PAGE for page in cut)


def test_every_page_is_taken_by_slack_and_leads_to_its_neighbours() -> None:
    """First, middle and last page pass, and so does a page that is not there."""
    last = len(pages(MANY)) - 1
    for asked, on, back in ((0, True, False), (last, False, True), (10**6, False, True), (-3, True, False)):
        view = traces_view(MANY, asked)
        assert check_view(view) == []
        ids = {e["action_id"] for b in view["blocks"] if b["type"] == "actions" for e in b["elements"]}
        assert (actions.TRACES_SHOW + "_on" in ids, actions.TRACES_SHOW + "_back" in ids) == (on, back)


def test_a_person_without_traces_reads_that_there_are_none() -> None:
    """Nothing kept is an honest empty list, and needs no turning of pages."""
    view = traces_view({"slack_id": "U9", "removed": False, "facts": []})
    assert check_view(view) == []
    assert '"facts": []' in readable(view)
    assert not [b for b in view["blocks"] if b["type"] == "actions"]


def test_the_periods_on_the_trust_page_are_those_of_the_code() -> None:
    """Months and weeks that the page names are the constants by which rows are deleted."""
    said = readable(trust_view(on_roster=True))
    assert f"Times: {MONTHS} months" in said
    assert f"Days away: {ABSENCE_WEEKS} weeks" in said
    assert (LIVE_BEFORE, "two months after a month ends" in said) == (2, True)
