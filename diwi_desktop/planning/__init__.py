"""Milestones, lead times and expectations."""
