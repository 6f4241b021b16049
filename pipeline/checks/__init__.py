"""Rules across an edition's tables: what only shows when tables are compared."""
