"""The house: chains and hotels, staff, logbook, business day, papers, jobs."""
