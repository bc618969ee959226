"""A guest's week and the house's day, end to end, in a real browser, in the hotel's words."""
