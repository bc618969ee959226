"""Set up: every desk at which the house says how it works, on one page."""
