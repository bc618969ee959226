"""What must hold of what is asked of the house: R1 to R8, counted from requests and their rows."""

from pms.hotel.close.verify.check import Rule

_REQUESTS = "requests WHERE hotel_id = :hotel"

RULES = (
    Rule(
        "R1 requests are numbered without a gap",
        _REQUESTS,
        """
        SELECT MIN(number) FROM requests WHERE hotel_id = :hotel
        HAVING COUNT(*) > 0 AND (MAX(number) - MIN(number) + 1 <> COUNT(DISTINCT number)
            OR MAX(number) <> (SELECT last FROM counters c
                               WHERE c.hotel_id = :hotel AND c.name = 'request'))
        """,
    ),
    Rule(
        "R2 a request's clocks run only while somebody waits",
        _REQUESTS,
        """
        SELECT number FROM requests WHERE hotel_id = :hotel AND (
            seen_by > due_at OR paused < 0
            OR escalates_at IS NOT NULL
                AND state NOT IN ('new', 'reopened', 'acknowledged', 'assigned', 'in_progress')
            OR held_at IS NOT NULL AND state <> 'on_hold'
            OR held_at IS NULL AND state = 'on_hold')
        """,
    ),
    Rule(
        "R3 a request stands at the highest level that was told, each once",
        _REQUESTS,
        """
        SELECT r.number FROM requests r
        LEFT JOIN request_escalations e ON e.hotel_id = r.hotel_id AND e.request_id = r.id
            AND e.turn = r.turn
        WHERE r.hotel_id = :hotel
        GROUP BY r.id, r.number, r.level
        HAVING COALESCE(MAX(e.level), 1) <> r.level OR COUNT(e.level) <> r.level - 1
        """,
    ),
    Rule(
        "R4 each recovery is what its entry puts on its folio",
        "request_recoveries WHERE hotel_id = :hotel AND entry_id IS NOT NULL",
        """
        SELECT v.id FROM request_recoveries v
        LEFT JOIN folio_windows w ON w.hotel_id = v.hotel_id AND w.folio_id = v.folio_id
        LEFT JOIN lines l ON l.hotel_id = v.hotel_id AND l.entry_id = v.entry_id
            AND l.account_id = w.account_id
        WHERE v.hotel_id = :hotel AND v.entry_id IS NOT NULL
        GROUP BY v.id, v.kind, v.amount
        HAVING COALESCE(SUM(l.amount), 0)
            <> (CASE WHEN v.kind = 'adjustment' THEN -v.amount ELSE v.amount END)
        """,
    ),
    Rule(
        "R5 what became of a request is in the logbook, a complaint's end with its cause",
        _REQUESTS,
        """
        SELECT r.number FROM requests r
        WHERE r.hotel_id = :hotel AND (
            r.complaint AND r.state = 'closed' AND r.cause IS NULL
            OR NOT EXISTS (
                SELECT 1 FROM logbook g WHERE g.hotel_id = r.hotel_id
                    AND g.noun = 'requests' AND g.noun_id = r.id AND g.verb = 'asked for')
            OR r.state IN ('done', 'closed', 'cancelled') AND NOT EXISTS (
                SELECT 1 FROM logbook g WHERE g.hotel_id = r.hotel_id
                    AND g.noun = 'requests' AND g.noun_id = r.id AND g.verb = r.state))
        """,
    ),
    Rule(
        "R6 each category has a clock for every priority, for VIPs and for others",
        "request_categories WHERE hotel_id = :hotel",
        """
        SELECT c.code FROM request_categories c
        LEFT JOIN request_clocks k ON k.hotel_id = c.hotel_id AND k.category_id = c.id
        WHERE c.hotel_id = :hotel GROUP BY c.id, c.code HAVING COUNT(k.priority) <> 8
        """,
    ),
    Rule(
        "R7 a hand-over is signed by two, or waits for the second",
        "handovers WHERE hotel_id = :hotel",
        """
        SELECT id FROM handovers WHERE hotel_id = :hotel
            AND (taken_by = given_by OR taken_at < given_at
                 OR (taken_by IS NULL) <> (taken_at IS NULL))
        """,
    ),
    Rule(
        "R8 tickets are numbered without a gap, and what is gone says when and to whom",
        "tickets WHERE hotel_id = :hotel",
        """
        SELECT number FROM tickets WHERE hotel_id = :hotel
            AND ((state = 'kept') <> (gone_at IS NULL) OR (state = 'kept') <> (gone_to IS NULL))
        UNION ALL
        SELECT MIN(number) FROM tickets WHERE hotel_id = :hotel
        HAVING COUNT(*) > 0 AND MAX(number) - MIN(number) + 1 <> COUNT(DISTINCT number)
        """,
    ),
)
