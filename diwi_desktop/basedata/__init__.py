"""Cadastral parcels, buildings and base maps that plans are drawn on."""
