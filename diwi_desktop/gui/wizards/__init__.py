"""Dialogs that lead through a job of several steps: delivering to a province."""
