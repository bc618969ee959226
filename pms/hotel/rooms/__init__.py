"""What is sold: rooms, inventory, rates, quotes."""
