"""Cadastre, buildings and addresses: readers of the registers, and a made-up municipality for the demo."""
