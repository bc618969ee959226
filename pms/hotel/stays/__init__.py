"""The stay: reservations, presence, settlement."""
