"""My stay: a guest looks after their own stay, before, during and shortly after it."""
