"""A returned Word file to the rows of a form."""
