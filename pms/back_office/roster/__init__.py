"""Roster: each department's week as a grid, its shifts, and what is published."""
