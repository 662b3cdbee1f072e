"""Words and pictures: results of `bot/health` in, Slack's Block Kit out. Nothing here asks, stores or sends.

`alerts` a change of level · `report` the first report · `load` what responders see · `waiting` what
requesters see · `announcement` in the queue · `setup`, `trust` modals · `help` · `problem` one sentence when
something cannot be done · `readable` any of these as plain text · `actions` every id that Slack sends back.
"""
