"""What must hold of papers: D3 to D8 of the invariants; their chain and files are in `shape`."""

from pms.hotel.close.verify.check import Rule

_PAPERS = "papers WHERE hotel_id = :hotel"

RULES = (
    Rule(
        "D3 no more is credited of an invoice than it came to",
        f"{_PAPERS} AND kind = 'invoice'",
        """
        SELECT p.label FROM papers p
        JOIN papers c ON c.hotel_id = p.hotel_id AND c.credits_id = p.id
        WHERE p.hotel_id = :hotel GROUP BY p.id, p.label, p.gross HAVING SUM(c.gross) > p.gross
        """,
    ),
    Rule(
        "D4 each posting is on one paper at a time",
        "paper_entries WHERE hotel_id = :hotel",
        """
        SELECT entry_id FROM paper_entries WHERE hotel_id = :hotel
        GROUP BY account_id, entry_id HAVING SUM(covers) NOT IN (0, 1)
        """,
    ),
    Rule(
        # less what was moved off them before it: ids are in the order of time
        "D5 an invoice comes to what its postings come to",
        f"{_PAPERS} AND kind = 'invoice'",
        """
        SELECT p.label FROM papers p
        LEFT JOIN paper_entries c ON c.hotel_id = p.hotel_id AND c.paper_id = p.id
             AND c.covers = 1 AND c.line_no IS NOT NULL
        LEFT JOIN lines l ON l.hotel_id = c.hotel_id AND l.entry_id = c.entry_id
             AND l.account_id = c.account_id AND l.charge_code_id IS NOT NULL
        WHERE p.hotel_id = :hotel AND p.kind = 'invoice'
        GROUP BY p.hotel_id, p.id, p.label, p.gross
        HAVING COALESCE(SUM(l.amount), 0) + (
            SELECT COALESCE(SUM(m.amount), 0) FROM paper_entries c
            JOIN entries t ON t.hotel_id = c.hotel_id AND t.concerns_id = c.entry_id
                 AND t.kind = 'transfer' AND t.id < p.id
            JOIN lines f ON f.hotel_id = t.hotel_id AND f.entry_id = t.id AND f.no = 1
                 AND f.account_id = c.account_id
            JOIN lines m ON m.hotel_id = t.hotel_id AND m.entry_id = t.id
                 AND m.account_id = c.account_id AND m.charge_code_id IS NOT NULL
            WHERE c.hotel_id = p.hotel_id AND c.paper_id = p.id
                AND c.covers = 1 AND c.line_no IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM entries u WHERE u.hotel_id = t.hotel_id
                    AND u.reverses_id = t.id AND u.id < p.id)
            ) <> p.gross
        """,
    ),
    Rule(
        "D6 a paper's number is the next of its series",
        "paper_series WHERE hotel_id = :hotel",
        """
        SELECT s.kind FROM paper_series s
        LEFT JOIN papers p ON p.hotel_id = s.hotel_id AND p.series_id = s.id
        WHERE s.hotel_id = :hotel GROUP BY s.id, s.kind, s.last
        HAVING COUNT(p.id) <> s.last OR COALESCE(MAX(p.number), 0) <> s.last
        """,
    ),
    Rule(
        "D8 the receipt of a payment that was voided is credited",
        f"{_PAPERS} AND payment_id IS NOT NULL",
        """
        SELECT p.label FROM papers p
        JOIN payments v ON v.hotel_id = p.hotel_id AND v.voids_id = p.payment_id
        LEFT JOIN papers c ON c.hotel_id = p.hotel_id AND c.credits_id = p.id
        WHERE p.hotel_id = :hotel AND c.id IS NULL
        """,
    ),
    Rule(
        "D8 of a receipt of several payments those that were voided are credited",
        "receipt_payments WHERE hotel_id = :hotel",
        """
        SELECT p.label FROM papers p
        JOIN receipt_payments r ON r.hotel_id = p.hotel_id AND r.paper_id = p.id
        JOIN payments y ON y.hotel_id = r.hotel_id AND y.id = r.payment_id
        LEFT JOIN payments v ON v.hotel_id = y.hotel_id AND v.voids_id = y.id
        WHERE p.hotel_id = :hotel
        GROUP BY p.hotel_id, p.id, p.label, p.gross
        HAVING SUM(y.amount) <> p.gross
            OR SUM(CASE WHEN v.id IS NULL THEN 0 ELSE y.amount END) <> (
                SELECT COALESCE(SUM(c.gross), 0) FROM papers c
                WHERE c.hotel_id = p.hotel_id AND c.credits_id = p.id)
        """,
    ),
    Rule(
        "D7 what became of papers is in the logbook",
        _PAPERS,
        """
        SELECT p.label FROM papers p WHERE p.hotel_id = :hotel AND NOT EXISTS (
            SELECT 1 FROM logbook b WHERE b.hotel_id = p.hotel_id AND b.noun = 'papers'
            AND b.noun_id = p.id AND b.verb = 'issued')
        """,
    ),
)
