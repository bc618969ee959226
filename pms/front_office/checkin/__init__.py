"""Check-in: rooms given to those who come, keys handed over, rooms and nights changed after."""
