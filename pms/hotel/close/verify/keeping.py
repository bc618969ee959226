"""What must hold of housekeeping and maintenance: K1 to K5, W1 to W3."""

from pms.hotel.close.verify.check import Rule

_TASKS = "room_tasks WHERE hotel_id = :hotel"
_ORDERS = "work_orders WHERE hotel_id = :hotel"

RULES = (
    Rule(
        "K1 a task says when it was begun, done and inspected, and by whom",
        _TASKS,
        """
        SELECT id FROM room_tasks WHERE hotel_id = :hotel AND (
            (state IN ('done', 'inspected')) <> (done_at IS NOT NULL)
            OR (done_at IS NULL) <> (done_by IS NULL)
            OR (state = 'inspected') <> (inspected_at IS NOT NULL)
            OR (inspected_at IS NULL) <> (inspected_by IS NULL)
            OR inspected_at < done_at OR done_at < started_at
            OR turn > 0 AND redo_why IS NULL)
        """,
    ),
    Rule(
        "K2 each task is on a sheet of its day",
        _TASKS,
        """
        SELECT t.id FROM room_tasks t
        LEFT JOIN sheets s ON s.hotel_id = t.hotel_id AND s.id = t.sheet_id
        WHERE t.hotel_id = :hotel AND (s.id IS NULL OR s.day <> t.day)
        """,
    ),
    Rule(
        "K3 a day's sheets are numbered without a gap, one for each attendant",
        "sheets WHERE hotel_id = :hotel",
        """
        SELECT day FROM sheets WHERE hotel_id = :hotel GROUP BY day
        HAVING MIN(number) <> 1 OR MAX(number) <> COUNT(*)
            OR COUNT(DISTINCT attendant_id) <> COUNT(*)
        """,
    ),
    Rule(
        "K4 a difference is one of three kinds, one open in a room, resolved once by somebody",
        "discrepancies WHERE hotel_id = :hotel",
        """
        SELECT id FROM discrepancies WHERE hotel_id = :hotel AND (
            seen_persons = desk_persons
            OR (kind = 'sleep') <> (desk_persons = 0) OR (kind = 'skip') <> (seen_persons = 0)
            OR (resolution IS NULL) <> (resolved_at IS NULL)
            OR (resolution IS NULL) <> (resolved_by IS NULL))
        UNION ALL
        SELECT MIN(id) FROM discrepancies WHERE hotel_id = :hotel AND resolution IS NULL
        GROUP BY room_id HAVING COUNT(*) > 1
        """,
    ),
    Rule(
        "K5 what became of a room is in the logbook",
        f"{_TASKS} AND state IN ('done', 'inspected', 'declined')",
        """
        SELECT t.id FROM room_tasks t
        WHERE t.hotel_id = :hotel AND t.state IN ('done', 'inspected', 'declined')
            AND NOT EXISTS (
                SELECT 1 FROM logbook g WHERE g.hotel_id = t.hotel_id
                    AND g.noun = 'room_tasks' AND g.noun_id = t.id AND g.verb = t.state)
        """,
    ),
    Rule(
        "W1 work orders are numbered without a gap",
        _ORDERS,
        """
        SELECT MIN(number) FROM work_orders WHERE hotel_id = :hotel
        HAVING COUNT(*) > 0 AND (MAX(number) - MIN(number) + 1 <> COUNT(DISTINCT number)
            OR MAX(number) <> (SELECT last FROM counters c
                               WHERE c.hotel_id = :hotel AND c.name = 'work order'))
        """,
    ),
    Rule(
        "W2 a work order is somewhere, and says when it was begun and done",
        _ORDERS,
        """
        SELECT number FROM work_orders WHERE hotel_id = :hotel AND (
            room_id IS NULL AND place IS NULL
            OR (state = 'done') <> (done_at IS NOT NULL)
            OR state IN ('in_progress', 'done') AND started_at IS NULL
            OR state = 'on_hold' AND hold_reason IS NULL
            OR (state = 'cancelled') <> (cancel_reason IS NOT NULL)
            OR labour_minutes < 0 OR parts_cost < 0)
        """,
    ),
    Rule(
        "W3 what keeps a room from guests for a work order keeps its room",
        f"{_ORDERS} AND block_id IS NOT NULL",
        """
        SELECT w.number FROM work_orders w
        LEFT JOIN room_blocks b ON b.hotel_id = w.hotel_id AND b.id = w.block_id
        WHERE w.hotel_id = :hotel AND w.block_id IS NOT NULL
            AND (b.id IS NULL OR w.room_id IS NULL OR b.room_id <> w.room_id)
        """,
    ),
)
