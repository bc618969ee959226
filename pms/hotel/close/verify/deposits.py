"""What must hold of VAT on deposits: B1 to B5 of the invariants.

B4 asks no order of ids, which two machines' clocks make. One invoice of a deposit names what was
owed as it was received, where its price never changed; and invoices less their notes never name
more than was owed, whatever the invoice of the stay took off.
"""

from pms.hotel.close.verify.check import Rule

_TAXES = "deposit_taxes WHERE hotel_id = :hotel"

RULES = (
    Rule(
        "B1 the account of VAT on deposits is the sum of their tax lines, entry by entry",
        _TAXES,
        """
        SELECT entry_id FROM (
            SELECT l.entry_id, l.amount AS booked, 0 AS kept FROM lines l
            JOIN accounts a ON a.hotel_id = l.hotel_id AND a.id = l.account_id
            WHERE l.hotel_id = :hotel AND a.code = 'clearing/deposit-tax'
            UNION ALL
            SELECT entry_id, 0, tax FROM deposit_taxes WHERE hotel_id = :hotel) sides
        GROUP BY entry_id HAVING SUM(booked) <> SUM(kept)
        """,
    ),
    Rule(
        "B2 VAT is owed of no more of a deposit than is held, so of none after check-out",
        _TAXES,
        """
        SELECT a.code FROM accounts a
        JOIN (SELECT account_id, SUM(net + tax) AS taxed FROM deposit_taxes
              WHERE hotel_id = :hotel GROUP BY account_id) t ON t.account_id = a.id
        LEFT JOIN lines l ON l.hotel_id = a.hotel_id AND l.account_id = a.id
        WHERE a.hotel_id = :hotel
        GROUP BY a.id, a.code, t.taxed
        HAVING t.taxed > 0 AND t.taxed > -COALESCE(SUM(l.amount), 0)
        """,
    ),
    Rule(
        "B3 no more VAT of a deposit is set off than was owed",
        _TAXES,
        """
        SELECT payment_id FROM deposit_taxes WHERE hotel_id = :hotel
        GROUP BY payment_id, no HAVING SUM(net) < 0 OR SUM(tax) < 0 OR MIN(rate) <> MAX(rate)
        """,
    ),
    Rule(
        "B4 a deposit invoice names the VAT that was owed of its deposit",
        "papers WHERE hotel_id = :hotel AND kind = 'deposit_invoice'",
        """
        SELECT MAX(p.label) FROM papers p
        JOIN payments m ON m.hotel_id = p.hotel_id AND m.id = p.payment_id
        LEFT JOIN (SELECT payment_id, moved_id, SUM(tax) AS tax FROM deposit_taxes
                   WHERE hotel_id = :hotel GROUP BY payment_id, moved_id) t
            ON t.payment_id = m.id AND t.moved_id = m.entry_id
        WHERE p.hotel_id = :hotel AND p.kind = 'deposit_invoice' AND NOT EXISTS (
            SELECT 1 FROM deposit_taxes c WHERE c.hotel_id = p.hotel_id
                AND c.payment_id = p.payment_id AND c.moved_id = c.entry_id)
        GROUP BY p.payment_id
        HAVING SUM(CASE WHEN p.tax = COALESCE(t.tax, 0) THEN 1 ELSE 0 END) = 0
        UNION ALL
        SELECT MAX(p.label) FROM papers p
        LEFT JOIN (SELECT credits_id, SUM(tax) AS tax FROM papers
                   WHERE hotel_id = :hotel AND kind = 'credit_note' GROUP BY credits_id) n
            ON n.credits_id = p.id
        LEFT JOIN (SELECT t.payment_id, SUM(t.tax) AS tax FROM deposit_taxes t
                   WHERE t.hotel_id = :hotel AND (t.credited OR t.net + t.tax >= 0)
                       AND NOT EXISTS (SELECT 1 FROM entries r
                           JOIN deposit_taxes b ON b.hotel_id = r.hotel_id
                               AND b.entry_id = r.reverses_id
                               AND NOT b.credited AND b.net + b.tax < 0
                           WHERE r.hotel_id = t.hotel_id AND r.id = t.entry_id)
                   GROUP BY t.payment_id) k
            ON k.payment_id = p.payment_id
        WHERE p.hotel_id = :hotel AND p.kind = 'deposit_invoice'
        GROUP BY p.payment_id, k.tax
        HAVING SUM(p.tax - COALESCE(n.tax, 0)) > COALESCE(k.tax, 0)
        UNION ALL
        SELECT MAX(p.label) FROM papers p
        LEFT JOIN (SELECT credits_id, SUM(gross) AS gross FROM papers
                   WHERE hotel_id = :hotel AND kind = 'credit_note' GROUP BY credits_id) n
            ON n.credits_id = p.id
        JOIN payments m ON m.hotel_id = p.hotel_id AND m.id = p.payment_id
        WHERE p.hotel_id = :hotel AND p.kind = 'deposit_invoice'
        GROUP BY p.payment_id, m.amount HAVING SUM(p.gross - COALESCE(n.gross, 0)) > m.amount
        """,
    ),
    Rule(
        "B5 what is paid above the price of a stay bears no VAT, and no more than the price does",
        _TAXES,
        """
        SELECT payment_id FROM deposit_taxes
        WHERE hotel_id = :hotel AND quoted = 0 AND (tax <> 0 OR tax_id IS NOT NULL)
        UNION ALL
        SELECT t.payment_id FROM deposit_taxes t
        JOIN payments m ON m.hotel_id = t.hotel_id AND m.id = t.payment_id
            AND m.entry_id = t.moved_id
        WHERE t.hotel_id = :hotel GROUP BY t.payment_id
        HAVING MIN(t.quoted) = 0
            AND SUM(CASE WHEN t.quoted > 0 THEN t.net + t.tax ELSE 0 END) > SUM(t.quoted)
        UNION ALL
        SELECT t.payment_id FROM deposit_taxes t
        WHERE t.hotel_id = :hotel AND t.moved_id = t.entry_id
        GROUP BY t.payment_id, t.entry_id HAVING SUM(t.net + t.tax) <> 0
        UNION ALL
        SELECT t.payment_id FROM deposit_taxes t
        JOIN payments m ON m.hotel_id = t.hotel_id AND m.id = t.payment_id
        WHERE t.hotel_id = :hotel GROUP BY t.payment_id, m.amount
        HAVING SUM(t.net + t.tax) > m.amount
        """,
    ),
)
