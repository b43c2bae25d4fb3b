"""How a made-up municipality is laid out, before anything is built on it."""
