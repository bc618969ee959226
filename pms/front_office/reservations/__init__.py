"""Reservations: what was promised to whom."""
