"""What must hold of reception: F1 to F4, counted from messages, calls, visitors and wishes."""

from pms.hotel.close.verify.check import Rule


def _gapless(table: str, counter: str) -> str:
    return f"""
        SELECT MIN(number) FROM {table} WHERE hotel_id = :hotel
        HAVING COUNT(*) > 0 AND (MAX(number) - MIN(number) + 1 <> COUNT(DISTINCT number)
            OR MAX(number) <> (SELECT last FROM counters c
                               WHERE c.hotel_id = :hotel AND c.name = '{counter}'))
        """  # noqa: S608 - names of ours


RULES = (
    Rule(
        "F1 messages are numbered without a gap, and an ended one says by whom and how",
        "guest_messages WHERE hotel_id = :hotel",
        f"""
        SELECT number FROM guest_messages WHERE hotel_id = :hotel AND (
            (state = 'waiting') <> (ended_at IS NULL) OR (state = 'waiting') <> (ended_by IS NULL)
            OR (state = 'delivered') <> (how IS NOT NULL)
            OR (state = 'withdrawn') <> (why IS NOT NULL))
        UNION ALL {_gapless("guest_messages", "message")}
        """,  # noqa: S608 - names of ours
    ),
    Rule(
        "F2 calls are numbered without a gap, and what one became speaks of the same party",
        "phone_calls WHERE hotel_id = :hotel",
        f"""
        SELECT p.number FROM phone_calls p
        LEFT JOIN guest_messages m ON m.hotel_id = p.hotel_id AND m.id = p.message_id
        LEFT JOIN requests r ON r.hotel_id = p.hotel_id AND r.id = p.request_id
        WHERE p.hotel_id = :hotel AND (
            m.id IS NOT NULL AND m.reservation_id <> p.reservation_id
            OR r.id IS NOT NULL AND p.reservation_id IS NOT NULL
                AND COALESCE(r.reservation_id, 0) <> p.reservation_id
            OR p.called_back_at IS NOT NULL AND p.back_by IS NULL)
        UNION ALL {_gapless("phone_calls", "phone call")}
        """,  # noqa: S608 - names of ours
    ),
    Rule(
        "F3 visitors are numbered without a gap, and each left after coming, seen out by somebody",
        "visitors WHERE hotel_id = :hotel",
        f"""
        SELECT number FROM visitors WHERE hotel_id = :hotel AND (
            left_at < came_at OR (left_at IS NULL) <> (left_by IS NULL)
            OR reservation_id IS NULL AND host IS NULL)
        UNION ALL {_gapless("visitors", "visitor")}
        """,  # noqa: S608 - names of ours
    ),
    Rule(
        "F4 a party's privacy is in the logbook, and who is hidden takes neither calls nor visits",
        "privacy_wishes WHERE hotel_id = :hotel",
        """
        SELECT w.reservation_id FROM privacy_wishes w WHERE w.hotel_id = :hotel AND (
            w.no_information AND NOT (w.no_calls AND w.no_visitors)
            OR NOT EXISTS (
                SELECT 1 FROM logbook g WHERE g.hotel_id = w.hotel_id
                    AND g.noun = 'reservations' AND g.noun_id = w.reservation_id
                    AND g.verb = 'wished privacy'))
        """,
    ),
)
