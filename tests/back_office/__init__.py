"""The desks that guests do not see."""
