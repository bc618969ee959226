"""What must hold of the books: L1 to L13 of the invariants, recounted from the first entry."""

# ruff: noqa: S608 - put together from the constants of this file, never from input

from pms.hotel.close.verify.check import Rule

_OF_HOTEL = "WHERE hotel_id = :hotel"
_ENTRIES = f"entries {_OF_HOTEL}"
_LINES = f"lines {_OF_HOTEL}"
_ACCOUNT_DAYS = f"account_days {_OF_HOTEL}"

# A day's movements of each account, counted from the lines themselves.
_MOVED = """
    SELECT l.account_id, e.business_day AS day,
           SUM(CASE WHEN l.amount > 0 THEN l.amount ELSE 0 END) AS debits,
           SUM(CASE WHEN l.amount < 0 THEN -l.amount ELSE 0 END) AS credits
    FROM lines l JOIN entries e ON e.hotel_id = l.hotel_id AND e.id = l.entry_id
    WHERE l.hotel_id = :hotel
    GROUP BY l.account_id, e.business_day
"""

# Per folio window, what its lines come to.
_WINDOWS = """
    SELECT w.folio_id, w.no, SUM(l.amount) AS balance
    FROM folio_windows w
    JOIN lines l ON l.hotel_id = w.hotel_id AND l.account_id = w.account_id
    WHERE w.hotel_id = :hotel
    GROUP BY w.folio_id, w.no
"""

