"""Check-out: what is owed, the key handed back, and that taken back."""
