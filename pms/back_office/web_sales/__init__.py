"""Web sales: what the hotel sells on its own page, and how it greets there."""
