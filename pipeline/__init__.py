"""Performance-management documents from CSV: one edition in, four official annexes out."""
