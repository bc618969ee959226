"""Night audit: where the day stands, and the days that are closed."""
