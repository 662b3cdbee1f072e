"""The demo: a workspace, eight weeks of two desks' lives, and the bot invited into it as a lead would.

`cast` is who and what, `history` is what happened, `story` is what the script does in Slack, `run` starts the two
programs and shows it.
"""
