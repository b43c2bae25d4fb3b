"""Geometry in RD New: coordinates, shapes, edits and snapping (shapely, pyproj, numpy; no Qt)."""
