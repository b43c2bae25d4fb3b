"""A made-up municipality with plans in all phases and two years of history, for a first look and for tests."""

from diwi_desktop.demo.build import make_demo

__all__ = ["make_demo"]
