"""Benchmarks: each a ratio against something simple, measured in the same run. Start with ./dev bench [names]."""
