"""Guests' pages: what every desk on the guest's side needs: a language, a frame, a visit."""
