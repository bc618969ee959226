"""Floor 2, what every desk needs: attempt, auth, forms, filters, paging. It knows no desk."""
