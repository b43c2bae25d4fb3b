"""All projects against time, to read."""
