"""Hours: what was worked, what is out of order about it, edits, and approval by day and period."""
