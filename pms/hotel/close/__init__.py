"""The close: night audit, statistics, reports, archive."""
