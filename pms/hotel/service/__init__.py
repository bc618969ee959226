"""The service: housekeeping, requests, concierge."""
