"""City ledger: what companies owe after the stay."""
