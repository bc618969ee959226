"""Floor 3, desks guests see."""
