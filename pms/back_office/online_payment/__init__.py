"""Online payment: whose money each hotel's gateway moves."""
