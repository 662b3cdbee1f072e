"""What an operator asks for in a terminal: the report, what was sent, a look back; the same truths as in Slack."""
