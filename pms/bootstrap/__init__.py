"""The doorstep: from a bare checkout to a running house, with nothing but Python itself."""
