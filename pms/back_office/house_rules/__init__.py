"""House rules: how strict the desk is, what hours cost, and what a better room costs."""
