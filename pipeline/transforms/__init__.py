"""Pure pandas: totals, merge spans, who carries what, progress, scoring."""
