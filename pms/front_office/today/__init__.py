"""Today: who comes, who goes, who is here, and what needs a hand."""
