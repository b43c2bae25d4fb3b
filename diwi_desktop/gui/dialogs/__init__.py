"""Small dialogs: a new project, a new register, settings, keys, about. Their forms are under ui/."""
