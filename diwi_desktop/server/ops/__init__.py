"""Running the server: what is counted and logged, whether it is well, back-ups, and what an administrator does."""
