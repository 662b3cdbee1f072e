"""What was seen: signals become requests, working time, capacity, work and utilization."""
