"""What must hold of rooms, promises and presence: I1 to I6, counted from the nights themselves."""

# ruff: noqa: S608 - put together from the constants of this file, never from input

from pms.hotel.close.verify.check import Rule

_NIGHTS = "reservation_nights WHERE hotel_id = :hotel"
_RESERVATIONS = "reservations WHERE hotel_id = :hotel"

# Nights with the reservation they belong to.
_OF_PARTIES = """
    reservation_nights n
    JOIN reservations r ON r.hotel_id = n.hotel_id AND r.id = n.reservation_id
"""

# What holds take of each open night and type, and allotments that aren't picked up.
_HELD = """
    SELECT night, type_id, SUM(rooms) AS rooms FROM (
        SELECT t.night, t.type_id, h.rooms
        FROM holds h JOIN type_nights t
            ON t.hotel_id = h.hotel_id AND t.type_id = h.type_id
            AND t.night >= h.arrival AND t.night < h.departure
        WHERE h.hotel_id = :hotel AND h.state = 'open'
        UNION ALL
        SELECT night, type_id, kept FROM allotment_nights WHERE hotel_id = :hotel) both_kinds
    GROUP BY night, type_id
"""
_SOLD = """
    SELECT night, counted_type_id AS type_id, COUNT(*) AS rooms FROM reservation_nights
    WHERE hotel_id = :hotel AND counted_type_id IS NOT NULL GROUP BY night, counted_type_id
"""
_OUT = """
    SELECT c.night, m.type_id, COUNT(*) AS rooms
    FROM room_claims c JOIN rooms m ON m.hotel_id = c.hotel_id AND m.id = c.room_id
    WHERE c.hotel_id = :hotel AND c.claimant = 'block' GROUP BY c.night, m.type_id
"""
_ROOMS = "SELECT type_id, COUNT(*) AS rooms FROM rooms WHERE hotel_id = :hotel GROUP BY type_id"


def _counter(column: str, counted: str, by_night: bool = True) -> str:
    """Compare a column of the open nights' counters with what it counts."""
    night = "AND c.night = t.night" if by_night else ""
    return f"""
        SELECT t.night FROM type_nights t
        JOIN hotels h ON h.id = t.hotel_id
        LEFT JOIN ({counted}) c ON c.type_id = t.type_id {night}
        WHERE t.hotel_id = :hotel AND t.night >= h.business_date
            AND t.{column} <> COALESCE(c.rooms, 0)
    """


def _fits(table: str) -> str:
    return f"""
        SELECT night FROM {table} WHERE hotel_id = :hotel
            AND (sold + held > rooms - out_of_order + allowance + forced
                 OR sold < 0 OR held < 0 OR out_of_order < 0 OR forced < 0)
    """


