"""What people do that the app must answer: commands, buttons, selects, forms, shortcuts, App Home.

Source: https://docs.slack.dev/reference/interaction-payloads/
"""

import re

from sandbox import views
from sandbox.config import Json, SlackError
from sandbox.inputs import entry, find, initial_state
from sandbox.records import Channel, Message, View
from sandbox.replies import answer
from sandbox.sandbox import Sandbox
from sandbox.workspace import Workspace

_TYPED = re.compile(r"<@(\w+)(?:\|[^>]*)?>|(?<![\w<^|])@([\w.-]+)|(?<![\w<&])#([\w-]+)")


def encode_mentions(workspace: Workspace, text: str, with_names: bool) -> str:
    """Turn typed `@name` and `#name` into Slack's `<@U1>`, `<#C1|name>`, `<!subteam^S1|@name>`.

    Args:
        workspace: Where the names are known.
        text: As typed; `&`, `<` and `>` are taken as already escaped.
        with_names: Write `<@U1|name>`, as commands with `should_escape` get it.
    """
    users = {u.name: u for u in workspace.users.values()}
    channels = {c.name: c for c in workspace.channels.values() if c.name}
    groups = {g["handle"]: g for g in workspace.usergroups.values()}

    def encode(match: re.Match[str]) -> str:
        user_id, person, channel = match.groups()
        user = workspace.users.get(user_id or "") or users.get(person or "")
        if user is not None:
            return f"<@{user.id}|{user.name}>" if with_names else f"<@{user.id}>"
        if person in groups:
            return f"<!subteam^{groups[person]['id']}|@{person}>"
        if channel in channels:
            return f"<#{channels[channel].id}|{channel}>"
        return match.group(0)

    return _TYPED.sub(encode, text)


def _feedback(element: Json, value: object) -> Json:
    """The thumb that was pressed, by its value."""
    for name in ("positive_button", "negative_button"):
        if element[name]["value"] == value:
            return {"value": value, "text": element[name]["text"]}
    raise SlackError("no_such_element", detail=f"neither feedback button has the value {value!r}")


