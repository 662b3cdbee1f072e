"""Simulated desks whose true load is known, to judge the detector on teams it was never tuned on.

usage: python -m benchmarks.desks OUT [--teams 120] [--seed 1] [--replicas 16] [--families NAME …]

Writes OUT/truth.jsonl, OUT/ID.signals.jsonl.gz and OUT/ID.team.json as `benchmarks.scenarios` reads them: 26 weeks from
Monday 2024-01-01, Monday to Friday 09:00–17:00 UTC. Half of the teams drift (demand, staff_loss, service_time,
rework), half do not (stable, growth_with_hiring, one_week_surge, holidays, faster_but_more, mild). Nothing of the
package it judges is imported here.

- `people`: who is there when, and the axis of working hours on which everything is simulated
- `plan`: the numbers of one desk, drawn at random, and its weeks
- `floor`: the desk at work, event by event
- `log`: what of that shows in a log
- `families`: what real desks have besides, by name: so many teams of each family instead of plain ones
- `truth`: how long people really waited, and since when twice as long
"""
