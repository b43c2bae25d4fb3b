"""The command line: the same functions as the window, without a screen."""

from diwi_desktop.cli.main import main

__all__ = ["main"]
