"""The map's tools, in the order of the toolbar."""
