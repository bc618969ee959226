"""Pages for guests on their own phones, without a sign-in of the staff."""
