"""The timeline: of one project, to work on, and of all projects, to read."""

from diwi_desktop.gui.timeline.panel import PlanningPanel
from diwi_desktop.gui.timeline.portfolio.widget import PortfolioTimeline
from diwi_desktop.gui.timeline.widget import TimelineWidget

__all__ = ["PlanningPanel", "PortfolioTimeline", "TimelineWidget"]
