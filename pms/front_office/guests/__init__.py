"""Guests: who the house knows, with their stays."""
