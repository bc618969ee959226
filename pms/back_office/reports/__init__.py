"""Reports: the figures of closed days, as they were archived."""
