"""Journal: a day for the accountant, and where each account belongs."""
