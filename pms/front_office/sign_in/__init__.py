"""Signing in and out, one's own sign-ins, the hotel one works in, and the look."""
