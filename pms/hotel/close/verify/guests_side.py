"""What must hold of the guest's side: S1 to S8, what is public, promised, linked and told."""

from pms.hotel.close.verify.check import Rule

RULES = (
    Rule(
        "S1 no plan that was agreed with companies is public",
        "web_plans WHERE hotel_id = :hotel",
        """
        SELECT w.plan_id FROM web_plans w JOIN plan_companies c
            ON c.hotel_id = w.hotel_id AND c.plan_id = w.plan_id
        WHERE w.hotel_id = :hotel
        """,
    ),
    Rule(
        "S2 who booked on the web accepted terms, and nobody else did",
        "reservations WHERE hotel_id = :hotel AND channel = 'own page'",
        """
        SELECT r.number FROM reservations r LEFT JOIN web_bookings w
            ON w.hotel_id = r.hotel_id AND w.reservation_id = r.id
        WHERE r.hotel_id = :hotel
            AND (r.channel = 'own page') <> (w.id IS NOT NULL)
        """,
    ),
    Rule(
        "S3 each guest's link is in the logbook, with whoever made it",
        "guest_links WHERE hotel_id = :hotel",
        """
        SELECT l.id FROM guest_links l
        WHERE l.hotel_id = :hotel AND NOT EXISTS (
            SELECT 1 FROM logbook g WHERE g.hotel_id = l.hotel_id AND g.noun = 'reservations'
                AND g.noun_id = l.reservation_id AND g.verb = 'made guest''s link'
                AND g.staff_id = l.staff_id)
        """,
    ),
    Rule(
        "S4 a withdrawn link leaves no visit open that began before",
        "guest_visits WHERE hotel_id = :hotel",
        """
        SELECT v.id FROM guest_visits v JOIN guest_links l
            ON l.hotel_id = v.hotel_id AND l.reservation_id = v.reservation_id
                AND l.opens = v.opens
        WHERE v.hotel_id = :hotel AND v.ended_at IS NULL AND l.withdrawn_at > v.opened_at
        """,
    ),
    Rule(
        "S5 what was told of an arrival is in the logbook",
        "arrival_details WHERE hotel_id = :hotel",
        """
        SELECT a.reservation_id FROM arrival_details a
        WHERE a.hotel_id = :hotel AND NOT EXISTS (
            SELECT 1 FROM logbook g WHERE g.hotel_id = a.hotel_id AND g.noun = 'reservations'
                AND g.noun_id = a.reservation_id AND g.verb = 'told arrival')
        """,
    ),
    Rule(
        "S6 a booking is opened by its first room",
        "guest_links WHERE hotel_id = :hotel AND opens = 'booking'",
        """
        SELECT l.id FROM (
            SELECT hotel_id, id, reservation_id FROM guest_links
            WHERE hotel_id = :hotel AND opens = 'booking'
            UNION ALL
            SELECT hotel_id, id, reservation_id FROM guest_visits
            WHERE hotel_id = :hotel AND opens = 'booking'
        ) l JOIN reservations r ON r.hotel_id = l.hotel_id AND r.id = l.reservation_id
        WHERE r.number <> r.booking_number
        """,
    ),
    Rule(
        "S7 what was translated is in the logbook",
        "translations WHERE hotel_id = :hotel",
        """
        SELECT t.name FROM translations t
        WHERE t.hotel_id = :hotel AND NOT EXISTS (
            SELECT 1 FROM logbook g WHERE g.hotel_id = t.hotel_id AND g.noun = 'hotels'
                AND g.noun_id = t.hotel_id AND g.verb = 'translated names')
        """,
    ),
    Rule(
        "S8 a booking has the number of its first room, which is of it",
        "reservations WHERE hotel_id = :hotel AND booking_number <> number",
        """
        SELECT r.number FROM reservations r
        WHERE r.hotel_id = :hotel AND r.booking_number <> r.number AND NOT EXISTS (
            SELECT 1 FROM reservations f WHERE f.hotel_id = r.hotel_id
                AND f.number = r.booking_number AND f.booking_number = f.number)
        """,
    ),
)
