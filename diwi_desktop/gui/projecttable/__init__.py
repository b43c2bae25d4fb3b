"""The project table: columns, filters, sorting, totals, and the panel that shows them."""
