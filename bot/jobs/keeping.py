"""Keeping no longer than was said: once a day, what is too old goes."""

from bot.jobs.work import Work
from storage.retention import expire

DAILY = 86_400.0


def retention(work: Work, _subject: int) -> float:
    """Drop what is older than was promised, and the keys of months gone by; due again tomorrow."""
    expire(work.db, work.clock())
    return work.clock() + DAILY
