"""Reading other people's logs: each format becomes `Fact`s; bad rows are told and good ones kept.

`source` opens a file, `table` reads delimited text, `times` reads moments, `kinds` reads words; `signals`,
`tickets` and `eventlog` know one format each (`held` sorts what is too long for memory); `tally` counts. For Slack
exports `archive` opens the zip, `jsonarray` reads a day, `export` knows the format and `exportteam` who answers.
"""
