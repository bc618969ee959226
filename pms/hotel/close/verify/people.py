"""What must hold of people, their roster and their hours: E1 to E10."""

from pms.hotel.close.verify.check import Rule

_ENTRIES = "time_entries WHERE hotel_id = :hotel"
_SHIFTS = "roster_shifts WHERE hotel_id = :hotel"
_OVERLAP = "o.hotel_id = e.hotel_id AND o.employee_id = e.employee_id AND o.id > e.id"

RULES = (
    Rule(
        "E1 nobody works twice at a time",
        _ENTRIES,
        f"""
        SELECT e.id FROM time_entries e JOIN time_entries o ON {_OVERLAP}
            AND (o.ended_at IS NULL OR o.ended_at > e.started_at)
            AND (e.ended_at IS NULL OR e.ended_at > o.started_at)
        WHERE e.hotel_id = :hotel AND NOT (e.struck OR o.struck OR e.forgotten OR o.forgotten)
        """,  # noqa: S608 - a constant of this file
    ),
    Rule(
        "E2 approved hours are the minutes that somebody else approved, of that version",
        f"{_ENTRIES} AND approved_at IS NOT NULL",
        """
        SELECT e.id FROM time_entries e
        JOIN employees p ON p.hotel_id = e.hotel_id AND p.id = e.employee_id
        LEFT JOIN time_approvals a ON a.hotel_id = e.hotel_id AND a.entry_id = e.id
            AND a.version = e.version
        LEFT JOIN time_breaks b ON b.hotel_id = e.hotel_id AND b.entry_id = e.id AND NOT b.paid
        WHERE e.hotel_id = :hotel AND e.approved_at IS NOT NULL
        GROUP BY e.id, e.started_at, e.ended_at, e.approved_by, p.staff_id,
            a.minutes_paid, a.minutes_unpaid, a.staff_id, a.why
        HAVING a.minutes_paid IS NULL OR a.staff_id <> e.approved_by
            OR p.staff_id = e.approved_by AND a.why IS NULL
            OR a.minutes_unpaid <> COALESCE(SUM(MINUTES(b.started_at, b.ended_at)), 0)
            OR a.minutes_paid + a.minutes_unpaid <> MINUTES(e.started_at, e.ended_at)
        """,
    ),
    Rule(
        "E3 hours are as they were punched, or as an edit says",
        _ENTRIES,
        """
        SELECT e.id FROM time_entries e WHERE e.hotel_id = :hotel
            AND NOT EXISTS (
                SELECT 1 FROM time_edits t WHERE t.hotel_id = e.hotel_id AND t.entry_id = e.id)
            AND (e.struck
                OR NOT EXISTS (
                    SELECT 1 FROM punches p WHERE p.hotel_id = e.hotel_id AND p.entry_id = e.id
                        AND p.kind IN ('in', 'change') AND p.at = e.started_at)
                OR e.ended_at IS NOT NULL AND NOT EXISTS (
                    SELECT 1 FROM punches p WHERE p.hotel_id = e.hotel_id
                        AND p.employee_id = e.employee_id
                        AND p.kind IN ('out', 'change') AND p.at = e.ended_at))
        """,
    ),
    Rule(
        "E4 a break is within its hours, one at a time",
        "time_breaks WHERE hotel_id = :hotel",
        """
        SELECT b.id FROM time_breaks b
        LEFT JOIN time_entries e ON e.hotel_id = b.hotel_id AND e.id = b.entry_id
        LEFT JOIN time_breaks o ON o.hotel_id = b.hotel_id AND o.entry_id = b.entry_id
            AND o.id <> b.id AND o.started_at < b.ended_at AND o.ended_at > b.started_at
        WHERE b.hotel_id = :hotel AND (
            e.id IS NULL OR o.id IS NOT NULL OR b.started_at < e.started_at
            OR b.ended_at > e.ended_at OR b.ended_at IS NULL AND e.ended_at IS NOT NULL)
        """,
    ),
    Rule(
        "E5 what a hand changed in hours is in the logbook, with its reason",
        "time_edits WHERE hotel_id = :hotel",
        """
        SELECT t.id FROM time_edits t WHERE t.hotel_id = :hotel AND (
            t.before IS NULL AND t.after IS NULL
            OR NOT EXISTS (
                SELECT 1 FROM logbook g WHERE g.hotel_id = t.hotel_id
                    AND g.noun = 'time_entries' AND g.noun_id = t.entry_id AND g.why = t.why))
        """,
    ),
    Rule(
        "E6 nobody has two shifts at a time, one without the position, or one while absent",
        f"{_SHIFTS} AND employee_id IS NOT NULL AND cancelled_at IS NULL",
        f"""
        SELECT e.id FROM roster_shifts e
        LEFT JOIN roster_shifts o ON {_OVERLAP} AND o.cancelled_at IS NULL
            AND o.starts_at < e.ends_at AND o.ends_at > e.starts_at
        WHERE e.hotel_id = :hotel AND e.employee_id IS NOT NULL AND e.cancelled_at IS NULL
            AND (o.id IS NOT NULL
                OR EXISTS (
                    SELECT 1 FROM absent_days a WHERE a.hotel_id = e.hotel_id
                        AND a.employee_id = e.employee_id AND a.day = e.day)
                OR NOT EXISTS (
                    SELECT 1 FROM employments m WHERE m.hotel_id = e.hotel_id
                        AND m.employee_id = e.employee_id AND m.position_id = e.position_id
                        AND m.begins_on <= e.day AND COALESCE(m.ends_on, e.day) >= e.day))
        """,  # noqa: S608 - a constant of this file
    ),
    Rule(
        "E7 what the roster put on the duty list is a published shift, its person and its hours",
        "duties WHERE hotel_id = :hotel AND roster_shift_id IS NOT NULL",
        """
        SELECT d.id FROM duties d
        LEFT JOIN roster_shifts s ON s.hotel_id = d.hotel_id AND s.id = d.roster_shift_id
        LEFT JOIN employees p ON p.hotel_id = s.hotel_id AND p.id = s.employee_id
        WHERE d.hotel_id = :hotel AND d.roster_shift_id IS NOT NULL AND (
            p.id IS NULL OR s.published_at IS NULL OR s.cancelled_at IS NOT NULL
            OR p.staff_id IS NULL OR p.staff_id <> d.staff_id
            OR s.starts_at <> d.starts_at OR s.ends_at <> d.ends_at OR s.day <> d.day)
        """,
    ),
    Rule(
        "E8 a position is held between the hire and the leaving, and no rate is older than it",
        "employments WHERE hotel_id = :hotel",
        """
        SELECT m.id FROM employments m
        JOIN employees p ON p.hotel_id = m.hotel_id AND p.id = m.employee_id
        LEFT JOIN pay_rates r ON r.hotel_id = m.hotel_id AND r.employment_id = m.id
            AND r.valid_from < m.begins_on
        WHERE m.hotel_id = :hotel AND (
            r.id IS NOT NULL OR m.begins_on < p.hired_on
            OR p.left_on IS NOT NULL AND (m.ends_on IS NULL OR m.ends_on > p.left_on))
        """,
    ),
    Rule(
        "E9 an absence has each of its days",
        "absences WHERE hotel_id = :hotel",
        """
        SELECT a.id FROM absences a
        LEFT JOIN absent_days d ON d.hotel_id = a.hotel_id AND d.absence_id = a.id
            AND d.employee_id = a.employee_id AND d.day BETWEEN a.first_day AND a.last_day
        WHERE a.hotel_id = :hotel GROUP BY a.id, a.first_day, a.last_day
        HAVING COUNT(d.day) <> DAYS(a.first_day, a.last_day) + 1
        """,
    ),
    Rule(
        "E10 who corrected hours didn't approve them, or said why",
        "time_approvals WHERE hotel_id = :hotel",
        """
        SELECT a.id FROM time_approvals a WHERE a.hotel_id = :hotel AND a.why IS NULL
            AND EXISTS (
                SELECT 1 FROM time_edits t WHERE t.hotel_id = a.hotel_id
                    AND t.entry_id = a.entry_id AND t.staff_id = a.staff_id
                    AND t.version <= a.version)
        """,
    ),
)
