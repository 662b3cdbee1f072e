"""Decide when: each module holds a job of the timetable, `(work, subject) -> due again`, or a part of one."""
