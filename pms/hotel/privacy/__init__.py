"""Privacy: erasure and export; may look at everything."""
