"""How a table stands on paper: column widths, lines, and the rows with which pages begin.

This room knows neither Word nor HTML. Lengths are in points; a font's em is its size.
"""
