"""People: employees apart from sign-ins, their positions, papers and training, and what is due."""
