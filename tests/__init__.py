"""Tests, in the folders of the house; see CONTRIBUTING.md."""
