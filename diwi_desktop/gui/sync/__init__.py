"""Working together, as the window shows it: the state of the synchronisation, conflicts, what was not accepted."""
