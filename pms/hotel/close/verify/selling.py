"""What must hold of plans, seasons, policies, fees and packages: P1 to P16, counted afresh."""

from pms.hotel.close.verify.check import Rule

RULES = (
    Rule(
        "P1 a plan follows one above it, up to a plan that stands alone",
        "derived_plans WHERE hotel_id = :hotel",
        """
        SELECT d.plan_id FROM derived_plans d
        LEFT JOIN derived_plans p ON p.hotel_id = d.hotel_id AND p.plan_id = d.parent_id
        WHERE d.hotel_id = :hotel AND d.level <= COALESCE(p.level, 0)
        """,
    ),
    Rule(
        "P2 a plan that follows has no prices of its own to come",
        "derived_plans WHERE hotel_id = :hotel",
        """
        SELECT d.plan_id FROM derived_plans d
        JOIN hotels h ON h.id = d.hotel_id
        WHERE d.hotel_id = :hotel AND EXISTS (
            SELECT 1 FROM night_prices n WHERE n.hotel_id = d.hotel_id AND n.plan_id = d.plan_id
                AND n.night >= h.business_date)
        """,
    ),
    Rule(
        "P3 a price of a season is that season's, on its nights",
        "night_prices WHERE hotel_id = :hotel AND season_id IS NOT NULL",
        """
        SELECT n.night FROM night_prices n
        LEFT JOIN seasons s ON s.hotel_id = n.hotel_id AND s.id = n.season_id
        LEFT JOIN season_prices p ON p.hotel_id = n.hotel_id AND p.season_id = n.season_id
            AND p.type_id = n.type_id
        WHERE n.hotel_id = :hotel AND n.season_id IS NOT NULL AND (
            s.id IS NULL OR s.plan_id <> n.plan_id OR n.night < s.first OR n.night > s.last
            OR p.price IS NULL OR n.price NOT IN (p.price, p.weekend_price))
        """,
    ),
    Rule(
        "P4 a plan is booked under a policy that stands",
        "plan_policies WHERE hotel_id = :hotel",
        """
        SELECT a.plan_id FROM plan_policies a
        JOIN policies p ON p.hotel_id = a.hotel_id AND p.id = a.policy_id
        WHERE a.hotel_id = :hotel AND p.ended_at IS NOT NULL
        """,
    ),
    Rule(
        "P5 a fee stands only where a promise ended under terms",
        "reservation_fees WHERE hotel_id = :hotel",
        """
        SELECT r.number FROM reservation_fees f
        JOIN reservations r ON r.hotel_id = f.hotel_id AND r.id = f.reservation_id
        LEFT JOIN reservation_terms t ON t.hotel_id = f.hotel_id
            AND t.reservation_id = f.reservation_id
        WHERE f.hotel_id = :hotel AND f.taken_back_on IS NULL AND (
            t.policy_id IS NULL
            OR (f.of = 'cancellation' AND r.state <> 'cancelled')
            OR (f.of = 'no_show' AND r.state <> 'no_show'))
        """,
    ),
    Rule(
        "P6 a fee that was charged is on the books, and one taken back isn't",
        "reservation_fees WHERE hotel_id = :hotel AND entry_id IS NOT NULL",
        """
        SELECT f.reservation_id FROM reservation_fees f
        WHERE f.hotel_id = :hotel AND f.entry_id IS NOT NULL AND f.taken_back_on IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM entries e
                WHERE e.hotel_id = f.hotel_id AND e.reverses_id = f.entry_id)
        """,
    ),
    Rule(
        "P7 a rule of yield is in the logbook, by whom it was made and stopped",
        "yield_rules WHERE hotel_id = :hotel",
        """
        SELECT y.name FROM yield_rules y
        WHERE y.hotel_id = :hotel AND (
            SELECT COUNT(*) FROM logbook b WHERE b.hotel_id = y.hotel_id
                AND b.noun = 'yield_rules' AND b.noun_id = y.id
        ) <> CASE WHEN y.stopped_at IS NULL THEN 1 ELSE 2 END
        """,
    ),
    Rule(
        "P8 what was posted as a package is one of that reservation's, on its nights",
        "entries WHERE hotel_id = :hotel AND rule LIKE 'package:%'",
        """
        SELECT e.key FROM entries e
        LEFT JOIN reservation_packages p ON p.hotel_id = e.hotel_id
            AND p.reservation_id = e.subject_id
            AND e.rule = 'package:' || CAST(p.no AS VARCHAR)
        WHERE e.hotel_id = :hotel AND e.rule LIKE 'package:%' AND (
            p.no IS NULL OR e.service_night < p.first)
        """,
    ),
    Rule(
        "P9 a package of every night was posted with each night that was charged",
        "reservation_packages WHERE hotel_id = :hotel",
        """
        SELECT e.key FROM entries e
        JOIN hotels h ON h.id = e.hotel_id AND e.service_night < h.business_date
        JOIN reservations r ON r.hotel_id = e.hotel_id AND r.id = e.subject_id
            AND r.state IN ('in_house', 'departed') AND r.purpose = 'paying'
        JOIN stays s ON s.hotel_id = e.hotel_id AND s.reservation_id = e.subject_id
            AND s.state <> 'undone' AND s.arrived_on <= e.service_night
        JOIN reservation_nights n ON n.hotel_id = e.hotel_id
            AND n.reservation_id = e.subject_id AND n.night = e.service_night AND n.slot = 'night'
        JOIN reservation_packages p ON p.hotel_id = e.hotel_id AND p.reservation_id = e.subject_id
            AND p.rhythm = 'every_night' AND p.per = 'fixed' AND p.price > 0 AND NOT p.included
            AND (p.plan_id IS NULL OR p.plan_id = n.plan_id)
            AND (p.first IS NULL OR p.first <= e.service_night)
            AND (p.taken_off_on IS NULL OR p.taken_off_on > e.service_night)
        WHERE e.hotel_id = :hotel AND e.rule = 'room' AND NOT EXISTS (
            SELECT 1 FROM entries x WHERE x.hotel_id = e.hotel_id AND x.subject_id = e.subject_id
                AND x.service_night = e.service_night
                AND x.rule = 'package:' || CAST(p.no AS VARCHAR))
        """,
    ),
    Rule(
        "P10 a package of a reservation was agreed with it, or added and taken off by somebody",
        "reservation_packages WHERE hotel_id = :hotel AND plan_id IS NULL",
        """
        SELECT p.reservation_id FROM reservation_packages p
        WHERE p.hotel_id = :hotel AND p.plan_id IS NULL
        GROUP BY p.hotel_id, p.reservation_id
        HAVING COUNT(*) + COUNT(p.taken_off_on) > (
            SELECT COUNT(*) FROM logbook b WHERE b.hotel_id = p.hotel_id
                AND b.noun = 'reservations' AND b.noun_id = p.reservation_id
                AND b.verb IN ('added package', 'took off package'))
        """,
    ),
    Rule(
        "P11 what a charge took of an allowance came off its bill",
        "allowance_uses WHERE hotel_id = :hotel",
        """
        SELECT u.entry_id FROM allowance_uses u
        JOIN entries e ON e.hotel_id = u.hotel_id AND e.id = u.entry_id
        JOIN lines l ON l.hotel_id = u.hotel_id AND l.entry_id = u.entry_id
        JOIN accounts a ON a.hotel_id = l.hotel_id AND a.id = l.account_id AND a.ledger = 'guest'
        WHERE u.hotel_id = :hotel
        GROUP BY u.hotel_id, u.entry_id, u.amount, u.charge_id, e.concerns_id
        HAVING SUM(l.amount) <> -u.amount OR e.concerns_id <> u.charge_id
        """,
    ),
    Rule(
        "P12 an allowance was used as far as it goes, and stands no longer than its charge",
        "allowance_uses WHERE hotel_id = :hotel",
        """
        SELECT u.reservation_id FROM allowance_uses u
        LEFT JOIN entries r ON r.hotel_id = u.hotel_id AND r.reverses_id = u.entry_id
        LEFT JOIN entries c ON c.hotel_id = u.hotel_id AND c.reverses_id = u.charge_id
        WHERE u.hotel_id = :hotel AND r.id IS NULL
        GROUP BY u.hotel_id, u.reservation_id, u.no, u.since
        HAVING SUM(u.amount) > MAX(u.allowed) OR COUNT(c.id) > 0
        """,
    ),
    Rule(
        "P13 a season's change that was taken back is in the logbook, and no other is",
        "season_changes WHERE hotel_id = :hotel",
        """
        SELECT c.id FROM season_changes c
        WHERE c.hotel_id = :hotel AND (
            SELECT COUNT(*) FROM logbook b WHERE b.hotel_id = c.hotel_id
                AND b.noun = 'season_changes' AND b.noun_id = c.id
                AND b.verb = 'took back season'
        ) <> CASE WHEN c.undone_at IS NULL THEN 0 ELSE 1 END
        """,
    ),
    Rule(
        "P14 a season that was removed last has no prices, and its nights are of none",
        "season_changes WHERE hotel_id = :hotel AND removes",
        """
        SELECT c.id FROM season_changes c
        WHERE c.hotel_id = :hotel AND c.removes AND c.undone_at IS NULL AND (
            EXISTS (SELECT 1 FROM seasons s WHERE s.hotel_id = c.hotel_id AND s.id = c.season_id)
            OR EXISTS (SELECT 1 FROM night_prices n
                WHERE n.hotel_id = c.hotel_id AND n.season_id = c.season_id))
        """,
    ),
    Rule(
        "P15 a fee's taxes are in its price: what was agreed is what is paid",
        "fee_codes WHERE hotel_id = :hotel",
        """
        SELECT f.of FROM fee_codes f
        JOIN charge_codes c ON c.hotel_id = f.hotel_id AND c.id = f.charge_code_id
        JOIN tax_class_taxes t ON t.hotel_id = c.hotel_id AND t.tax_class_id = c.tax_class_id
        JOIN taxes x ON x.hotel_id = t.hotel_id AND x.id = t.tax_id
        WHERE f.hotel_id = :hotel AND NOT x.inclusive
        """,
    ),
    Rule(
        "P16 a change of the calendar is in the logbook, and one taken back says by whom",
        "rate_changes WHERE hotel_id = :hotel",
        """
        SELECT c.words FROM rate_changes c
        WHERE c.hotel_id = :hotel AND ((
            SELECT COUNT(*) FROM logbook b WHERE b.hotel_id = c.hotel_id
                AND b.noun = 'rate_changes' AND b.noun_id = c.id AND b.verb = 'changed rates'
        ) <> 1 OR (c.undone_at IS NULL) <> (c.undone_by IS NULL))
        """,
    ),
)
