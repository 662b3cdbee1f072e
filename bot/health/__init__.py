"""Thinking: numbers in (arrays, a team's roster), small frozen results out. No Slack, SQL, clock or words.

`worktime` measures working hours, `capacity` who is there to work, `queueing` what wait follows, `danger`
where the wait gets too long, `posterior` how sure all that is; `results` is what the other floors read.
"""
