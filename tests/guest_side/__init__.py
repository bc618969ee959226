"""Guests at their own pages."""
