"""Floor 3, desks guests do not see."""
