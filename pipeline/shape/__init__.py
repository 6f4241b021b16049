"""Tables to tidy frames: labels and totals, who carries what, what was reported. Pure pandas."""
