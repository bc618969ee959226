"""The books: ledger, folios, routing, payments, receivables."""
