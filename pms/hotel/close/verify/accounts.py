"""What must hold of companies' accounts and of commissions: V1 to V12, from the first entry."""

from pms.hotel.close.verify.check import Rule

_ITEMS = "city_items WHERE hotel_id = :hotel"
_ALLOCATIONS = "city_allocations WHERE hotel_id = :hotel"
_STATEMENTS = "commission_statements WHERE hotel_id = :hotel"

RULES = (
    Rule(
        "V1 the city ledger is the sum of what is open",
        "accounts WHERE hotel_id = :hotel AND ledger = 'city'",
        """
        SELECT a.code FROM accounts a
        JOIN hotels h ON h.id = a.hotel_id
        LEFT JOIN companies c ON c.chain_id = h.chain_id AND a.code = 'city/' || c.code
        WHERE a.hotel_id = :hotel AND a.ledger = 'city' AND (c.id IS NULL OR
            (SELECT COALESCE(SUM(l.amount), 0) FROM lines l
             WHERE l.hotel_id = a.hotel_id AND l.account_id = a.id)
            <> (SELECT COALESCE(SUM(i.open), 0) FROM city_items i
                WHERE i.hotel_id = a.hotel_id AND i.company_id = c.id))
        """,
    ),
    Rule(
        "V2 each entry of an account is an item of it, and each item such an entry",
        _ITEMS,
        """
        SELECT l.entry_id FROM lines l
        JOIN accounts a ON a.hotel_id = l.hotel_id AND a.id = l.account_id AND a.ledger = 'city'
        LEFT JOIN city_items i ON i.hotel_id = l.hotel_id AND i.id = l.entry_id
        WHERE l.hotel_id = :hotel
        GROUP BY l.entry_id, i.amount HAVING SUM(l.amount) <> COALESCE(i.amount, 0)
        UNION ALL
        SELECT i.id FROM city_items i WHERE i.hotel_id = :hotel AND NOT EXISTS (
            SELECT 1 FROM lines l JOIN accounts a ON a.hotel_id = l.hotel_id
                AND a.id = l.account_id AND a.ledger = 'city'
            WHERE l.hotel_id = i.hotel_id AND l.entry_id = i.id)
        """,
    ),
    Rule(
        "V3 no more is allocated than an item or a payment comes to, and open is the rest",
        _ITEMS,
        """
        SELECT i.id FROM city_items i WHERE i.hotel_id = :hotel AND (
            i.open <> i.amount
                - (SELECT COALESCE(SUM(d.amount), 0) FROM city_allocations d
                   WHERE d.hotel_id = i.hotel_id AND d.debit_id = i.id)
                + (SELECT COALESCE(SUM(c.amount), 0) FROM city_allocations c
                   WHERE c.hotel_id = i.hotel_id AND c.credit_id = i.id)
            OR ABS(i.open) > ABS(i.amount) OR i.open * i.amount < 0)
        """,
    ),
    Rule(
        "V4 an allocation sets a credit against a debit of one account",
        _ALLOCATIONS,
        """
        SELECT a.id FROM city_allocations a
        LEFT JOIN city_items d ON d.hotel_id = a.hotel_id AND d.id = a.debit_id
        LEFT JOIN city_items c ON c.hotel_id = a.hotel_id AND c.id = a.credit_id
        WHERE a.hotel_id = :hotel AND (d.id IS NULL OR c.id IS NULL
            OR d.amount < 0 OR c.amount > 0 OR d.company_id <> c.company_id)
        """,
    ),
    Rule(
        "V5 what was billed of a window is an item of the company",
        "direct_bills WHERE hotel_id = :hotel",
        """
        SELECT b.id FROM direct_bills b
        LEFT JOIN city_items i ON i.hotel_id = b.hotel_id AND i.id = b.entry_id
        WHERE b.hotel_id = :hotel
            AND (i.id IS NULL OR i.amount <> b.amount OR i.company_id <> b.company_id)
        """,
    ),
    Rule(
        "V6 a write-off that stands is wholly set against what it gave up",
        f"{_ITEMS} AND kind = 'write_off'",
        """
        SELECT id FROM city_items WHERE hotel_id = :hotel AND kind = 'write_off' AND open <> 0
        """,
    ),
    Rule(
        "V7 what is done to accounts is in the logbook",
        _ALLOCATIONS,
        """
        SELECT s.id FROM account_statements s WHERE s.hotel_id = :hotel AND NOT EXISTS (
            SELECT 1 FROM logbook b WHERE b.hotel_id = s.hotel_id
            AND b.noun = 'account_statements' AND b.noun_id = s.id)
        UNION ALL
        SELECT d.id FROM city_disputes d WHERE d.hotel_id = :hotel AND NOT EXISTS (
            SELECT 1 FROM logbook b WHERE b.hotel_id = d.hotel_id
            AND b.noun = 'city_items' AND b.noun_id = d.item_id AND b.verb = 'put in dispute')
        UNION ALL
        SELECT m.id FROM city_item_moves m WHERE m.hotel_id = :hotel AND NOT EXISTS (
            SELECT 1 FROM logbook b WHERE b.hotel_id = m.hotel_id
            AND b.noun = 'city_items' AND b.noun_id = m.in_id AND b.verb = 'moved to account')
        UNION ALL
        SELECT n.id FROM city_credit_notes n WHERE n.hotel_id = :hotel AND NOT EXISTS (
            SELECT 1 FROM logbook b WHERE b.hotel_id = n.hotel_id
            AND b.noun = 'city_items' AND b.noun_id = n.claim_id AND b.verb = 'credited')
        """,
    ),
    Rule(
        "V8 a commission comes to what its stays come to",
        _STATEMENTS,
        """
        SELECT s.number FROM commission_statements s
        LEFT JOIN commission_lines l ON l.hotel_id = s.hotel_id AND l.statement_id = s.id
        WHERE s.hotel_id = :hotel
        GROUP BY s.id, s.number, s.amount HAVING COALESCE(SUM(l.amount), 0) <> s.amount
        """,
    ),
    Rule(
        "V9 a stay's commission is paid once, by day and reference",
        _STATEMENTS,
        """
        SELECT s.number FROM commission_statements s
        WHERE s.hotel_id = :hotel AND (
            (s.state = 'paid' AND (s.paid_on IS NULL OR s.reference IS NULL))
            OR EXISTS (SELECT 1 FROM commission_lines l
                WHERE l.hotel_id = s.hotel_id AND l.statement_id = s.id
                AND l.live <> (s.state <> 'reversed')))
        UNION ALL
        SELECT reservation_id FROM commission_lines WHERE hotel_id = :hotel AND live
        GROUP BY reservation_id HAVING COUNT(*) > 1
        """,
    ),
    Rule(
        "V10 an item that moved is off the one account and on the other, as it was",
        f"{_ITEMS} AND kind IN ('moved_in', 'moved_out')",
        """
        SELECT m.id FROM city_item_moves m
        JOIN city_items f ON f.hotel_id = m.hotel_id AND f.id = m.item_id
        JOIN city_items o ON o.hotel_id = m.hotel_id AND o.id = m.out_id
        JOIN city_items i ON i.hotel_id = m.hotel_id AND i.id = m.in_id
        WHERE m.hotel_id = :hotel AND (o.amount <> -i.amount OR i.dated <> f.dated
            OR o.company_id <> f.company_id OR i.company_id = f.company_id OR o.open <> 0
            OR EXISTS (SELECT 1 FROM entries e WHERE e.hotel_id = m.hotel_id
                AND e.reverses_id = m.in_id) <> EXISTS (SELECT 1 FROM entries e
                WHERE e.hotel_id = m.hotel_id AND e.reverses_id = m.out_id))
        UNION ALL
        SELECT i.id FROM city_items i
        WHERE i.hotel_id = :hotel AND i.kind IN ('moved_in', 'moved_out') AND NOT EXISTS (
            SELECT 1 FROM city_item_moves m
            WHERE m.hotel_id = i.hotel_id AND i.id IN (m.out_id, m.in_id))
        """,
    ),
    Rule(
        "V11 what a credit note takes off an account is of an invoice billed to it, and no more",
        "city_credit_notes WHERE hotel_id = :hotel",
        """
        SELECT p.label FROM city_credit_notes n
        JOIN papers p ON p.hotel_id = n.hotel_id AND p.id = n.note_id
        JOIN city_items i ON i.hotel_id = n.hotel_id AND i.id = n.id
        JOIN city_items c ON c.hotel_id = n.hotel_id AND c.id = n.claim_id
        WHERE n.hotel_id = :hotel
        GROUP BY p.id, p.label, p.kind, p.gross
        HAVING -SUM(i.amount) > p.gross OR p.kind <> 'credit_note'
            OR MIN(i.company_id - c.company_id) <> 0 OR MAX(i.company_id - c.company_id) <> 0
        UNION ALL
        SELECT CAST(i.id AS VARCHAR) FROM city_items i
        WHERE i.hotel_id = :hotel AND i.kind = 'credit_note' AND NOT EXISTS (
            SELECT 1 FROM city_credit_notes n WHERE n.hotel_id = i.hotel_id AND n.id = i.id)
        """,
    ),
    Rule(
        "V12 between companies' accounts nothing is left",
        "lines l JOIN accounts a ON a.hotel_id = l.hotel_id AND a.id = l.account_id"
        " AND a.code = 'clearing/between-accounts' WHERE l.hotel_id = :hotel",
        """
        SELECT l.business_day FROM lines l
        JOIN accounts a ON a.hotel_id = l.hotel_id AND a.id = l.account_id
            AND a.code = 'clearing/between-accounts'
        WHERE l.hotel_id = :hotel GROUP BY l.business_day HAVING SUM(l.amount) <> 0
        """,
    ),
)
