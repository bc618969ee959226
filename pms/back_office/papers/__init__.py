"""Papers: invoices, credit notes, receipts; issued, handed out, credited, never changed."""
