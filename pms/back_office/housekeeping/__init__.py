"""Housekeeping: how every room is, turned in one tap, and which are kept from guests."""
