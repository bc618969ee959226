"""Requests: the board with its clocks, each request with what can be done, and who is on duty."""
