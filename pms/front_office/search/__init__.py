"""Search: exact codes first, then names in any script."""
