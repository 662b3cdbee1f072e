"""A strict local Slack: Web API, Socket Mode, people to act as, faults on order. Knows only Slack.

`server` starts it, `client` drives it, `control` documents the control API, `workspace` holds the state,
`webapi` and the `api_*` files answer the app, `socketmode` and `httpform` carry events to it, `interactions`
and `forms` act for people. `docs/sandbox.md` is for those who test a bot with it.
"""
