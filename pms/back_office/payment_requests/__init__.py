"""Payments asked for: requests with their links, holds, kept cards, disputes and payouts."""
