"""Benchmarks, each against a named baseline in the same run; see docs/benchmarks.md."""
