"""The project page: everything about one project, to read and to edit."""

from diwi_desktop.gui.projectpage.page import ProjectPage

__all__ = ["ProjectPage"]
