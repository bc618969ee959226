"""What must hold of hosted checkout: O1 to O14, the books laid beside what gateways were asked."""

from pms.hotel.close.verify.check import Rule

RULES = (
    Rule(
        "O1 each thing the gateway moved is one payment of the same amount",
        "gateway_payments WHERE hotel_id = :hotel",
        """
        SELECT g.object_id FROM gateway_payments g
        LEFT JOIN payments p ON p.hotel_id = g.hotel_id AND p.id = g.payment_id
        WHERE g.hotel_id = :hotel AND (p.id IS NULL OR p.amount <> g.amount)
        """,
    ),
    Rule(
        "O2 a settled intent that moves money is one payment of its amount",
        "gateway_intents WHERE hotel_id = :hotel AND state = 'settled'",
        """
        SELECT i.key FROM gateway_intents i
        LEFT JOIN payment_requests r ON r.hotel_id = i.hotel_id AND r.id = i.request_id
        LEFT JOIN gateway_payments g
            ON g.hotel_id = i.hotel_id AND g.id = i.gateway_payment_id
        WHERE i.hotel_id = :hotel AND i.state = 'settled'
            AND (i.deed IN ('charge', 'capture', 'refund')
                 OR i.deed = 'checkout' AND r.purpose IN ('deposit', 'balance'))
            AND (g.id IS NULL OR g.mode <> i.mode
                 OR g.amount <> CASE WHEN i.deed = 'refund' THEN -i.amount ELSE i.amount END)
            AND NOT (i.deed = 'refund' AND g.id IS NULL AND EXISTS (
                 SELECT 1 FROM gateway_payments s
                 WHERE s.hotel_id = i.hotel_id AND s.charge = i.object_id))
        """,
    ),
    Rule(
        "O3 the clearing account is what the gateway owes",
        "gateway_payments WHERE hotel_id = :hotel",
        """
        SELECT stands.balance FROM
            (SELECT COALESCE(SUM(l.amount), 0) AS balance FROM accounts a
             JOIN lines l ON l.hotel_id = a.hotel_id AND l.account_id = a.id
             WHERE a.hotel_id = :hotel AND a.code = 'clearing/stripe') stands,
            (SELECT COALESCE(SUM(amount), 0) AS taken FROM gateway_payments
             WHERE hotel_id = :hotel) p,
            (SELECT COALESCE(SUM(amount), 0) AS disputed FROM disputes
             WHERE hotel_id = :hotel AND state <> 'won') d,
            (SELECT COALESCE(SUM(amount + fees), 0) AS paid_out FROM payouts
             WHERE hotel_id = :hotel) o
        WHERE stands.balance <> p.taken - d.disputed - o.paid_out
        """,
    ),
    Rule(
        "O4 no more is given back online than was taken",
        "gateway_payments WHERE hotel_id = :hotel AND amount > 0",
        """
        SELECT g.object_id FROM gateway_payments g
        LEFT JOIN gateway_payments b ON b.hotel_id = g.hotel_id AND b.gives_back_id = g.id
        WHERE g.hotel_id = :hotel AND g.amount > 0
        GROUP BY g.id, g.object_id, g.amount HAVING g.amount + COALESCE(SUM(b.amount), 0) < 0
        """,
    ),
    Rule(
        "O5 a request is done by one settled intent, and ends then",
        "payment_requests WHERE hotel_id = :hotel",
        """
        SELECT r.number FROM payment_requests r
        WHERE r.hotel_id = :hotel AND (r.state = 'paid') <> EXISTS (
            SELECT 1 FROM gateway_intents i WHERE i.hotel_id = r.hotel_id
                AND i.request_id = r.id AND i.state = 'settled')
        """,
    ),
    Rule(
        "O6 what was taken of a hold is in the books, and no more than was held",
        "card_holds WHERE hotel_id = :hotel",
        """
        SELECT h.words FROM card_holds h
        LEFT JOIN gateway_payments g ON g.hotel_id = h.hotel_id AND g.object_id = h.payment
        WHERE h.hotel_id = :hotel
            AND (COALESCE(g.amount, 0) <> h.captured OR h.captured > h.amount)
        """,
    ),
    Rule(
        "O7 a card is kept with its guest's consent, of the same reservation",
        "kept_cards WHERE hotel_id = :hotel",
        """
        SELECT k.last_four FROM kept_cards k
        LEFT JOIN card_consents c ON c.hotel_id = k.hotel_id AND c.id = k.consent_id
        LEFT JOIN payment_requests r ON r.hotel_id = c.hotel_id AND r.id = c.request_id
        WHERE k.hotel_id = :hotel
            AND (r.id IS NULL OR r.reservation_id <> k.reservation_id OR c.words = '')
        """,
    ),
    Rule(
        "O8 a payout is the sum of its lines",
        "payouts WHERE hotel_id = :hotel",
        """
        SELECT p.object_id FROM payouts p
        LEFT JOIN payout_lines l ON l.hotel_id = p.hotel_id AND l.payout_id = p.id
        WHERE p.hotel_id = :hotel GROUP BY p.id, p.object_id, p.amount, p.fees
        HAVING COALESCE(SUM(l.gross - l.fee), 0) <> p.amount
            OR COALESCE(SUM(l.fee), 0) <> p.fees
        """,
    ),
    Rule(
        "O9 a refund on its way keeps its credit back, and nothing else does",
        "credit_reserves WHERE hotel_id = :hotel",
        """
        SELECT i.key FROM gateway_intents i
        LEFT JOIN credit_reserves c ON c.hotel_id = i.hotel_id AND c.id = i.id
        WHERE i.hotel_id = :hotel AND i.deed = 'refund'
            AND (i.state IN ('intended', 'called')) <> (c.id IS NOT NULL)
        UNION ALL
        SELECT i.key FROM credit_reserves c
        LEFT JOIN gateway_intents i ON i.hotel_id = c.hotel_id AND i.id = c.id
            AND i.deed = 'refund'
        WHERE c.hotel_id = :hotel AND c.dispute_id IS NULL AND (i.id IS NULL
            OR i.amount <> c.amount OR c.of_deposit <> (i.folio_id IS NULL))
        """,
    ),
    Rule(
        "O10 a refund that the bank sent back is in the books again, once",
        "gateway_intents WHERE hotel_id = :hotel AND substr(refused, 1, 8) = 'returned'",
        """
        SELECT i.key FROM gateway_intents i
        LEFT JOIN gateway_payments g ON g.hotel_id = i.hotel_id
            AND COALESCE(g.charge, g.object_id) = i.object_id || '/returned'
        WHERE i.hotel_id = :hotel AND i.deed = 'refund'
        GROUP BY i.id, i.key, i.refused, i.state, i.amount
        HAVING (COALESCE(substr(i.refused, 1, 8), '') = 'returned' AND i.state = 'settled')
                <> (COALESCE(SUM(g.amount), 0) = i.amount AND COUNT(g.id) > 0)
        """,
    ),
    Rule(
        "O11 a payment for several rooms is the sum of its parts",
        "payment_requests WHERE hotel_id = :hotel AND purpose = 'rooms'",
        """
        SELECT r.number FROM payment_requests r
        LEFT JOIN payment_parts p ON p.hotel_id = r.hotel_id AND p.request_id = r.id
        WHERE r.hotel_id = :hotel GROUP BY r.id, r.number, r.purpose, r.amount
        HAVING CASE WHEN r.purpose = 'rooms' THEN r.amount ELSE 0 END <> COALESCE(SUM(p.amount), 0)
        """,
    ),
    Rule(
        "O12 a charge for several rooms is one payment for each part, on its room's own account",
        "gateway_payments WHERE hotel_id = :hotel AND charge IS NOT NULL",
        """
        SELECT i.key FROM gateway_intents i
        JOIN payment_parts p ON p.hotel_id = i.hotel_id AND p.request_id = i.request_id
        JOIN reservations v ON v.hotel_id = p.hotel_id AND v.id = p.reservation_id
        LEFT JOIN gateway_payments g
            ON g.hotel_id = i.hotel_id AND g.object_id = i.payment || '/' || p.no
        LEFT JOIN payments y ON y.hotel_id = g.hotel_id AND y.id = g.payment_id
        LEFT JOIN accounts a ON a.hotel_id = y.hotel_id AND a.id = y.account_id
        WHERE i.hotel_id = :hotel AND i.state = 'settled'
            AND (a.id IS NULL OR g.amount <> p.amount OR g.mode <> i.mode
                OR COALESCE(g.charge, '') <> i.payment
                OR a.code <> 'deposit/' || v.number AND NOT EXISTS (
                    SELECT 1 FROM folio_windows w WHERE w.hotel_id = a.hotel_id
                        AND w.account_id = a.id
                        AND w.folio_id = COALESCE(p.folio_id, v.folio_id)))
        UNION ALL
        SELECT g.object_id FROM gateway_payments g
        WHERE g.hotel_id = :hotel AND g.charge IS NOT NULL AND g.amount > 0
            AND g.charge NOT LIKE '%/returned' AND NOT EXISTS (
            SELECT 1 FROM gateway_intents i
            JOIN payment_parts p ON p.hotel_id = i.hotel_id AND p.request_id = i.request_id
            WHERE i.hotel_id = g.hotel_id AND i.payment = g.charge AND i.state = 'settled'
                AND g.object_id = i.payment || '/' || p.no)
        """,
    ),
    Rule(
        "O13 an open dispute keeps its amount back, a lost one no more, and a won one nothing",
        "disputes WHERE hotel_id = :hotel",
        """
        SELECT d.object_id FROM disputes d
        LEFT JOIN credit_reserves c ON c.hotel_id = d.hotel_id AND c.dispute_id = d.id
        WHERE d.hotel_id = :hotel GROUP BY d.id, d.object_id, d.state, d.amount
        HAVING CASE d.state WHEN 'open' THEN COALESCE(SUM(c.amount), 0) <> d.amount
            WHEN 'lost' THEN COALESCE(SUM(c.amount), 0) > d.amount
            ELSE COUNT(c.id) > 0 END
        UNION ALL
        SELECT 'credit kept back for no dispute' FROM credit_reserves c
        LEFT JOIN disputes d ON d.hotel_id = c.hotel_id AND d.id = c.dispute_id
        WHERE c.hotel_id = :hotel AND c.dispute_id IS NOT NULL AND d.id IS NULL
        """,
    ),
    Rule(
        "O14 a refund of several rooms is the sum of its shares, each of another part of a charge",
        "gateway_payments WHERE hotel_id = :hotel AND charge IS NOT NULL AND amount < 0",
        """
        SELECT g.charge FROM gateway_payments g
        JOIN gateway_payments p ON p.hotel_id = g.hotel_id AND p.id = g.gives_back_id
        LEFT JOIN gateway_intents i ON i.hotel_id = g.hotel_id AND i.object_id = g.charge
            AND i.deed = 'refund' AND i.state = 'settled'
        WHERE g.hotel_id = :hotel AND g.charge IS NOT NULL AND g.amount < 0
        GROUP BY g.charge, i.id, i.amount, i.payment
        HAVING i.id IS NULL OR SUM(g.amount) <> -i.amount OR COUNT(*) < 2
            OR COUNT(DISTINCT g.gives_back_id) <> COUNT(*)
            OR MIN(COALESCE(p.charge, '')) <> i.payment OR MAX(COALESCE(p.charge, '')) <> i.payment
        """,
    ),
)
