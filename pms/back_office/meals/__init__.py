"""Meals: what the kitchen wants to know."""
