"""What must hold of closed days and of deeds: N1, N2, N7, A1."""

# ruff: noqa: S608 - put together from the constants of this file, never from input

from pms.hotel.close.verify.check import Rule

_CLOSED = "audits WHERE hotel_id = :hotel AND state = 'done'"
_STATISTICS = "day_statistics WHERE hotel_id = :hotel"

_HERE = """
    reservation_nights n
    JOIN stays s ON s.hotel_id = n.hotel_id AND s.reservation_id = n.reservation_id
        AND s.state <> 'undone' AND s.arrived_on <= n.night
        AND (s.departed_on IS NULL OR s.departed_on > n.night)
"""
_MONEY = """
    SELECT e.business_day AS day,
           -SUM(CASE WHEN a.ledger = 'revenue' AND a.code LIKE 'revenue/rooms/%'
                THEN l.amount ELSE 0 END) AS rooms,
           -SUM(CASE WHEN a.ledger = 'revenue' THEN l.amount ELSE 0 END) AS revenue,
           -SUM(CASE WHEN a.ledger = 'tax' THEN l.amount ELSE 0 END) AS taxes,
           SUM(CASE WHEN a.ledger IN ('cash', 'clearing')
                AND a.code NOT IN ('clearing/brought-forward', 'clearing/deposit-tax')
                THEN l.amount ELSE 0 END) AS payments
    FROM entries e
    JOIN lines l ON l.hotel_id = e.hotel_id AND l.entry_id = e.id
    JOIN accounts a ON a.hotel_id = l.hotel_id AND a.id = l.account_id
    WHERE e.hotel_id = :hotel GROUP BY e.business_day
"""

