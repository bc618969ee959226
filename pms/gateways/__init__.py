"""The outside world: letters, paper, cards. Gateways know the ground, not the hotel."""
