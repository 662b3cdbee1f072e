"""Reading other people's logs: each format becomes `Fact`s; bad rows are told and good ones kept.

`source` opens a file, `table` reads delimited text, `times` reads moments, `kinds` reads words; `signals`,
`tickets` and `eventlog` know one format each; `tally` counts.
"""
