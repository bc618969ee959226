"""Folios: what a guest owes, window by window."""
