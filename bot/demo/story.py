"""What the script does in the workspace, as the lead and the requesters would: invite, set up, ask, answer."""

import asyncio
from collections.abc import Callable
from typing import Any

import numpy as np

from bot.demo import cast, history
from bot.demo.cast import Desk
from bot.messages import actions
from sandbox.client import Client

BOT = "U0HEADROOM"
APP = {
    "name": "Headroom",
    "bot_user_id": BOT,
    "bot_id": "B0HEADROOM",
    "app_id": "A0HEADROOM",
    "bot_token": "xoxb-demo",
    "app_token": "xapp-demo",
    "commands": ["/headroom"],
    "shortcuts": {actions.FRICTION_SHORTCUT: "Report a process flaw"},
}

Tell = Callable[[str], None]

PRESS_AGAIN = 30.0
"""Seconds without a form after which its button is pressed again."""


async def furnish(sandbox: Client, app: dict[str, Any]) -> None:
    """Fill the workspace: people, channels, and eight weeks of what was written."""
    people = {**cast.PEOPLE, **cast.SELLERS}
    users = [
        {"id": user, "name": name.split()[0].lower(), "real_name": name, "tz": cast.TZ} for user, name in people.items()
    ]
    everybody = list(people)
    channels = []
    for desk in cast.DESKS:
        queue, team = desk.queue, desk.team
        channels += [
            {
                "id": queue[0],
                "name": queue[1],
                "is_private": False,
                "members": everybody,
                "topic": "Ask here",
            },
            {"id": team[0], "name": team[1], "is_private": True, "members": list(desk.people), "topic": ""},
        ]
    await sandbox.seed(users=users, channels=channels, app={**APP, **app})
    for number, desk in enumerate(cast.DESKS):
        messages = history.messages(desk, np.random.default_rng(number + 1))
        await sandbox.seed(messages=messages)


async def set_up(
    sandbox: Client, desk: Desk, tell: Tell, wait_for: Tell = lambda _: None, *, seconds: float = 60.0
) -> None:
    """Invite the bot into a desk's channels and submit the set-up form, as its lead does.

    What the bot has not answered on a busy machine is pressed again, as a person would.

    Args:
        sandbox: The workspace.
        desk: Whose lead sets it up.
        tell: Told what is done.
        wait_for: Told what is waited for.
        seconds: Real seconds that each step may take.

    Raises:
        TimeoutError: A step took longer.
    """
    lead, queue = desk.people[0], desk.queue[0]
    tell(f"{cast.PEOPLE[lead]} invites Headroom to #{desk.team[1]} and #{desk.queue[1]}, and presses Set up.")
    wait_for(f"the hint in #{desk.queue[1]}")
    await sandbox.act(lead, "invite", channel=desk.team[0], user=BOT)
    await sandbox.act(lead, "invite", channel=queue, user=BOT)
    hint = await bot_message(sandbox, lead, queue, actions.OPEN_SETUP, seconds)
    wait_for("the set-up form")
    view = await _form(sandbox, desk, hint["ts"], seconds)
    values = {
        actions.NAME: desk.name,
        actions.PRESET: desk.preset,
        actions.RESPONDERS: list(desk.people),
        actions.LEAD: lead,
        actions.TEAM_CHANNEL: desk.team[0],
        actions.HISTORY: "90",
    }
    filled = {field: {field: value} for field, value in values.items()}
    end = _now() + seconds
    while True:
        answer = await sandbox.try_act(lead, "view_submit", view_id=view["id"], values=filled)
        if answer.get("ok") and not answer.get("errors"):
            break
        amiss = f"the set-up form to be taken ({answer.get('errors') or answer.get('error')})"
        if _now() > end:
            raise TimeoutError(f"after {seconds:g} s still waiting for {amiss}")
        wait_for(amiss)
        await asyncio.sleep(1)
    wait_for("the form to say that the team is set up")
    saved = await modal(sandbox, lead, f"{desk.name} is set up", seconds)
    await sandbox.act(lead, "view_close", view_id=saved["id"])


async def _form(sandbox: Client, desk: Desk, hint: str, seconds: float) -> dict[str, Any]:
    """Press the hint's button until the set-up form opens."""
    lead, end = desk.people[0], _now() + seconds
    while True:
        await sandbox.try_act(lead, "click", channel=desk.queue[0], ts=hint, action_id=actions.OPEN_SETUP)
        try:
            return await modal(sandbox, lead, actions.SETUP_VIEW, min(PRESS_AGAIN, seconds))
        except TimeoutError:
            if _now() > end:
                raise


def _now() -> float:
    return asyncio.get_running_loop().time()


async def bot_message(
    sandbox: Client, user: str, channel: str, action_id: str, seconds: float = 60.0
) -> dict[str, Any]:
    """Wait for a message of the bot in a channel that carries a button of that action id."""

    async def found(client: Client) -> dict[str, Any] | None:
        for message in reversed(await client.messages(user, channel)):
            for block in message.get("blocks") or ():
                if any(e.get("action_id") == action_id for e in block.get("elements") or ()):
                    return dict(message)
        return None

    return dict(await sandbox.wait_for(found, f"message with the button {action_id}", seconds=seconds))


async def modal(sandbox: Client, user: str, holding: str, seconds: float = 60.0) -> dict[str, Any]:
    """Wait until a view stands before that person that holds something, after "one moment"."""

    async def found(client: Client) -> dict[str, Any] | None:
        modals = (await client.state(user))["modals"]
        return next((dict(view) for view in modals if holding in str(view)), None)

    return dict(await sandbox.wait_for(found, f"view that holds {holding!r}", seconds=seconds))


async def live(sandbox: Client, every: float) -> None:
    """Requests go on arriving at both desks, and the desks go on answering; until cancelled.

    Args:
        sandbox: The workspace.
        every: Real seconds between two requests.
    """
    rng = np.random.default_rng(7)
    async with asyncio.TaskGroup() as group:
        while True:
            desk = cast.DESKS[0] if rng.random() < 0.65 else cast.DESKS[1]
            asker, person = str(rng.choice(list(cast.SELLERS))), str(rng.choice(desk.people))
            # Whoever looks on may archive the channel or delete what was asked: then this one just does not happen.
            asked = await sandbox.try_act(asker, "message", channel=desk.queue[0], text=str(rng.choice(desk.asks)))
            # The overloaded desk leaves more waiting.
            if asked.get("ok") and rng.random() < (0.4 if desk is cast.ENABLEMENT else 0.9):
                group.create_task(_answer(sandbox, desk, person, asked["ts"], every, rng))
            await asyncio.sleep(float(rng.uniform(0.5, 1.5)) * every)


async def _answer(sandbox: Client, desk: Desk, person: str, ts: str, every: float, rng: np.random.Generator) -> None:
    channel = desk.queue[0]
    await asyncio.sleep(every * float(rng.uniform(0.5, 1.5)))
    await sandbox.try_act(person, "react", channel=channel, ts=ts, name="eyes")
    await sandbox.try_act(person, "message", channel=channel, text=str(rng.choice(cast.BEGINNINGS)), thread_ts=ts)
    await asyncio.sleep(every * float(rng.uniform(2, 5)))
    await sandbox.try_act(person, "message", channel=channel, text=str(rng.choice(cast.ENDS)), thread_ts=ts)
    await sandbox.try_act(person, "react", channel=channel, ts=ts, name="white_check_mark")