class Interactions:
    """Acts for people and waits for the app's ack."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._workspace = sandbox.workspace

    def who(self, user: str) -> Json:
        """The parts that every interaction payload carries."""
        person = self._workspace.user(user)
        return {
            "token": "sandbox-verification-token",
            "api_app_id": self._workspace.app.app_id,
            "team": {"id": self._workspace.team_id, "domain": "sandbox"},
            "enterprise": None,
            "is_enterprise_install": False,
            "user": {
                "id": user,
                "username": person.name,
                "name": person.name,
                "team_id": person.team_id or self._workspace.team_id,
            },
        }

    async def ask(self, kind: str, payload: Json) -> Json | None:
        """Deliver a payload and return the ack's; failures carry Slack's name for them."""
        try:
            ack = await self._sandbox.deliveries.ask(kind, payload)
        except ConnectionError:
            raise SlackError("dispatch_failed") from None
        except TimeoutError:
            raise SlackError("operation_timeout") from None
        if ack:
            label = payload.get("type") or payload.get("command")
            self._sandbox.calls.add("ack", {"type": label, "payload": ack}, {"ok": True})
        return ack

    # -- commands -----------------------------------------------------------------------------

    async def command(self, user: str, channel: Channel, command: str, text: str, origin: str) -> Json:
        """A person types a slash command; failures are shown to them, as Slack shows them."""
        app = self._workspace.app
        if self._workspace.user(user).is_stranger:
            raise SlackError("restricted_action")
        if app.commands is not None and command not in app.commands:
            raise SlackError("unknown_command", text=f"{command} is not a valid command.")
        path = self._sandbox.responses.issue(user, channel.id)
        names = {"im": "directmessage", "group": "privategroup"}
        payload = {
            "token": "sandbox-verification-token",
            "team_id": self._workspace.team_id,
            "team_domain": "sandbox",
            "channel_id": channel.id,
            "channel_name": names.get(channel.kind, channel.name),
            "user_id": user,
            "user_name": self._workspace.user(user).name,
            "command": command,
            "text": encode_mentions(self._workspace, text, True) if app.should_escape else text,
            "api_app_id": app.app_id,
            "is_enterprise_install": "false",
            "response_url": origin + path,
            "trigger_id": self._sandbox.triggers.issue(user),
        }
        if "commands" not in app.scopes:
            raise SlackError("unknown_command", text=f"{command} is not a valid command.")
        try:
            ack = await self.ask("slash_commands", payload)
        except SlackError as error:
            note = f'{command} failed with the error "{error.code}"'
            self._whisper(user, channel, note)
            raise SlackError(error.code, text=note) from None
        return self._show_ack(user, channel, command, ack)

    def _show_ack(self, user: str, channel: Channel, command: str, ack: Json | None) -> Json:
        if not ack or not (ack.get("text") or ack.get("blocks")):
            return {"shown": "nothing"}
        target = self._sandbox.responses.use(self._sandbox.responses.issue(user, channel.id).rpartition("/")[2])
        try:
            return answer(self._sandbox, target, ack)
        except SlackError as error:
            note = f'{command} failed with the error "{error.code}"'
            self._whisper(user, channel, note)
            raise SlackError(error.code, text=note, **error.fields) from None

    def _whisper(self, user: str, channel: Channel, text: str) -> None:
        ts = channel.next_ts(self._workspace.now())
        self._workspace.post(channel, Message(ts, text, "USLACKBOT", ephemeral_to=user))

    # -- buttons and selects --------------------------------------------------------------------

    async def act_on_message(self, user: str, channel: Channel, message: Message, choice: Json, origin: str) -> Json:
        """A person uses an element of a message; `choice` is the request's own body."""
        blocks = message.blocks or []
        block, element = find(blocks, str(choice.get("action_id")), choice.get("block_id"))
        action = self._action(block, element, choice)
        state = message.states.setdefault(user, initial_state(blocks))
        self._keep(state, block, element, action)
        if block["type"] == "input" and not block.get("dispatch_action"):
            return {"shown": "kept"}
        hidden = message.ephemeral_to is not None
        container: Json = {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": channel.id,
            "is_ephemeral": hidden,
        }
        if message.is_reply:
            container["thread_ts"] = message.thread_ts
        path = self._sandbox.responses.issue(
            user, channel.id, message.ts, message.thread_ts if message.is_reply else None
        )
        payload = {
            "type": "block_actions",
            **self.who(user),
            "container": container,
            "trigger_id": self._sandbox.triggers.issue(user),
            "channel": {"id": channel.id, "name": channel.name or "directmessage"},
            "state": {"values": state},
            "response_url": origin + path,
            "actions": [action],
        }
        if not hidden:
            payload["message"] = self._workspace.shown(channel, message)
        await self.ask("interactive", payload)
        return {"shown": "sent"}

    async def act_on_view(self, view: View, choice: Json) -> Json:
        """A person uses an element of a modal or of App Home."""
        blocks = view.body["blocks"]
        block, element = find(blocks, str(choice.get("action_id")), choice.get("block_id"))
        action = self._action(block, element, choice)
        self._keep(view.state, block, element, action)
        if block["type"] == "input" and not block.get("dispatch_action"):
            return {"shown": "kept"}
        is_modal = view.body["type"] == "modal"
        payload = {
            "type": "block_actions",
            **self.who(view.user),
            "container": {"type": "view", "view_id": view.id},
            "trigger_id": self._sandbox.triggers.issue(view.user, view.id if is_modal else None),
            "view": views.shown(self._sandbox, view),
            "actions": [action],
        }
        await self.ask("interactive", payload)
        return {"shown": "sent"}

    def _action(self, block: Json, element: Json, choice: Json) -> Json:
        kind = element["type"]
        base = {
            "type": kind,
            "action_id": element["action_id"],
            "block_id": block["block_id"],
            "action_ts": f"{self._workspace.now():.6f}",
        }
        if kind == "feedback_buttons":
            return {**base, **_feedback(element, choice.get("value"))}
        if kind not in ("button", "icon_button", "workflow_button"):
            return {**base, **entry(element, choice.get("values", choice.get("value")))}
        action = {**base, "text": element["text"]}
        for name in ("value", "style", "url", "icon"):
            if name in element:
                action[name] = element[name]
        if choice.get("value") not in (None, element.get("value")):
            raise SlackError("no_such_element", detail="the button has another value")
        return action

    @staticmethod
    def _keep(state: dict[str, dict[str, Json]], block: Json, element: Json, action: Json) -> None:
        held = state.get(block["block_id"], {})
        if element["action_id"] in held:
            extra = ("action_id", "block_id", "action_ts")
            held[element["action_id"]] = {k: v for k, v in action.items() if k not in extra}

    # -- shortcuts and App Home -----------------------------------------------------------------

    async def shortcut(self, user: str, callback_id: str) -> Json:
        """A person picks a global shortcut; it needs the scope `commands`, as slash commands do."""
        if self._workspace.user(user).is_stranger:
            raise SlackError("restricted_action")
        known = () if "commands" not in self._workspace.app.scopes else self._workspace.app.shortcuts
        if known is not None and callback_id not in known:
            raise SlackError("unknown_shortcut", detail=f"no shortcut has callback_id {callback_id!r}")
        payload = {
            "type": "shortcut",
            **self.who(user),
            "callback_id": callback_id,
            "action_ts": f"{self._workspace.now():.6f}",
            "trigger_id": self._sandbox.triggers.issue(user),
        }
        await self.ask("interactive", payload)
        return {"shown": "sent"}

    def open_home(self, user: str, tab: str = "home") -> Json:
        """A person opens App Home or its messages tab; the app learns of it by an event."""
        channel = self._workspace.direct(user)
        now = f"{self._workspace.now():.6f}"
        event: Json = {
            "type": "app_home_opened",
            "user": user,
            "channel": channel.id,
            "tab": tab,
            "event_ts": now,
        }
        view_id = self._workspace.homes.get(user)
        if view_id is not None and tab == "home":
            event["view"] = views.shown(self._sandbox, self._workspace.views[view_id])
        self._workspace.announce(event, None)
        return {"home": event.get("view")}
