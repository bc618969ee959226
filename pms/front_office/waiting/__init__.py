"""Waiting: who would come if a room came free, and who was turned away."""
