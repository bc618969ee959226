"""My rooms: an attendant's own sheet on a phone, which outlives a short loss of network."""
