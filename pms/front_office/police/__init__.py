"""Police register: guests whose arrival is told to the authority."""
