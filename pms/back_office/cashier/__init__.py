"""Cashier: the money of a day, by way and by person."""
