"""Groups: agreed, allotted, picked up, arriving and leaving together."""
