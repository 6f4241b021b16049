"""Word templates to documents: prepared and compiled once, rendered many times."""
