"""Booking: a guest finds a room, chooses, and promises to come."""
