"""Paying: the page behind a pay link."""
