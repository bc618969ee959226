"""Default routing: what a company pays of each stay that is booked under what was agreed."""
