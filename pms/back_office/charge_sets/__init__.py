"""Charge sets: the charges that the house routes together."""