RULES = (
    Rule(
        "N1 each night in house is charged exactly once",
        "entries WHERE hotel_id = :hotel AND rule = 'room'",
        """
        SELECT r.number FROM reservation_nights n
        JOIN reservations r ON r.hotel_id = n.hotel_id AND r.id = n.reservation_id
            AND r.state IN ('in_house', 'departed')
        JOIN hotels h ON h.id = n.hotel_id
        LEFT JOIN entries e ON e.hotel_id = n.hotel_id AND e.subject_id = n.reservation_id
            AND e.service_night = n.night AND e.rule = 'room'
        WHERE n.hotel_id = :hotel AND n.live AND n.slot = 'night' AND n.night < h.business_date
            AND e.id IS NULL
        UNION ALL
        SELECT r.number FROM entries e
        JOIN reservations r ON r.hotel_id = e.hotel_id AND r.id = e.subject_id
        LEFT JOIN entries u ON u.hotel_id = e.hotel_id AND u.reverses_id = e.id
        WHERE e.hotel_id = :hotel AND e.service_night IS NOT NULL AND u.id IS NULL
        GROUP BY r.number, e.service_night, e.rule HAVING COUNT(*) > 1
        """,
    ),
    Rule(
        "N2 each day since the opening was closed once, in order",
        _CLOSED,
        """
        SELECT h.business_date FROM hotels h
        LEFT JOIN day_seals s ON s.hotel_id = h.id
        WHERE h.id = :hotel
        GROUP BY h.id, h.business_date, h.opened_on
        HAVING COUNT(s.day) <> DAYS(h.opened_on, h.business_date)
            OR MIN(s.day) <> h.opened_on OR MAX(s.day) >= h.business_date
        UNION ALL
        SELECT s.day FROM day_seals s
        LEFT JOIN audits a ON a.hotel_id = s.hotel_id AND a.day = s.day
        WHERE s.hotel_id = :hotel AND a.day IS NULL
        UNION ALL
        SELECT a.day FROM audits a
        LEFT JOIN day_seals s ON a.hotel_id = s.hotel_id AND a.day = s.day
        WHERE a.hotel_id = :hotel AND a.state = 'done' AND s.day IS NULL
        """,
    ),
    Rule(
        "N7 occupancy kept is occupancy recounted",
        _STATISTICS,
        f"""
        SELECT k.day FROM day_statistics k
        LEFT JOIN (SELECT n.night, COUNT(DISTINCT n.room_id) AS rooms, SUM(n.adults) AS adults,
                          SUM(n.children) AS children
                   FROM {_HERE}
                   WHERE n.hotel_id = :hotel AND n.live AND n.slot = 'night'
                   GROUP BY n.night) c ON c.night = k.day
        WHERE k.hotel_id = :hotel AND (k.occupied <> COALESCE(c.rooms, 0)
            OR k.adults <> COALESCE(c.adults, 0) OR k.children <> COALESCE(c.children, 0))
        """,
    ),
    Rule(
        "N7 revenue and payments kept are those of the lines",
        _STATISTICS,
        f"""
        SELECT k.day FROM day_statistics k LEFT JOIN ({_MONEY}) m ON m.day = k.day
        WHERE k.hotel_id = :hotel AND (k.room_revenue <> COALESCE(m.rooms, 0)
            OR k.room_revenue + k.food_and_beverage + k.other_revenue + k.tips
                <> COALESCE(m.revenue, 0)
            OR k.taxes <> COALESCE(m.taxes, 0) OR k.payments <> COALESCE(m.payments, 0))
        """,
    ),
    Rule(
        "N7 markets add up to the house",
        "segment_statistics WHERE hotel_id = :hotel",
        """
        SELECT k.day FROM day_statistics k
        LEFT JOIN segment_statistics s ON s.hotel_id = k.hotel_id AND s.day = k.day
        WHERE k.hotel_id = :hotel
        GROUP BY k.day, k.occupied, k.room_revenue
        HAVING COALESCE(SUM(s.rooms), 0) <> k.occupied
            OR COALESCE(SUM(s.revenue), 0) <> k.room_revenue
        """,
    ),
    Rule(
        "N9 a tax is given back where a later night of the stay stands charged",
        "entries WHERE hotel_id = :hotel AND kind = 'adjustment'",
        """
        SELECT b.key FROM entries b
        JOIN entries c ON c.hotel_id = b.hotel_id AND c.id = b.concerns_id
        WHERE b.hotel_id = :hotel AND b.kind = 'adjustment' AND b.key LIKE '%/exempt/%'
            AND b.key NOT LIKE '%/due' AND c.service_night IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM entries u
                WHERE u.hotel_id = b.hotel_id AND u.reverses_id = b.id)
            AND NOT EXISTS (SELECT 1 FROM entries d
                WHERE d.hotel_id = b.hotel_id AND d.key = b.key || '/due')
            AND NOT EXISTS (SELECT 1 FROM entries n
                WHERE n.hotel_id = c.hotel_id AND n.subject_id = c.subject_id
                AND n.kind = 'charge' AND n.service_night > c.service_night
                AND NOT EXISTS (SELECT 1 FROM entries u
                    WHERE u.hotel_id = n.hotel_id AND u.reverses_id = n.id))
        """,
    ),
    Rule(
        "A1 each promise and each presence is in the logbook",
        "logbook WHERE hotel_id = :hotel",
        """
        SELECT r.number FROM reservations r
        WHERE r.hotel_id = :hotel AND NOT EXISTS (
            SELECT 1 FROM logbook g WHERE g.hotel_id = r.hotel_id
                AND g.noun = 'reservations' AND g.noun_id = r.id)
        UNION ALL
        SELECT r.number FROM stays s
        JOIN reservations r ON r.hotel_id = s.hotel_id AND r.id = s.reservation_id
        WHERE s.hotel_id = :hotel AND NOT EXISTS (
            SELECT 1 FROM logbook g WHERE g.hotel_id = s.hotel_id
                AND g.noun = 'reservations' AND g.noun_id = r.id AND g.verb = 'checked in')
        UNION ALL
        SELECT r.number FROM reservations r
        WHERE r.hotel_id = :hotel AND r.state = 'cancelled' AND NOT EXISTS (
            SELECT 1 FROM logbook g WHERE g.hotel_id = r.hotel_id
                AND g.noun = 'reservations' AND g.noun_id = r.id AND g.verb = 'cancelled')
        """,
    ),
)
