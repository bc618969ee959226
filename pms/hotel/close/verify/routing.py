"""What must hold of routing: what rules sent stands where they lead, within their limits."""

from pms.hotel.close.verify.check import Rule

# What rules have sent and what still stands of it: charges that were reversed are no use of it.
_STANDING = """
    FROM routed_amounts a JOIN routing_rules r ON r.hotel_id = a.hotel_id AND r.id = a.rule_id
    WHERE a.hotel_id = :hotel AND a.amount > 0 AND NOT EXISTS (
        SELECT 1 FROM entries u WHERE u.hotel_id = a.hotel_id AND u.reverses_id = a.entry_id)
"""

RULES = (
    Rule(
        "J1 what rules sent of a charge is what it put on the window they lead to",
        "routed_amounts WHERE hotel_id = :hotel",
        """
        SELECT e.key FROM entries e
        JOIN (SELECT a.hotel_id, a.entry_id, r.to_folio_id, r.to_window, SUM(a.amount) AS sent
              FROM routed_amounts a
              JOIN routing_rules r ON r.hotel_id = a.hotel_id AND r.id = a.rule_id
              WHERE a.hotel_id = :hotel
              GROUP BY a.hotel_id, a.entry_id, r.to_folio_id, r.to_window) s
            ON s.hotel_id = e.hotel_id AND s.entry_id = e.id
        JOIN folio_windows w ON w.hotel_id = s.hotel_id AND w.folio_id = s.to_folio_id
            AND w.no = s.to_window
        LEFT JOIN lines l ON l.hotel_id = e.hotel_id AND l.entry_id = e.id
            AND l.account_id = w.account_id
        WHERE e.hotel_id = :hotel
        GROUP BY e.id, e.key, w.account_id, s.sent
        HAVING COALESCE(SUM(l.amount), 0) <> s.sent
        """,
    ),
    Rule(
        "J2 no rule sends more than its limits",
        "routing_rules WHERE hotel_id = :hotel"
        " AND (night_limit IS NOT NULL OR total_limit IS NOT NULL)",
        f"""
        SELECT r.id {_STANDING} AND r.night_limit IS NOT NULL
        GROUP BY r.id, r.night_limit, a.night HAVING SUM(a.amount) > r.night_limit
        UNION ALL
        SELECT r.id {_STANDING} AND r.total_limit IS NOT NULL
        GROUP BY r.id, r.total_limit HAVING SUM(a.amount) > r.total_limit
        """,
    ),
    Rule(
        "J3 no more of a posting was moved on from a window than it put there",
        "entries WHERE hotel_id = :hotel AND kind = 'transfer' AND concerns_id IS NOT NULL",
        """
        SELECT e.key FROM entries e
        JOIN (SELECT l.hotel_id, l.entry_id, l.account_id, SUM(l.amount) AS amount FROM lines l
              WHERE l.hotel_id = :hotel GROUP BY l.hotel_id, l.entry_id, l.account_id) put
            ON put.hotel_id = e.hotel_id AND put.entry_id = e.id
        JOIN entries t ON t.hotel_id = e.hotel_id AND t.concerns_id = e.id AND t.kind = 'transfer'
            AND NOT EXISTS (
                SELECT 1 FROM entries u WHERE u.hotel_id = t.hotel_id AND u.reverses_id = t.id)
        JOIN lines f ON f.hotel_id = t.hotel_id AND f.entry_id = t.id AND f.no = 1
            AND f.account_id = put.account_id
        JOIN lines l ON l.hotel_id = t.hotel_id AND l.entry_id = t.id
            AND l.account_id = put.account_id
        WHERE e.hotel_id = :hotel
        GROUP BY e.id, e.key, put.account_id, put.amount
        HAVING ABS(put.amount + SUM(l.amount)) > ABS(put.amount)
            OR put.amount > 0 AND put.amount + SUM(l.amount) < 0
            OR put.amount < 0 AND put.amount + SUM(l.amount) > 0
        """,
    ),
    Rule(
        "J4 a rule, and its end, is in the logbook of its folio",
        "routing_rules WHERE hotel_id = :hotel",
        """
        SELECT r.id FROM routing_rules r WHERE r.hotel_id = :hotel
            AND (NOT EXISTS (
                SELECT 1 FROM logbook b WHERE b.hotel_id = r.hotel_id AND b.noun = 'folios'
                    AND b.noun_id = r.folio_id AND b.verb = 'routed')
            OR r.ended_on IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM logbook b WHERE b.hotel_id = r.hotel_id AND b.noun = 'folios'
                    AND b.noun_id = r.folio_id AND b.verb = 'stopped routing'))
        """,
    ),
    Rule(
        "J5 VAT is paid with the charge it is on",
        "entries WHERE hotel_id = :hotel AND kind = 'charge'",
        """
        SELECT e.key FROM entries e
        JOIN lines l ON l.hotel_id = e.hotel_id AND l.entry_id = e.id
        JOIN folio_windows w ON w.hotel_id = l.hotel_id AND w.account_id = l.account_id
        LEFT JOIN taxes t ON t.hotel_id = l.hotel_id AND t.id = l.tax_id
        WHERE e.hotel_id = :hotel AND e.kind = 'charge'
        GROUP BY e.id, e.key, l.account_id
        HAVING SUM(CASE WHEN l.tax_id IS NULL THEN 1 ELSE 0 END) = 0
            AND SUM(CASE WHEN t.kind = 'percent' AND t.levy = false AND l.amount <> 0
                    THEN 1 ELSE 0 END) > 0
        """,
    ),
    Rule(
        "J6 a rule takes a set that has charges in it, and names the default it came from",
        "routing_rules WHERE hotel_id = :hotel"
        " AND (charge_set_id IS NOT NULL OR default_id IS NOT NULL)",
        """
        SELECT r.id FROM routing_rules r WHERE r.hotel_id = :hotel
            AND (r.charge_set_id IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM charge_set_codes c
                WHERE c.hotel_id = r.hotel_id AND c.set_id = r.charge_set_id)
            OR r.default_id IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM default_rules d
                WHERE d.hotel_id = r.hotel_id AND d.id = r.default_id))
        """,
    ),
    Rule(
        "J7 a default rule, and its end, is in the logbook of whose it is",
        "default_rules WHERE hotel_id = :hotel",
        """
        SELECT d.id FROM default_rules d WHERE d.hotel_id = :hotel
            AND (NOT EXISTS (
                SELECT 1 FROM logbook b WHERE b.hotel_id = d.hotel_id
                    AND b.noun_id = COALESCE(d.agreement_id, d.plan_id)
                    AND b.noun IN ('agreements', 'rate_plans') AND b.verb = 'agreed routing')
            OR d.ended_at IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM logbook b WHERE b.hotel_id = d.hotel_id
                    AND b.noun_id = COALESCE(d.agreement_id, d.plan_id)
                    AND b.noun IN ('agreements', 'rate_plans') AND b.verb = 'ended routing'))
        """,
    ),
)
