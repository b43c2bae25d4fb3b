"""The client side of synchronisation."""
