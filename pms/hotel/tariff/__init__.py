"""What things cost: taxes and charge codes."""
