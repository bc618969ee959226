"""The commands: what is done to the house from a terminal, one command a file."""
