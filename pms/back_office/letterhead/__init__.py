"""Letterhead: what the papers of the house say of it."""
