"""The replay: a file of real bookings, lived day after day through the verbs the desks use."""
