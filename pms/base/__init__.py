"""Floor 0, the ground: database, money, dates, clock, refusals. It knows nothing of hotels."""
