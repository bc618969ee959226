"""Rooms: how each one is, and who holds it next."""
