"""DIWI GeoJSON in both its dialects: from a file to drafts, with every finding of the file at once."""

from diwi_desktop.exchange.geojson.reader import read_geojson

__all__ = ["read_geojson"]
