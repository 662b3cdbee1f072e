"""What the bot remembers: the only place with SQL, one file for each noun.

- `database`: the file itself: opening, reading, writing in one transaction, errors in plain words.
- `migrations`: the schema, step by step.
- `writer`: facts that must be on disk before Slack gets its acknowledgement.
- `signals`: facts by the thousand, in and out.
- `requests`: what is waiting, derived from the facts.
- `teams`: who answers which queue, and when they did.
- `keys`: pseudonyms, their monthly keys, and people who want none.
- `retention`: what is let go, and when.
- `alerts`, `outbox`, `due`: changes of level, posts to make, jobs to run.

No other floor sees a row or a connection. Times are Unix microseconds in facts (Slack's `ts` without its dot)
and Unix seconds elsewhere.
"""
