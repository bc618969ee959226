"""What must hold of parties, their letters and their cards: A3 to A7, counted afresh."""

from pms.hotel.close.verify.check import Rule

RULES = (
    Rule(
        "A3 who booked is in the party once",
        "party_guests WHERE hotel_id = :hotel",
        """
        SELECT r.number FROM party_guests p
        JOIN reservations r ON r.hotel_id = p.hotel_id AND r.id = p.reservation_id
        WHERE p.hotel_id = :hotel AND (p.guest_id = r.guest_id OR p.chain_id <> r.chain_id)
        """,
    ),
    Rule(
        "A4 letters of a booking are counted without a gap",
        "reservation_letters WHERE hotel_id = :hotel",
        """
        SELECT reservation_id FROM reservation_letters WHERE hotel_id = :hotel
        GROUP BY reservation_id HAVING COUNT(*) <> MAX(no) OR MIN(no) <> 1
        """,
    ),
    Rule(
        "A4 a mailed letter is in the outbox, with who wrote it in the logbook",
        "reservation_letters WHERE hotel_id = :hotel AND way = 'mail'",
        """
        SELECT k.reservation_id FROM reservation_letters k
        LEFT JOIN letters l ON l.hotel_id = k.hotel_id AND l.id = k.letter_id
        WHERE k.hotel_id = :hotel AND k.way = 'mail'
            AND (l.id IS NULL OR NOT EXISTS (
                SELECT 1 FROM logbook b WHERE b.hotel_id = k.hotel_id AND b.noun = 'letters'
                    AND b.noun_id = k.letter_id AND b.staff_id = k.staff_id))
        """,
    ),
    Rule(
        "A5 a card signed on screen is among the papers as a registration card",
        "registration_cards WHERE hotel_id = :hotel",
        """
        SELECT c.reservation_id FROM registration_cards c
        LEFT JOIN documents d ON d.hotel_id = c.hotel_id AND d.id = c.document_id
        WHERE c.hotel_id = :hotel AND (
            (c.way = 'screen' AND (d.id IS NULL OR d.kind <> 'registration-card'))
            OR (c.way = 'paper' AND c.document_id IS NOT NULL))
        """,
    ),
    Rule(
        "A8 who was merged into another profile has no booking of their own",
        "reservations WHERE hotel_id = :hotel",
        """
        SELECT r.number FROM reservations r
        JOIN guests g ON g.chain_id = r.chain_id AND g.id = r.guest_id
        WHERE r.hotel_id = :hotel AND g.merged_into_id IS NOT NULL
        """,
    ),
    Rule(
        "A9 a key that opens is for who is in house, and for their room",
        "room_keys WHERE hotel_id = :hotel",
        """
        SELECT s.reservation_id FROM room_keys k
        JOIN stays s ON s.hotel_id = k.hotel_id AND s.id = k.stay_id
        WHERE k.hotel_id = :hotel AND k.state IN ('ordered', 'issued')
            AND (s.state <> 'in_house' OR s.room_id <> k.room_id)
        """,
    ),
    Rule(
        "A7 a police file has as many guests as it says",
        "police_files WHERE hotel_id = :hotel",
        """
        SELECT f.number FROM police_files f
        LEFT JOIN police_reports p ON p.hotel_id = f.hotel_id AND p.file_id = f.id
        WHERE f.hotel_id = :hotel GROUP BY f.id, f.number, f.guests
        HAVING COUNT(p.id) <> f.guests
        """,
    ),
    Rule(
        "A8 each signed card and police file has a key of its own, and each key opens one",
        "content_keys WHERE hotel_id = :hotel",
        """
        SELECT d.label FROM documents d
        LEFT JOIN content_keys k ON k.hotel_id = d.hotel_id AND k.id = d.id
        WHERE d.hotel_id = :hotel AND d.kind = 'registration-card' AND k.id IS NULL
        UNION ALL
        SELECT CAST(f.number AS VARCHAR) FROM police_files f
        LEFT JOIN content_keys k ON k.hotel_id = f.hotel_id AND k.id = f.id
        WHERE f.hotel_id = :hotel AND k.id IS NULL
        UNION ALL
        SELECT CAST(k.id AS VARCHAR) FROM content_keys k
        WHERE k.hotel_id = :hotel AND NOT EXISTS (
            SELECT 1 FROM documents d WHERE d.hotel_id = k.hotel_id AND d.id = k.id)
        AND NOT EXISTS (
            SELECT 1 FROM police_files f WHERE f.hotel_id = k.hotel_id AND f.id = k.id)
        """,
    ),
    Rule(
        "A10 cards and police files that are erased are so by the logbook of that day",
        "content_keys WHERE hotel_id = :hotel AND erased_on IS NOT NULL",
        """
        SELECT k.id FROM content_keys k
        WHERE k.hotel_id = :hotel AND k.erased_on IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM logbook b WHERE b.hotel_id = k.hotel_id AND b.noun = 'hotels'
            AND b.noun_id = k.hotel_id AND b.business_day = k.erased_on
            AND b.verb = 'erased cards and police files')
        """,
    ),
    Rule(
        "A7 police files are counted without a gap",
        "police_files WHERE hotel_id = :hotel",
        """
        SELECT COUNT(*) FROM police_files WHERE hotel_id = :hotel
        HAVING COUNT(*) <> COALESCE(MAX(number), 0)
        """,
    ),
    Rule(
        "A6 a document names a guest of the chain and stands under seal",
        "identity_documents WHERE hotel_id = :hotel",
        """
        SELECT i.guest_id FROM identity_documents i
        LEFT JOIN guests g ON g.chain_id = i.chain_id AND g.id = i.guest_id
        WHERE i.hotel_id = :hotel AND (g.id IS NULL
            OR substr(i.number, 1, 3) <> 'v1.' OR substr(i.lives_in, 1, 3) <> 'v1.'
            OR substr(COALESCE(i.birth_date, 'v1.'), 1, 3) <> 'v1.')
        """,
    ),
)
