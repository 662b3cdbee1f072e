"""Thinking: numbers in (arrays, a team's roster), small frozen results out. No Slack, SQL, clock or words.

`seen` is what was seen: working hours, who is there to work, requests, the work done. `theory` is what would hold of
any team: queues, posteriors, change points. What stands beside them judges: `picture` is one look at a team,
`danger` where the wait gets too long, `verdict` how it stands and what made that, `assess` all of it; `results` is what
the other floors read, and `tiers` what of it a team of that size may see.
"""