RULES = (
    Rule(
        "L1 each entry balances",
        _ENTRIES,
        """
        SELECT e.key FROM entries e
        LEFT JOIN lines l ON l.hotel_id = e.hotel_id AND l.entry_id = e.id
        WHERE e.hotel_id = :hotel GROUP BY e.id, e.key HAVING COALESCE(SUM(l.amount), 1) <> 0
        """,
    ),
    Rule(
        "L1 each line has its entry",
        _LINES,
        """
        SELECT l.entry_id FROM lines l
        LEFT JOIN entries e ON e.hotel_id = l.hotel_id AND e.id = l.entry_id
        WHERE l.hotel_id = :hotel AND e.id IS NULL
        """,
    ),
    Rule(
        "L2 each business day balances",
        "(SELECT DISTINCT business_day FROM entries WHERE hotel_id = :hotel) days",
        """
        SELECT e.business_day FROM entries e
        JOIN lines l ON l.hotel_id = e.hotel_id AND l.entry_id = e.id
        WHERE e.hotel_id = :hotel GROUP BY e.business_day, e.currency HAVING SUM(l.amount) <> 0
        """,
    ),
    Rule(
        "L2 lines bear their entry's day",
        _LINES,
        """
        SELECT e.key FROM entries e
        JOIN lines l ON l.hotel_id = e.hotel_id AND l.entry_id = e.id
        WHERE e.hotel_id = :hotel AND l.business_day <> e.business_day
        """,
    ),
    Rule(
        "L3 sealed balances carry forward",
        _ACCOUNT_DAYS,
        """
        SELECT account_id FROM (
            SELECT account_id, opening,
                   LAG(closing, 1, 0) OVER (PARTITION BY account_id ORDER BY day) AS before
            FROM account_days WHERE hotel_id = :hotel) chained
        WHERE opening <> before
        UNION ALL
        SELECT account_id FROM account_days
        WHERE hotel_id = :hotel AND closing <> opening + debits - credits
        """,
    ),
    Rule(
        "L3 no standing balance is left out of a later day",
        _ACCOUNT_DAYS,
        """
        SELECT d.account_id FROM account_days d
        JOIN (SELECT day, LEAD(day) OVER (ORDER BY day) AS next FROM
              (SELECT DISTINCT day FROM account_days WHERE hotel_id = :hotel) sealed) s
            ON s.day = d.day
        LEFT JOIN account_days n
            ON n.hotel_id = d.hotel_id AND n.day = s.next AND n.account_id = d.account_id
        WHERE d.hotel_id = :hotel AND s.next IS NOT NULL AND d.closing <> 0
            AND n.account_id IS NULL
        """,
    ),
    Rule(
        "L3 sealed movements are those of the lines",
        _ACCOUNT_DAYS,
        f"""
        SELECT m.account_id FROM ({_MOVED}) m
        JOIN day_seals s ON s.hotel_id = :hotel AND s.day = m.day
        LEFT JOIN account_days d
            ON d.hotel_id = :hotel AND d.day = m.day AND d.account_id = m.account_id
        WHERE COALESCE(d.debits, -1) <> m.debits OR COALESCE(d.credits, -1) <> m.credits
        UNION ALL
        SELECT d.account_id FROM account_days d
        LEFT JOIN ({_MOVED}) m ON m.account_id = d.account_id AND m.day = d.day
        WHERE d.hotel_id = :hotel AND m.account_id IS NULL AND (d.debits <> 0 OR d.credits <> 0)
        """,
    ),
    Rule(
        "L4 the guest ledger is the sum of its folios",
        f"folio_windows {_OF_HOTEL}",
        """
        SELECT a.code FROM accounts a
        LEFT JOIN folio_windows w ON w.hotel_id = a.hotel_id AND w.account_id = a.id
        WHERE a.hotel_id = :hotel
            AND (a.ledger = 'guest' AND w.account_id IS NULL
                 OR a.ledger <> 'guest' AND w.account_id IS NOT NULL)
        """,
    ),
    Rule(
        "L6 no entry bears a day before the opening or after today",
        _ENTRIES,
        """
        SELECT e.key FROM entries e JOIN hotels h ON h.id = e.hotel_id
        WHERE e.hotel_id = :hotel
            AND (e.business_day > h.business_date OR e.business_day < h.opened_on)
        """,
    ),
    Rule(
        "L7 a reversal undoes exactly one entry, once",
        f"{_ENTRIES} AND reverses_id IS NOT NULL",
        """
        SELECT r.key FROM entries r
        JOIN entries o ON o.hotel_id = r.hotel_id AND o.id = r.reverses_id
        JOIN lines l ON l.hotel_id = r.hotel_id AND l.entry_id IN (r.id, o.id)
        WHERE r.hotel_id = :hotel
        GROUP BY r.id, r.key, l.account_id HAVING SUM(l.amount) <> 0
        UNION ALL
        SELECT MIN(key) FROM entries
        WHERE hotel_id = :hotel AND reverses_id IS NOT NULL
        GROUP BY reverses_id HAVING COUNT(*) > 1
        UNION ALL
        SELECT r.key FROM entries r
        JOIN entries o ON o.hotel_id = r.hotel_id AND o.id = r.reverses_id
        WHERE r.hotel_id = :hotel AND o.reverses_id IS NOT NULL
        """,
    ),
    Rule(
        "L8 each tax is owed by the payer and to the state alike",
        f"{_LINES} AND tax_id IS NOT NULL",
        """
        SELECT e.key FROM lines l
        JOIN entries e ON e.hotel_id = l.hotel_id AND e.id = l.entry_id
        WHERE l.hotel_id = :hotel AND l.tax_id IS NOT NULL
            AND e.kind IN ('charge', 'adjustment', 'reversal')
        GROUP BY e.id, e.key, l.tax_id HAVING SUM(l.amount) <> 0
        UNION ALL
        SELECT e.key FROM lines l
        JOIN accounts a ON a.hotel_id = l.hotel_id AND a.id = l.account_id
        JOIN entries e ON e.hotel_id = l.hotel_id AND e.id = l.entry_id
        WHERE l.hotel_id = :hotel AND a.ledger = 'tax' AND l.tax_id IS NULL
        """,
    ),
    Rule(
        "L8 each tax is what a rate of it makes of its base",
        f"{_LINES} AND base IS NOT NULL",
        # What is inside a price is rounded from the exact net, a unit beside the whole base's. Any
        # rate it ever had will do: what was posted before one was set keeps what it bore. The
        # state's line has the whole tax; its payers may each have a part of it. Children bear
        # what their ages do, at most three of these in a rate.
        """
        WITH RECURSIVE heads(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM heads WHERE n < 20)
        SELECT e.key FROM lines l
        JOIN entries e ON e.hotel_id = l.hotel_id AND e.id = l.entry_id
        JOIN accounts a ON a.hotel_id = l.hotel_id AND a.id = l.account_id AND a.ledger = 'tax'
        JOIN taxes t ON t.hotel_id = l.hotel_id AND t.id = l.tax_id
        WHERE l.hotel_id = :hotel AND l.base IS NOT NULL
            AND e.kind IN ('charge', 'adjustment')
            AND NOT EXISTS (
                SELECT 1 FROM tax_rates r
                WHERE r.hotel_id = l.hotel_id AND r.tax_id = l.tax_id AND CASE
                    WHEN t.kind = 'percent' THEN
                        2 * ABS(l.amount * 1000000 + l.base * r.rate)
                            <= CASE WHEN t.inclusive THEN 2000000 ELSE 1000000 END
                    WHEN r.rate = 0 THEN l.amount = 0
                    ELSE l.amount % r.rate = 0 END
                    OR r.cap > 0 AND l.amount % r.cap = 0)
            AND NOT EXISTS (
                SELECT 1 FROM tax_rates r
                JOIN tax_age_bands x ON x.hotel_id = r.hotel_id AND x.tax_id = r.tax_id
                    AND x.from_day = r.from_day
                JOIN tax_age_bands y ON y.hotel_id = r.hotel_id AND y.tax_id = r.tax_id
                    AND y.from_day = r.from_day
                JOIN tax_age_bands z ON z.hotel_id = r.hotel_id AND z.tax_id = r.tax_id
                    AND z.from_day = r.from_day
                CROSS JOIN heads i CROSS JOIN heads j CROSS JOIN heads k
                WHERE r.hotel_id = l.hotel_id AND r.tax_id = l.tax_id AND CASE
                    WHEN r.rate = 0 THEN
                        l.amount = i.n * x.amount + j.n * y.amount + k.n * z.amount
                    ELSE (l.amount - i.n * x.amount - j.n * y.amount - k.n * z.amount)
                        % r.rate = 0 END)
        """,
    ),
    Rule(
        "L8 only a tax by head knows ages of children, three at most",
        f"tax_age_bands {_OF_HOTEL}",
        """
        SELECT t.code FROM tax_age_bands b
        JOIN taxes t ON t.hotel_id = b.hotel_id AND t.id = b.tax_id
        WHERE b.hotel_id = :hotel
        GROUP BY t.code, t.kind, b.from_day
        HAVING t.kind NOT IN ('per_person_night', 'per_person') OR COUNT(*) > 3
        """,
    ),
    Rule(
        "L4 each payment is the money of its entry",
        f"payments {_OF_HOTEL}",
        """
        SELECT e.key FROM payments p
        JOIN entries e ON e.hotel_id = p.hotel_id AND e.id = p.entry_id
        LEFT JOIN lines l ON l.hotel_id = p.hotel_id AND l.entry_id = p.entry_id
            AND l.account_id <> p.account_id
        WHERE p.hotel_id = :hotel
        GROUP BY p.id, p.amount, p.business_day, e.key, e.business_day
        HAVING COALESCE(SUM(l.amount), 0) <> p.amount OR p.business_day <> e.business_day
        """,
    ),
    Rule(
        "L9 moving charges keeps the sum of all folios",
        f"{_ENTRIES} AND kind = 'transfer'",
        """
        SELECT e.key FROM entries e
        JOIN lines l ON l.hotel_id = e.hotel_id AND l.entry_id = e.id
        JOIN accounts a ON a.hotel_id = l.hotel_id AND a.id = l.account_id
        WHERE e.hotel_id = :hotel AND e.kind = 'transfer' AND a.ledger = 'guest'
            AND COALESCE(substr(e.key, 1, 8), '') <> 'dispute/'  -- a bank took that off
        GROUP BY e.id, e.key HAVING SUM(l.amount) <> 0
        """,
    ),
    Rule(
        "L10 a closed folio owes and is owed nothing in any window",
        f"folios {_OF_HOTEL} AND state = 'closed'",
        f"""
        SELECT f.number FROM folios f JOIN ({_WINDOWS}) w ON w.folio_id = f.id
        WHERE f.hotel_id = :hotel AND f.state = 'closed' AND w.balance <> 0
        """,
    ),
    Rule(
        "L10 a folio is open or closed on a day, and no other",
        f"folios {_OF_HOTEL}",
        """
        SELECT number FROM folios WHERE hotel_id = :hotel
            AND ((state = 'closed') <> (closed_on IS NOT NULL) OR closed_on < opened_on)
        """,
    ),
    Rule(
        "L13 a deposit is owed to the guest until arrival",
        f"accounts {_OF_HOTEL} AND ledger = 'deposit'",
        """
        SELECT a.code FROM accounts a
        JOIN lines l ON l.hotel_id = a.hotel_id AND l.account_id = a.id
        WHERE a.hotel_id = :hotel AND a.ledger = 'deposit'
        GROUP BY a.id, a.code HAVING SUM(l.amount) > 0
        UNION ALL
        SELECT a.code FROM reservations r
        JOIN accounts a ON a.hotel_id = r.hotel_id AND a.ledger = 'deposit'
            AND a.code = 'deposit/' || r.number
        JOIN lines l ON l.hotel_id = a.hotel_id AND l.account_id = a.id
        WHERE r.hotel_id = :hotel AND r.state IN ('in_house', 'departed')
        GROUP BY a.id, a.code HAVING SUM(l.amount) <> 0
        """,
    ),
    Rule(
        "L13 no night's revenue is recognised before the night",
        f"{_ENTRIES} AND service_night IS NOT NULL",
        """
        SELECT key FROM entries
        WHERE hotel_id = :hotel AND service_night > business_day
        """,
    ),
)
