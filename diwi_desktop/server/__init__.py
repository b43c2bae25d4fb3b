"""The shared server: one truth for many laptops, on PostgreSQL. Knows nothing of the store or the window."""
