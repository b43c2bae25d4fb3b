"""The window: map, project table, project page, timeline and wizards (Qt)."""
