"""The time clock: a shared tablet with PINs, and one's own shifts and clock on one's own phone."""
