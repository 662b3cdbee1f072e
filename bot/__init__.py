"""Headroom: how much slack a team has left, before the wait explodes.

The house, from the door down. Imports run one way, and `tests/test_house.py` holds them to it.

    cli          `headroom …`: thin, each command calls one function
    demo/        a workspace, eight weeks of two desks' lives, and the bot invited into it
    doctor/      what stands between an installation and a working bot, and how to mend it
    app          build(settings): the only place where parts meet
    web          the HTTP door: Slack's signed requests, and a readiness page
    handlers/    hear: Slack listeners by feature (signals: what becomes durable before an ack)
    timetable    job · when · function; wakes, never decides
    jobs/        decide when: a module for each job of the timetable
    report/      what an operator asks for in a terminal: report, backtest, what-if, what was sent
    privacy/     docs/privacy.md and `headroom privacy-report`, from schema, manifest and code
    services/    do what a feature does, one noun a file, whether somebody asks or it is time
    outbox       every channel post and direct message: claim, send, confirm, or find out
    slack        our few calls to Slack's Web API
    messages/    speak: results in, Block Kit out
    importing/   other people's logs → Signals: JSON lines, tickets, event logs, Slack exports
    capture      Slack event + roster → Signal; text is dropped here
    mentions     Slack event + roster → interruptions of a team; likewise
    storage/     remember: the only SQL
    health/      think: numpy in, small frozen results out; no Slack, no SQL, no clock
                 theory/ knows no team, seen/ knows no verdict
    signal, team, watch, emoji, presets, wordlists, errors    the words all floors share
    final_words  which of Slack's words are final, of what, and where Slack says so
    wishes, readers                  a team's settings: one table, of which form, columns and team file are made
    settings     the environment → a frozen Settings
    manifest     the Slack app manifest, for each level of trust
    logs         what the log may carry: no tokens, no words of people
    sandbox/     a strict local Slack; knows nothing of Headroom and serves any Bolt app
"""
