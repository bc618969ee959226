"""Rates: what each night costs and whom it is sold to, many nights changed at once."""
