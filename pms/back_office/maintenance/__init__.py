"""Maintenance: what is to be mended, by whom, and the rooms it takes from guests."""
