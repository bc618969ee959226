"""What must hold of the desk's rules, queue, hours, upgrades and express check-outs: E1 to E6."""

from pms.hotel.close.verify.check import Rule

RULES = (
    Rule(
        "H1 a rule that was passed was passed for a reason, for who came or left",
        "rules_passed WHERE hotel_id = :hotel",
        """
        SELECT p.id FROM rules_passed p
        WHERE p.hotel_id = :hotel AND (length(trim(p.why)) = 0 OR NOT EXISTS (
            SELECT 1 FROM stays s
            WHERE s.hotel_id = p.hotel_id AND s.reservation_id = p.reservation_id))
        """,
    ),
    Rule(
        "H2 a party is in the queue once, on a day on which it was expected",
        "queued_parties WHERE hotel_id = :hotel",
        """
        SELECT MIN(id) FROM queued_parties
        WHERE hotel_id = :hotel AND taken_off_at IS NULL
        GROUP BY reservation_id HAVING COUNT(*) > 1
        UNION ALL
        SELECT id FROM queued_parties
        WHERE hotel_id = :hotel AND (taken_off_at < queued_at)
        """,
    ),
    Rule(
        "H3 an early or late hour is charged or waived, once for a stay",
        "stay_fees WHERE hotel_id = :hotel",
        """
        SELECT id FROM stay_fees WHERE hotel_id = :hotel AND (
            due <= 0 OR (entry_id IS NULL) = (waived_why IS NULL))
        UNION ALL
        SELECT MIN(id) FROM stay_fees WHERE hotel_id = :hotel AND taken_back_on IS NULL
        GROUP BY stay_id, hour HAVING COUNT(*) > 1
        """,
    ),
    Rule(
        "H4 an hour that was charged is on the books of its party, one taken back isn't",
        "stay_fees WHERE hotel_id = :hotel AND entry_id IS NOT NULL",
        """
        SELECT f.id FROM stay_fees f
        JOIN stays s ON s.hotel_id = f.hotel_id AND s.id = f.stay_id
        LEFT JOIN entries e ON e.hotel_id = f.hotel_id AND e.id = f.entry_id
        WHERE f.hotel_id = :hotel AND f.entry_id IS NOT NULL AND (
            e.id IS NULL OR e.subject_id <> s.reservation_id OR e.business_day <> f.day
            OR f.taken_back_on IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM entries r WHERE r.hotel_id = e.hotel_id AND r.reverses_id = e.id))
        """,
    ),
    Rule(
        "H5 an upgrade goes to another type, is sold or given for a reason, and is in the logbook",
        "upgrades WHERE hotel_id = :hotel",
        """
        SELECT u.id FROM upgrades u
        WHERE u.hotel_id = :hotel AND (
            u.from_type_id = u.to_type_id OR u.amount < 0
            OR (u.amount = 0) <> (u.free_why IS NOT NULL)
            OR (u.taken_back_on IS NULL) <> (u.taken_back_why IS NULL)
            OR NOT EXISTS (
                SELECT 1 FROM logbook g WHERE g.hotel_id = u.hotel_id
                    AND g.noun = 'reservations' AND g.noun_id = u.reservation_id
                    AND g.verb = 'upgraded'))
        """,
    ),
    Rule(
        "H6 the express check-out is asked for once, and mailed to who left",
        "express_check_outs WHERE hotel_id = :hotel",
        """
        SELECT MIN(id) FROM express_check_outs
        WHERE hotel_id = :hotel AND withdrawn_at IS NULL
        GROUP BY reservation_id HAVING COUNT(*) > 1
        UNION ALL
        SELECT x.id FROM express_check_outs x
        WHERE x.hotel_id = :hotel AND x.letter_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM stays s
            WHERE s.hotel_id = x.hotel_id AND s.reservation_id = x.reservation_id)
        """,
    ),
)
