"""Rules across an edition's tables: what only shows when they are held against each other."""

from pipeline.tables.checks.run import check

__all__ = ["check"]
