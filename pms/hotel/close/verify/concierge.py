"""What must hold of the concierge: C1 to C8, counted from bookings, entries, calls, vouchers."""

from pms.hotel.close.verify.check import Rule

_BOOKINGS = "activity_bookings WHERE hotel_id = :hotel"
_CALLS = "wake_up_calls WHERE hotel_id = :hotel"

RULES = (
    Rule(
        "C1 the places taken of a time are those of its bookings, never more than it has",
        "activity_times WHERE hotel_id = :hotel",
        """
        SELECT t.id FROM activity_times t
        LEFT JOIN activity_bookings b ON b.hotel_id = t.hotel_id AND b.time_id = t.id
            AND b.state <> 'cancelled'
        WHERE t.hotel_id = :hotel
        GROUP BY t.id, t.taken, t.capacity
        HAVING t.taken <> COALESCE(SUM(b.places), 0) OR t.taken > t.capacity
        """,
    ),
    Rule(
        "C2 the concierge's bookings are numbered without a gap",
        _BOOKINGS,
        """
        SELECT MIN(number) FROM activity_bookings WHERE hotel_id = :hotel
        HAVING COUNT(*) > 0 AND (MAX(number) - MIN(number) + 1 <> COUNT(DISTINCT number)
            OR MAX(number) <> (SELECT last FROM counters c
                               WHERE c.hotel_id = :hotel AND c.name = 'activity booking'))
        """,
    ),
    Rule(
        "C3 a charged booking has its entry on the folio it names, and a fee its own",
        "activity_bookings WHERE hotel_id = :hotel AND entry_id IS NOT NULL",
        """
        SELECT b.number FROM activity_bookings b
        LEFT JOIN folio_windows w ON w.hotel_id = b.hotel_id AND w.folio_id = b.folio_id
        LEFT JOIN lines l ON l.hotel_id = b.hotel_id AND l.entry_id = b.entry_id
            AND l.account_id = w.account_id
        WHERE b.hotel_id = :hotel AND b.entry_id IS NOT NULL
        GROUP BY b.number, b.price
        HAVING b.price NOT BETWEEN COALESCE(SUM(CASE WHEN l.tax_id IS NULL THEN l.amount END), 0)
            AND COALESCE(SUM(l.amount), 0)
        UNION ALL
        SELECT b.number FROM activity_bookings b
        LEFT JOIN lines l ON l.hotel_id = b.hotel_id AND l.entry_id = b.fee_entry_id
            AND l.amount > 0
        WHERE b.hotel_id = :hotel AND b.fee_entry_id IS NOT NULL
        GROUP BY b.number, b.fee
        HAVING b.fee NOT BETWEEN COALESCE(SUM(CASE WHEN l.tax_id IS NULL THEN l.amount END), 0)
            AND COALESCE(SUM(l.amount), 0)
        """,
    ),
    Rule(
        "C4 what was charged for a cancelled booking was taken off the bill",
        "activity_bookings WHERE hotel_id = :hotel AND state = 'cancelled'",
        """
        SELECT b.number FROM activity_bookings b
        WHERE b.hotel_id = :hotel AND b.state = 'cancelled' AND b.entry_id IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM entries e
                            WHERE e.hotel_id = b.hotel_id AND e.reverses_id = b.entry_id)
        """,
    ),
    Rule(
        "C5 a commission is its share of what is due",
        _BOOKINGS,
        """
        SELECT number FROM activity_bookings WHERE hotel_id = :hotel
            AND commission <> ((CASE WHEN state = 'cancelled' THEN fee ELSE price END)
                               * commission_rate + 5000) / 10000
        """,
    ),
    Rule(
        "C6 who isn't woken has a request, and no call waits that was taken back",
        _CALLS,
        """
        SELECT c.id FROM wake_up_calls c
        JOIN wake_ups w ON w.hotel_id = c.hotel_id AND w.id = c.wake_up_id
        WHERE c.hotel_id = :hotel AND (
            c.state IN ('no_answer', 'missed') AND c.request_id IS NULL
            OR c.state = 'waiting' AND w.ended_at IS NOT NULL
            OR c.day < w.first_on OR NOT w.daily AND c.day <> w.first_on)
        """,
    ),
    Rule(
        "C7 what became of bookings and calls is in the logbook",
        _BOOKINGS,
        """
        SELECT b.number FROM activity_bookings b
        WHERE b.hotel_id = :hotel AND (
            NOT EXISTS (SELECT 1 FROM logbook g WHERE g.hotel_id = b.hotel_id
                        AND g.noun = 'activity_bookings' AND g.noun_id = b.id AND g.verb = 'booked')
            OR b.state = 'cancelled' AND NOT EXISTS (
                SELECT 1 FROM logbook g WHERE g.hotel_id = b.hotel_id
                    AND g.noun = 'activity_bookings' AND g.noun_id = b.id AND g.verb = 'cancelled'))
        UNION ALL
        SELECT c.id FROM wake_up_calls c
        WHERE c.hotel_id = :hotel AND c.state IN ('answered', 'no_answer', 'missed')
            AND NOT EXISTS (
                SELECT 1 FROM logbook g WHERE g.hotel_id = c.hotel_id
                    AND g.noun = 'wake_up_calls' AND g.noun_id = c.id
                    AND g.verb IN ('answered', 'sent somebody up'))
        """,
    ),
    Rule(
        "C8 vouchers are numbered without a gap, each for a booking of the house",
        "vouchers WHERE hotel_id = :hotel",
        """
        SELECT v.number FROM vouchers v
        LEFT JOIN activity_bookings b ON b.hotel_id = v.hotel_id AND b.id = v.booking_id
        WHERE v.hotel_id = :hotel AND (b.id IS NULL OR v.booking_version > b.version)
        UNION ALL
        SELECT MIN(number) FROM vouchers WHERE hotel_id = :hotel
        HAVING COUNT(*) > 0 AND (MAX(number) - MIN(number) + 1 <> COUNT(DISTINCT number)
            OR MAX(number) <> (SELECT last FROM counters c
                               WHERE c.hotel_id = :hotel AND c.name = 'voucher'))
        """,
    ),
)
