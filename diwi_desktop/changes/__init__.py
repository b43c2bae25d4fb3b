"""Changes and acts: what the change log is made of. Pure."""
