"""Import and export: Excel, GeoJSON and the province profiles."""
