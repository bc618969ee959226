"""Floor 1, the hotel: its nouns and verbs. It knows nothing of Flask."""
