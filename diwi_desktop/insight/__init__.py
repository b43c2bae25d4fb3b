"""Indicators and reports over plans."""
