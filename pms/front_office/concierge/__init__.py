"""The concierge's desk: what guests do in town, who wakes them, and who earns what."""
