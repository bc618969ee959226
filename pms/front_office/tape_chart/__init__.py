"""The tape chart: rooms by days, where parties are moved and stretched by hand and by key."""
