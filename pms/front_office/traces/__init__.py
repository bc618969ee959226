"""Traces and alerts: what must not be forgotten, and what must be seen."""
