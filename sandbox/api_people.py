"""auth, apps, users, usergroups, bots, team. Source: https://docs.slack.dev/reference/methods/ ."""

from sandbox.api_conversations import page
from sandbox.config import Json, SlackError
from sandbox.ratelimits import POSTING, TIER_1, TIER_2, TIER_3, TIER_4
from sandbox.webapi import Call, Method


async def api_test(call: Call) -> Json:
    """api.test: gives back what it was given."""
    if call.text("error"):
        raise SlackError(call.text("error"))
    return {"args": {k: v for k, v in call.args.items() if k != "token"}}


async def auth_test(call: Call) -> Json:
    """auth.test."""
    return {
        "url": "https://sandbox.slack.com/",
        "team": call.workspace.team_name,
        "user": call.app.name,
        "team_id": call.workspace.team_id,
        "user_id": call.app.bot_user_id,
        "bot_id": call.app.bot_id,
        "is_enterprise_install": False,
    }


async def connections_open(call: Call) -> Json:
    """apps.connections.open: a WebSocket URL, good for one connection."""
    return {"url": call.sandbox.sockets.open(call.origin)}


async def users_info(call: Call) -> Json:
    """users.info; strangers lack a locale."""
    user = call.workspace.user(call.required("user", "user_not_found"))
    body = user.api(call.workspace.now())
    if call.flag("include_locale") and not user.is_stranger:
        body["locale"] = "en-US"
    return {"user": body}


async def users_list(call: Call) -> Json:
    """users.list."""
    now = call.workspace.now()
    everyone = [u.api(now) for u in call.workspace.users.values() if not u.is_stranger]
    some, metadata = page(call, everyone, 200, 1000)
    return {"members": some, "cache_ts": int(now), "response_metadata": metadata}


async def usergroups_list(call: Call) -> Json:
    """usergroups.list."""
    groups = []
    for group in call.workspace.usergroups.values():
        body: Json = {
            "id": group["id"],
            "team_id": call.workspace.team_id,
            "is_usergroup": True,
            "name": group["handle"],
            "handle": group["handle"],
            "date_delete": 0,
            "user_count": len(group["users"]),
        }
        if call.flag("include_users"):
            body["users"] = list(group["users"])
        groups.append(body)
    return {"usergroups": groups}


async def usergroup_users(call: Call) -> Json:
    """usergroups.users.list."""
    group = call.workspace.usergroups.get(call.required("usergroup"))
    if group is None:
        raise SlackError("no_such_subteam")
    return {"users": list(group["users"])}


async def bots_info(call: Call) -> Json:
    """bots.info: the app's own bot, or another one seen in the workspace."""
    bot = call.text("bot") or call.app.bot_id
    if bot == call.app.bot_id:
        about = {"name": call.app.name, "user_id": call.app.bot_user_id, "app_id": call.app.app_id}
    else:
        users = [u for u in call.workspace.users.values() if u.is_bot and u.profile.get("bot_id") == bot]
        if not users:
            raise SlackError("bot_not_found")
        about = {"name": users[0].name, "user_id": users[0].id, "app_id": f"A{bot[1:]}"}
    return {"bot": {"id": bot, "deleted": False, "updated": 0, "icons": {}, **about}}


async def team_info(call: Call) -> Json:
    """team.info."""
    about = {"id": call.workspace.team_id, "name": call.workspace.team_name, "domain": "sandbox"}
    return {"team": {**about, "email_domain": "", "icon": {"image_default": True}}}


METHODS = {
    "api.test": Method(api_test, (), POSTING),
    "auth.test": Method(auth_test, (), POSTING),
    "apps.connections.open": Method(connections_open, (), TIER_1 * 60, token="app"),  # noqa: S106
    "users.info": Method(users_info, ("users:read",), TIER_4, reads=True),
    "users.list": Method(users_list, ("users:read",), TIER_2, reads=True),
    "usergroups.list": Method(usergroups_list, ("usergroups:read",), TIER_2, reads=True),
    "usergroups.users.list": Method(usergroup_users, ("usergroups:read",), TIER_2, reads=True),
    "bots.info": Method(bots_info, ("users:read",), TIER_3, reads=True),
    "team.info": Method(team_info, ("team:read",), TIER_3, reads=True),
}
