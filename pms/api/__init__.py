"""The API: JSON for machines, the same verbs as the desks, one hotel a token."""
