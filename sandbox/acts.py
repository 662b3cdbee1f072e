"""`POST /sandbox/act`: one function for each thing a person can do."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sandbox import channels, views
from sandbox.config import Json, SlackError
from sandbox.forms import Forms
from sandbox.interactions import Interactions, encode_mentions
from sandbox.records import Channel, Message, View
from sandbox.sandbox import Sandbox
from sandbox.typed import rich_text, with_links


@dataclass(frozen=True)
class Act:
    """One request: who does what, with which arguments, and the server's own address."""

    user: str
    body: Json
    origin: str

    def need(self, name: str) -> str:
        """A string argument; `invalid_arguments` naming it when it is missing."""
        value = self.body.get(name)
        if not isinstance(value, str) or not value:
            raise SlackError("invalid_arguments", detail=f"{self.body.get('do')!r} needs {name!r}")
        return value


Do = Callable[[Act], Awaitable[Json]]


class Acts:
    """Everything a person can do, by the name in `do`."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._workspace = sandbox.workspace
        self._interactions = Interactions(sandbox)
        self._forms = Forms(sandbox, self._interactions)
        self._table: dict[str, Do] = {
            "message": self._message,
            "edit": self._edit,
            "delete": self._delete,
            "react": self._react,
            "unreact": self._unreact,
            "invite": self._invite,
            "join": self._join,
            "leave": self._leave,
            "kick": self._kick,
            "archive": self._archive,
            "unarchive": self._unarchive,
            "rename": self._rename,
            "change_id": self._change_id,
            "create": self._create,
            "profile": self._profile,
            "command": self._command,
            "click": self._choose,
            "select": self._choose,
            "view_submit": self._submit,
            "view_close": self._close,
            "home": self._home,
            "shortcut": self._shortcut,
        }

    @property
    def names(self) -> list[str]:
        """What `do` may say."""
        return sorted(self._table)

    async def run(self, body: Json, origin: str) -> Json:
        """Carry out one act.

        Args:
            body: `{"as", "do", ...}`.
            origin: Address that response URLs point to.

        Raises:
            SlackError: Named as Slack names it, or `unknown_act` and `user_not_found`.
        """
        do = self._table.get(str(body.get("do")))
        if do is None:
            note = f"do {body.get('do')!r} is not one of {sorted(self._table)}"
            raise SlackError("unknown_act", detail=note)
        user = self._workspace.user(str(body.get("as")))
        if user.deleted:
            raise SlackError("user_disabled")
        return await do(Act(user.id, body, origin))

    def _channel(self, act: Act) -> Channel:
        return self._workspace.visible(act.need("channel"), act.user)

    def _found(self, act: Act) -> tuple[Channel, Message]:
        channel = self._channel(act)
        return channel, self._workspace.message(channel, act.need("ts"), act.user)

    def _own(self, act: Act) -> tuple[Channel, Message]:
        channel, message = self._found(act)
        if message.user != act.user:
            raise SlackError("cant_update_message")
        return channel, message

    # -- messages -----------------------------------------------------------------------------

    async def _message(self, act: Act) -> Json:
        target = act.need("channel")
        if target == self._workspace.app.bot_user_id:
            channel = self._workspace.direct(act.user)
        else:
            channel = self._workspace.joined(target, act.user)
        text = with_links(encode_mentions(self._workspace, str(act.body.get("text", "")), False))
        if not text and not act.body.get("blocks"):
            raise SlackError("no_text")
        message = self._workspace.person_posts(
            act.user, channel, text, act.body.get("thread_ts"), act.body.get("blocks")
        )
        return {"ts": message.ts, "channel": channel.id}

    async def _edit(self, act: Act) -> Json:
        channel, message = self._own(act)
        text = with_links(encode_mentions(self._workspace, act.need("text"), False))
        self._workspace.edit(channel, message, act.user, text=text, blocks=[rich_text(text)])
        return {"ts": message.ts}

    async def _delete(self, act: Act) -> Json:
        channel, message = self._found(act)
        if message.ephemeral_to is None and message.user != act.user:
            raise SlackError("cant_delete_message")
        self._workspace.delete(channel, message)
        return {"ts": message.ts}

    async def _react(self, act: Act) -> Json:
        channel, message = self._found(act)
        self._workspace.joined(channel.id, act.user)
        self._workspace.react(channel, message, act.user, act.need("name").strip(":"))
        return {}

    async def _unreact(self, act: Act) -> Json:
        channel, message = self._found(act)
        self._workspace.unreact(channel, message, act.user, act.need("name").strip(":"))
        return {}

    # -- channels -----------------------------------------------------------------------------

    async def _invite(self, act: Act) -> Json:
        channel = self._workspace.joined(act.need("channel"), act.user)
        channels.join(self._workspace, channel, act.need("user"), act.user)
        return {}

    async def _join(self, act: Act) -> Json:
        channels.join(self._workspace, self._channel(act), act.user)
        return {}

    async def _leave(self, act: Act) -> Json:
        channels.leave(self._workspace, self._channel(act), act.user)
        return {}

    async def _kick(self, act: Act) -> Json:
        channel = self._workspace.joined(act.need("channel"), act.user)
        channels.leave(self._workspace, channel, act.need("user"))
        return {}

    async def _archive(self, act: Act) -> Json:
        channels.archive(self._workspace, self._channel(act), act.user, True)
        return {}

    async def _unarchive(self, act: Act) -> Json:
        channels.archive(self._workspace, self._channel(act), act.user, False)
        return {}

    async def _rename(self, act: Act) -> Json:
        channels.rename(self._workspace, self._channel(act), act.need("name"), act.user)
        return {}

    async def _change_id(self, act: Act) -> Json:
        channels.change_id(self._workspace, self._channel(act), act.need("id"))
        return {}

    async def _create(self, act: Act) -> Json:
        private = bool(act.body.get("is_private"))
        return {"channel": channels.create(self._workspace, act.need("name"), act.user, private).id}

    async def _profile(self, act: Act) -> Json:
        fields = act.body.get("profile")
        if not isinstance(fields, dict):
            raise SlackError("invalid_arguments", detail="'profile' needs an object 'profile'")
        channels.change_profile(self._workspace, act.user, fields)
        return {}

    # -- the app ------------------------------------------------------------------------------

    async def _command(self, act: Act) -> Json:
        command, text = act.need("command"), str(act.body.get("text", ""))
        return await self._interactions.command(act.user, self._channel(act), command, text, act.origin)

    async def _choose(self, act: Act) -> Json:
        if act.body.get("view_id"):
            return await self._interactions.act_on_view(self._view(act), act.body)
        channel, message = self._found(act)
        return await self._interactions.act_on_message(act.user, channel, message, act.body, act.origin)

    def _view(self, act: Act) -> View:
        view = views.find(self._sandbox, act.need("view_id"))
        if view.user != act.user:
            raise SlackError("not_found")
        return view

    async def _submit(self, act: Act) -> Json:
        values = act.body.get("values") or {}
        return await self._forms.submit(self._view(act), values, act.origin)

    async def _close(self, act: Act) -> Json:
        return await self._forms.close(self._view(act), bool(act.body.get("all")))

    async def _home(self, act: Act) -> Json:
        tab = str(act.body.get("tab", "home"))
        if tab not in ("home", "messages"):
            raise SlackError("invalid_arguments", detail=f"tab {tab!r} must be 'home' or 'messages'")
        return self._interactions.open_home(act.user, tab)

    async def _shortcut(self, act: Act) -> Json:
        return await self._interactions.shortcut(act.user, act.need("callback_id"))
