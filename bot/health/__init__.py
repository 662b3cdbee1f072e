"""Thinking: numbers in (arrays, a team's roster), small frozen results out. No Slack, SQL, clock or words.

`seen` is what was seen: working hours, who is there to work, requests, the work done. `theory` is what would hold of
any team: queues, posteriors, change points. What stands beside them judges: `picture` is one look at a team,
`danger` where the wait gets too long, `assess` the verdict; `results` is what the other floors read.
"""
