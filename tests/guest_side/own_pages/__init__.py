"""Guests at the pages of booking and of their stay."""
