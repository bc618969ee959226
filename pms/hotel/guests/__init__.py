"""Who comes: guests, companies, consents."""
