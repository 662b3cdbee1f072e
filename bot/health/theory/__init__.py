"""What queueing theory and statistics know: formulas, posteriors, change points, replays. They know no team."""
