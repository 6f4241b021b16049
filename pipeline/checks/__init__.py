"""Rules across an edition's tables: what only shows when they are held against each other."""
