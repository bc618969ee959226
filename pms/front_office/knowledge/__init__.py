"""The knowledge desk: what the house knows, for everybody who is signed in."""
