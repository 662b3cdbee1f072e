"""What is kept and why, told from schema, manifest and code, so that no page can say another thing."""
