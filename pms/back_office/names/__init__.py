"""Names: what the house calls things, in the languages of its guests."""
