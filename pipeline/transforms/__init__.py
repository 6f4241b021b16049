"""Pure pandas: totals, merge spans, who is responsible for which points, progress, scoring."""
