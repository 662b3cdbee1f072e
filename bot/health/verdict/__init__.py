"""The verdict: can we keep up, and do people wait? Sums of each day, what calm days teach, and the level they give."""