RULES = (
    Rule(
        "I1 no room has two parties in one night or day",
        f"{_NIGHTS} AND room_id IS NOT NULL",
        f"""
        SELECT n.night FROM {_OF_PARTIES}
        WHERE n.hotel_id = :hotel AND n.live AND n.room_id IS NOT NULL
        GROUP BY n.night, n.slot, n.room_id HAVING COUNT(DISTINCT r.claim_id) > 1
        """,
    ),
    Rule(
        "I1 each room of a night is claimed by its party",
        f"{_NIGHTS} AND room_id IS NOT NULL",
        f"""
        SELECT r.number FROM {_OF_PARTIES}
        LEFT JOIN room_claims c ON c.hotel_id = n.hotel_id AND c.room_id = n.room_id
            AND c.night = n.night AND c.slot = n.slot AND c.claim_id = r.claim_id
        WHERE n.hotel_id = :hotel AND n.room_id IS NOT NULL AND c.room_id IS NULL
        """,
    ),
    Rule(
        "I1 each claim of a party is a night of it",
        "room_claims WHERE hotel_id = :hotel AND claimant = 'party'",
        f"""
        SELECT c.night FROM room_claims c
        WHERE c.hotel_id = :hotel AND c.claimant = 'party' AND NOT EXISTS (
            SELECT 1 FROM {_OF_PARTIES}
            WHERE n.hotel_id = c.hotel_id AND n.night = c.night AND n.room_id = c.room_id
                AND n.slot = c.slot AND r.claim_id = c.claim_id)
        """,
    ),
    Rule(
        "I1 each claim of a block is a night of it",
        "room_claims WHERE hotel_id = :hotel AND claimant = 'block'",
        """
        SELECT c.night FROM room_claims c
        LEFT JOIN room_blocks b ON b.hotel_id = c.hotel_id AND b.id = c.claim_id
            AND b.room_id = c.room_id AND b.kind = 'out_of_order'
            AND c.night >= b.first AND c.night < b.until
        WHERE c.hotel_id = :hotel AND c.claimant = 'block' AND b.id IS NULL
        """,
    ),
    Rule(
        "I2 no type is oversold unless forced",
        "type_nights WHERE hotel_id = :hotel",
        _fits("type_nights"),
    ),
    Rule(
        "I2 the house is not oversold unless forced",
        "house_nights WHERE hotel_id = :hotel",
        _fits("house_nights"),
    ),
    Rule(
        "I2 what is forced says who and why",
        "type_nights WHERE hotel_id = :hotel AND forced > 0",
        """
        SELECT t.night FROM type_nights t
        WHERE t.hotel_id = :hotel AND t.forced > 0 AND NOT EXISTS (
            SELECT 1 FROM forcings f WHERE f.hotel_id = t.hotel_id AND f.night = t.night
                AND f.type_id = t.type_id AND LENGTH(f.reason) > 0)
        UNION ALL
        SELECT h.night FROM house_nights h
        WHERE h.hotel_id = :hotel AND h.forced > 0 AND NOT EXISTS (
            SELECT 1 FROM forcings f WHERE f.hotel_id = h.hotel_id AND f.night = h.night
                AND f.type_id IS NULL AND LENGTH(f.reason) > 0)
        """,
    ),
    Rule(
        "I3 sold is the number of promised nights",
        "type_nights WHERE hotel_id = :hotel",
        _counter("sold", _SOLD),
    ),
    Rule(
        "I3 those who share a room count as one each night to come",
        f"{_NIGHTS} AND live",
        f"""
        SELECT MIN(r.number) FROM {_OF_PARTIES}
        JOIN hotels h ON h.id = n.hotel_id AND n.night >= h.business_date
        WHERE n.hotel_id = :hotel AND n.live AND n.slot = 'night'
            AND r.state IN ('booked', 'in_house')
        GROUP BY COALESCE(r.claim_id, r.id), n.night HAVING COUNT(n.counted_type_id) <> 1
        """,
    ),
    Rule(
        "I3 held is the number of rooms on hold and allotted",
        "holds WHERE hotel_id = :hotel AND state = 'open'",
        _counter("held", _HELD),
    ),
    Rule(
        "I3 out of order is the number of rooms blocked",
        "room_claims WHERE hotel_id = :hotel AND claimant = 'block'",
        _counter("out_of_order", _OUT),
    ),
    Rule(
        "I3 rooms to sell are the rooms there are",
        "rooms WHERE hotel_id = :hotel",
        _counter("rooms", _ROOMS, by_night=False),
    ),
    Rule(
        "I3 the house is the sum of its types",
        "house_nights WHERE hotel_id = :hotel",
        """
        SELECT h.night FROM house_nights h
        LEFT JOIN type_nights t ON t.hotel_id = h.hotel_id AND t.night = h.night
        WHERE h.hotel_id = :hotel
        GROUP BY h.night, h.rooms, h.sold, h.held, h.out_of_order
        HAVING COALESCE(SUM(t.rooms), 0) <> h.rooms OR COALESCE(SUM(t.sold), 0) <> h.sold
            OR COALESCE(SUM(t.held), 0) <> h.held
            OR COALESCE(SUM(t.out_of_order), 0) <> h.out_of_order
        """,
    ),
    Rule(
        "I4 who is in house, or was, has one stay that says so",
        _RESERVATIONS,
        """
        SELECT r.number FROM reservations r
        LEFT JOIN stays s ON s.hotel_id = r.hotel_id AND s.reservation_id = r.id
            AND s.state <> 'undone'
        WHERE r.hotel_id = :hotel
        GROUP BY r.id, r.number, r.state
        HAVING COUNT(s.id) <> (CASE WHEN r.state IN ('in_house', 'departed') THEN 1 ELSE 0 END)
            OR COALESCE(MIN(s.state), r.state) <> r.state
                AND r.state IN ('in_house', 'departed')
        """,
    ),
    Rule(
        "I4 who is in house has arrived and has a room tonight",
        f"{_RESERVATIONS} AND state = 'in_house'",
        """
        SELECT r.number FROM reservations r
        JOIN hotels h ON h.id = r.hotel_id
        JOIN stays s ON s.hotel_id = r.hotel_id AND s.reservation_id = r.id
            AND s.state = 'in_house'
        LEFT JOIN reservation_nights n ON n.hotel_id = r.hotel_id AND n.reservation_id = r.id
            AND n.night = h.business_date AND n.slot = 'night' AND n.live
            AND n.room_id IS NOT NULL
        WHERE r.hotel_id = :hotel AND r.state = 'in_house'
            AND (s.arrived_on > h.business_date OR r.arrival > h.business_date
                 OR r.departure > h.business_date AND n.reservation_id IS NULL)
        """,
    ),
    Rule(
        "I5 a stay's nights are contiguous",
        _NIGHTS,
        """
        SELECT r.number FROM reservations r
        LEFT JOIN reservation_nights n ON n.hotel_id = r.hotel_id AND n.reservation_id = r.id
            AND n.live AND n.slot = 'night'
        WHERE r.hotel_id = :hotel AND r.state IN ('booked', 'in_house', 'departed')
        GROUP BY r.id, r.number, r.arrival, r.departure
        HAVING COUNT(n.night) <> DAYS(r.arrival, r.departure)
            OR MIN(n.night) < r.arrival OR MAX(n.night) >= r.departure
        """,
    ),
    Rule(
        "I5 a price below zero has its reason",
        _NIGHTS,
        """
        SELECT night FROM reservation_nights
        WHERE hotel_id = :hotel AND price < 0 AND manual_reason IS NULL
        """,
    ),
    Rule(
        "I6 who is cancelled or didn't come holds no night",
        f"{_RESERVATIONS} AND state IN ('cancelled', 'no_show')",
        f"""
        SELECT r.number FROM {_OF_PARTIES}
        WHERE n.hotel_id = :hotel AND r.state IN ('cancelled', 'no_show')
            AND (n.live OR n.room_id IS NOT NULL OR n.counted_type_id IS NOT NULL)
        """,
    ),
    Rule(
        "I6 a night given back holds nothing",
        _NIGHTS,
        """
        SELECT night FROM reservation_nights WHERE hotel_id = :hotel
            AND NOT live AND (room_id IS NOT NULL OR counted_type_id IS NOT NULL)
        """,
    ),
    Rule(
        "I6 no hold outlives an audit that should have ended it",
        "holds WHERE hotel_id = :hotel",
        """
        SELECT h.id FROM holds h WHERE h.hotel_id = :hotel AND h.state = 'open'
            AND h.expires_at < (SELECT MAX(a.started_at) FROM audits a
                                WHERE a.hotel_id = :hotel AND a.state = 'done')
        """,
    ),
    Rule(
        "I3 the changes of a night add up to what is promised",
        "night_changes WHERE hotel_id = :hotel",
        """
        SELECT reservation_id FROM (
            SELECT reservation_id, night, rooms, amount FROM night_changes
            WHERE hotel_id = :hotel
            UNION ALL
            SELECT reservation_id, night,
                   -(CASE WHEN counted_type_id IS NULL THEN 0 ELSE 1 END), -price
            FROM reservation_nights
            WHERE hotel_id = :hotel AND live AND slot = 'night') both_sides
        GROUP BY reservation_id, night HAVING SUM(rooms) <> 0 OR SUM(amount) <> 0
        """,
    ),
)
