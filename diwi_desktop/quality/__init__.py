"""Rules and signals over plans."""
