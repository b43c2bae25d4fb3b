"""Beheer: what a municipality keeps itself - own fields, lists, price classes, people, its own facts."""

from diwi_desktop.gui.admin.panel import AdminPanel

__all__ = ["AdminPanel"]
