"""The whole on one machine, to try: PostgreSQL, the server, the demo municipality and two laptops. `./dev server`."""
