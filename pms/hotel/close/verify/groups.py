"""What must hold of groups, options, waiting lists, traces, alerts, agreements: G1 to G10."""

from pms.hotel.close.verify.check import Rule

_ALLOTTED = "allotment_nights WHERE hotel_id = :hotel"

RULES = (
    Rule(
        "G1 what a group picked up is what its parties have",
        _ALLOTTED,
        """
        SELECT a.night FROM allotment_nights a LEFT JOIN (
            SELECT r.group_id, n.night, n.counted_type_id AS type_id, COUNT(*) AS rooms
            FROM reservation_nights n
            JOIN reservations r ON r.hotel_id = n.hotel_id AND r.id = n.reservation_id
            WHERE n.hotel_id = :hotel AND r.group_id IS NOT NULL
                AND n.counted_type_id IS NOT NULL
            GROUP BY r.group_id, n.night, n.counted_type_id) p
            ON p.group_id = a.holder_id AND p.night = a.night AND p.type_id = a.type_id
        WHERE a.hotel_id = :hotel AND a.picked <> COALESCE(p.rooms, 0)
        """,
    ),
    Rule(
        "G2 an allotment is kept for a group that deducts, on its nights",
        _ALLOTTED,
        """
        SELECT a.night FROM allotment_nights a
        LEFT JOIN group_terms t ON t.hotel_id = a.hotel_id AND t.group_id = a.holder_id
        WHERE a.hotel_id = :hotel AND a.kept > 0
            AND (t.group_id IS NULL OR NOT t.deducts
                 OR a.night < t.arrival OR a.night >= t.departure)
        """,
    ),
    Rule(
        "G3 no allotment outlives the audit that should have cut it off",
        _ALLOTTED,
        """
        SELECT a.night FROM allotment_nights a JOIN hotels h ON h.id = a.hotel_id
        WHERE a.hotel_id = :hotel AND a.keeps AND a.release_on < h.business_date
        """,
    ),
    Rule(
        "G5 no option outlives the audit of its day",
        "reservations WHERE hotel_id = :hotel AND option_date IS NOT NULL",
        """
        SELECT r.number FROM reservations r JOIN hotels h ON h.id = r.hotel_id
        WHERE r.hotel_id = :hotel AND r.state = 'booked' AND r.option_date < h.business_date
        """,
    ),
    Rule(
        "G6 who was booked from the waiting list has that very stay's guest",
        "waitlist WHERE hotel_id = :hotel",
        """
        SELECT w.id FROM waitlist w
        LEFT JOIN reservations r ON r.hotel_id = w.hotel_id AND r.id = w.reservation_id
        WHERE w.hotel_id = :hotel AND (
            (w.state = 'booked') <> (w.reservation_id IS NOT NULL)
            OR w.state = 'booked' AND (r.id IS NULL OR r.guest_id <> w.guest_id)
            OR w.state IN ('open', 'offered') AND w.until < (
                SELECT h.business_date FROM hotels h WHERE h.id = w.hotel_id))
        """,
    ),
    Rule(
        "G7 a turnaway is the no its reason says",
        "turnaways WHERE hotel_id = :hotel",
        """
        SELECT id FROM turnaways WHERE hotel_id = :hotel
            AND (kind = 'denial') <> (why IN ('sold_out', 'restricted', 'no_such_type'))
        """,
    ),
    Rule(
        "G8 who did a trace works here, and did it after it was written",
        "traces WHERE hotel_id = :hotel",
        """
        SELECT t.id FROM traces t
        WHERE t.hotel_id = :hotel AND t.done_at IS NOT NULL
            AND (t.done_by IS NULL OR t.done_at < t.written_at)
        """,
    ),
    Rule(
        "G9 an alert is on a guest or on a stay, and pops up somewhere",
        "alerts WHERE hotel_id = :hotel",
        """
        SELECT id FROM alerts WHERE hotel_id = :hotel
            AND ((guest_id IS NULL) = (reservation_id IS NULL)
                 OR NOT (at_reservation OR at_check_in OR at_check_out OR at_folio))
        """,
    ),
    Rule(
        "G10 no two agreements of one company hold on one day",
        "agreements WHERE hotel_id = :hotel",
        """
        SELECT a.id FROM agreements a
        JOIN agreements b ON b.hotel_id = a.hotel_id AND b.company_id = a.company_id
            AND b.id <> a.id AND b.first <= a.until AND a.first <= b.until
        WHERE a.hotel_id = :hotel
        """,
    ),
    Rule(
        "G4 each group has its master folio",
        "groups WHERE hotel_id = :hotel",
        """
        SELECT g.code FROM groups g
        LEFT JOIN folios f ON f.hotel_id = g.hotel_id AND f.id = g.folio_id AND f.kind = 'group'
        WHERE g.hotel_id = :hotel AND f.id IS NULL
        """,
    ),
)
