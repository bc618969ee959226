"""What must hold of groups and their allotments: G1 to G4, counted from the parties' nights."""

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
        "G4 each group has its master folio",
        "groups WHERE hotel_id = :hotel",
        """
        SELECT g.code FROM groups g
        LEFT JOIN folios f ON f.hotel_id = g.hotel_id AND f.id = g.folio_id AND f.kind = 'group'
        WHERE g.hotel_id = :hotel AND f.id IS NULL
        """,
    ),
)
