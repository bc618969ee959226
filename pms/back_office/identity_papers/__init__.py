"""Identity papers: how long cards and police files are kept, and what is erased when."""
