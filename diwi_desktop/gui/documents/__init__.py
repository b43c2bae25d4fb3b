"""The documents of a project, as the project page shows them."""
