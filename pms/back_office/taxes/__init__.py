"""Taxes: what each is since which day, its limits, and what children bear; seen first."""
