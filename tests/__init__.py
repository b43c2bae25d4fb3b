"""The tests. A package of its own, because libraries install one of the same name."""
