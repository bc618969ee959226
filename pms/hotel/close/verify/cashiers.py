"""What must hold of cashiers: drawers, counts, over and short, foreign money and card brands."""

# ruff: noqa: S608 - put together from the constants of this file, never from input

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.money import Money
from pms.hotel.books import cashiers
from pms.hotel.books.cashiers import DrawerMove, MoveKind, NotesBanked
from pms.hotel.books.cashiers.tables import FOREIGN_HANDED_IN
from pms.hotel.close.verify.check import EXAMPLES, Check, Rule
from pms.hotel.house.hotels import Hotel

_MOVES = "drawer_moves WHERE hotel_id = :hotel"
_COUNTS = "drawer_counts WHERE hotel_id = :hotel"
_CLOSING = "('over_short', 'handed_in')"

# Per shift and currency, the newest count.
_LAST = """
    SELECT c.shift_id, c.currency, c.counted, c.expected FROM drawer_counts c
    WHERE c.hotel_id = :hotel AND c.no = (SELECT MAX(n.no) FROM drawer_counts n
        WHERE n.hotel_id = c.hotel_id AND n.shift_id = c.shift_id)
"""

RULES = (
    Rule(
        "K1 what a drawer should hold is its float and all that moved, drops off",
        _COUNTS,
        f"""
        SELECT s.number FROM drawer_counts c
        JOIN cashier_shifts s ON s.hotel_id = c.hotel_id AND s.id = c.shift_id
        JOIN hotels h ON h.id = c.hotel_id
        LEFT JOIN drawer_moves m ON m.hotel_id = c.hotel_id AND m.shift_id = c.shift_id
            AND m.currency = c.currency AND m.kind NOT IN {_CLOSING}
        WHERE c.hotel_id = :hotel
        GROUP BY c.id, c.expected, c.currency, s.number, s.opening_float, h.currency
        HAVING c.expected <> COALESCE(SUM(CASE WHEN m.kind <> 'float' THEN m.amount END), 0)
            + CASE WHEN c.currency = h.currency THEN s.opening_float ELSE 0 END
        """,
    ),
    Rule(
        "K2 a count is its notes and coins",
        _COUNTS,
        """
        SELECT s.number FROM drawer_counts c
        JOIN cashier_shifts s ON s.hotel_id = c.hotel_id AND s.id = c.shift_id
        LEFT JOIN counted_pieces p ON p.hotel_id = c.hotel_id AND p.count_id = c.id
        WHERE c.hotel_id = :hotel
        GROUP BY c.id, c.counted, s.number HAVING COALESCE(SUM(p.value * p.pieces), 0) <> c.counted
        """,
    ),
    Rule(
        "K3 over and short posted is the last count less what should have been",
        _COUNTS,
        f"""
        SELECT s.number FROM ({_LAST}) c
        JOIN cashier_shifts s ON s.hotel_id = :hotel AND s.id = c.shift_id
        LEFT JOIN drawer_moves m ON m.hotel_id = :hotel AND m.shift_id = c.shift_id
            AND m.currency = c.currency AND m.kind = 'over_short'
        GROUP BY c.shift_id, c.currency, c.counted, c.expected, s.number
        HAVING COALESCE(SUM(m.amount), 0) <> c.counted - c.expected
        """,
    ),
    Rule(
        "K4 a closed shift was counted and its drawer is empty",
        "cashier_shifts WHERE hotel_id = :hotel AND state IN ('closed', 'reviewed')",
        """
        SELECT s.number FROM cashier_shifts s
        JOIN drawer_moves m ON m.hotel_id = s.hotel_id AND m.shift_id = s.id
        WHERE s.hotel_id = :hotel AND s.state IN ('closed', 'reviewed')
        GROUP BY s.number, m.currency HAVING SUM(m.amount) <> 0 OR SUM(m.booked) <> 0
        UNION ALL
        SELECT s.number FROM cashier_shifts s
        WHERE s.hotel_id = :hotel AND s.state IN ('closed', 'reviewed') AND NOT EXISTS (
            SELECT 1 FROM drawer_counts c WHERE c.hotel_id = s.hotel_id AND c.shift_id = s.id)
        """,
    ),
    Rule(
        "K5 what moved in a drawer is what its entry says of the drawers",
        _MOVES,
        """
        SELECT e.key FROM entries e
        JOIN lines l ON l.hotel_id = e.hotel_id AND l.entry_id = e.id
        JOIN accounts a ON a.hotel_id = l.hotel_id AND a.id = l.account_id
            AND (a.code = 'cash/drawers' OR a.code LIKE 'cash/drawers/%')
        JOIN hotels h ON h.id = e.hotel_id
        LEFT JOIN drawer_moves m ON m.hotel_id = e.hotel_id AND m.entry_id = e.id
            AND a.code = CASE WHEN m.currency = h.currency THEN 'cash/drawers'
                ELSE 'cash/drawers/' || LOWER(m.currency) END
        WHERE e.hotel_id = :hotel AND (m.id IS NULL OR m.booked <> l.amount
            OR m.business_day <> e.business_day)
        UNION ALL
        SELECT e.key FROM drawer_moves m
        JOIN entries e ON e.hotel_id = m.hotel_id AND e.id = m.entry_id
        WHERE m.hotel_id = :hotel AND NOT EXISTS (
            SELECT 1 FROM lines l
            JOIN accounts a ON a.hotel_id = l.hotel_id AND a.id = l.account_id
            WHERE l.hotel_id = m.hotel_id AND l.entry_id = m.entry_id AND l.amount = m.booked
                AND a.code LIKE 'cash/drawers%')
        """,
    ),
    Rule(
        "K7 a paid-out is what its entry took out of the cash",
        "paid_outs WHERE hotel_id = :hotel",
        """
        SELECT p.number FROM paid_outs p
        LEFT JOIN lines l ON l.hotel_id = p.hotel_id AND l.entry_id = p.entry_id
            AND l.account_id IN (SELECT id FROM accounts
                WHERE hotel_id = :hotel AND ledger = 'cash')
        WHERE p.hotel_id = :hotel
        GROUP BY p.id, p.number, p.amount HAVING COALESCE(SUM(l.amount), 0) <> -p.amount
        """,
    ),
    Rule(
        "K8 what was taken back of a drawer is a move of it, whole",
        f"{_MOVES} AND kind = 'voided'",
        """
        SELECT e.key FROM drawer_moves v
        JOIN entries e ON e.hotel_id = v.hotel_id AND e.id = v.entry_id
        WHERE v.hotel_id = :hotel AND v.kind = 'voided' AND NOT EXISTS (
            SELECT 1 FROM drawer_moves m
            WHERE m.hotel_id = v.hotel_id AND m.entry_id = e.reverses_id
                AND m.shift_id = v.shift_id AND m.currency = v.currency
                AND m.amount = -v.amount AND m.booked = -v.booked)
        """,
    ),
    Rule(
        "K9 a card brand has one name",
        "payments WHERE hotel_id = :hotel AND brand IS NOT NULL",
        """
        SELECT MIN(brand) FROM payments WHERE hotel_id = :hotel AND brand IS NOT NULL
        GROUP BY LOWER(brand) HAVING COUNT(DISTINCT brand) > 1
        """,
    ),
    Rule(
        "K10 notes that went to the bank are what their entry took out and the bank gave",
        "notes_banked WHERE hotel_id = :hotel",
        """
        SELECT e.key FROM notes_banked b
        JOIN entries e ON e.hotel_id = b.hotel_id AND e.id = b.entry_id
        LEFT JOIN lines l ON l.hotel_id = b.hotel_id AND l.entry_id = b.entry_id
        LEFT JOIN accounts a ON a.hotel_id = l.hotel_id AND a.id = l.account_id
        WHERE b.hotel_id = :hotel
        GROUP BY b.id, e.key, b.booked, b.credited, b.fee, b.business_day, e.business_day
        HAVING b.business_day <> e.business_day
            OR SUM(CASE WHEN a.code = 'cash/safe/' || LOWER(b.currency) THEN l.amount ELSE 0 END)
                <> -b.booked
            OR SUM(CASE WHEN a.code = 'clearing/transfer' THEN l.amount ELSE 0 END)
                <> b.credited - b.fee
            OR SUM(CASE WHEN a.code = 'clearing/bank-fees' THEN l.amount ELSE 0 END) <> b.fee
            OR SUM(CASE WHEN a.code = 'clearing/exchange-differences' THEN l.amount ELSE 0 END)
                <> b.booked - b.credited
        """,
    ),
    Rule(
        "K11 foreign notes in the safe are what was handed in, less what went to the bank",
        "accounts WHERE hotel_id = :hotel AND code LIKE 'cash/safe/%'",
        f"""
        SELECT a.code FROM accounts a
        WHERE a.hotel_id = :hotel AND a.code LIKE 'cash/safe/%'
            AND (SELECT COALESCE(SUM(l.amount), 0) FROM lines l
                WHERE l.hotel_id = a.hotel_id AND l.account_id = a.id)
            <> (SELECT COALESCE(SUM(-booked), 0) FROM drawer_moves m
                WHERE m.hotel_id = a.hotel_id AND a.code = 'cash/safe/' || LOWER(m.currency)
                    AND {FOREIGN_HANDED_IN})
            - (SELECT COALESCE(SUM(b.booked), 0) FROM notes_banked b
                WHERE b.hotel_id = a.hotel_id AND a.code = 'cash/safe/' || LOWER(b.currency)
                    AND NOT EXISTS (SELECT 1 FROM entries u
                        WHERE u.hotel_id = b.hotel_id AND u.reverses_id = b.entry_id))
            - (SELECT COALESCE(SUM(c.booked), 0) FROM safe_clearings c
                WHERE c.hotel_id = a.hotel_id AND a.code = 'cash/safe/' || LOWER(c.currency))
        """,
    ),
    Rule(
        "K13 the counts of a terminal's batch are numbered in turn and in the logbook",
        "terminal_batches WHERE hotel_id = :hotel",
        """
        SELECT batch FROM terminal_batches WHERE hotel_id = :hotel
        GROUP BY business_day, terminal, batch HAVING MAX(no) <> COUNT(*)
        UNION ALL
        SELECT t.batch FROM terminal_batches t
        WHERE t.hotel_id = :hotel AND NOT EXISTS (
            SELECT 1 FROM logbook b WHERE b.hotel_id = t.hotel_id
                AND b.noun = 'terminal_batches' AND b.noun_id = t.id)
        """,
    ),
    Rule(
        "K14 foreign notes in the safe are never below none or worth less, and none are worth none",
        "notes_banked WHERE hotel_id = :hotel",
        f"""
        SELECT currency FROM (
            SELECT currency, -amount AS amount, -booked AS booked FROM drawer_moves
            WHERE hotel_id = :hotel AND {FOREIGN_HANDED_IN}
            UNION ALL
            SELECT b.currency, -b.amount, -b.booked FROM notes_banked b
            WHERE b.hotel_id = :hotel AND NOT EXISTS (SELECT 1 FROM entries u
                WHERE u.hotel_id = b.hotel_id AND u.reverses_id = b.entry_id)
            UNION ALL
            SELECT currency, 0, -booked FROM safe_clearings WHERE hotel_id = :hotel) moved
        GROUP BY currency
        HAVING SUM(amount) < 0 OR SUM(booked) < 0 OR (SUM(amount) = 0 AND SUM(booked) <> 0)
        """,
    ),
    Rule(
        "K15 the safe holds none of the house's own money below nothing",
        "accounts WHERE hotel_id = :hotel AND code = 'cash/safe'",
        """
        SELECT a.code FROM accounts a
        WHERE a.hotel_id = :hotel AND a.code = 'cash/safe'
            AND (SELECT COALESCE(SUM(l.amount), 0) FROM lines l
                WHERE l.hotel_id = a.hotel_id AND l.account_id = a.id) < 0
        """,
    ),
)


def checks(session: Session, hotel: Hotel) -> Iterator[Check]:
    """Yield the checks that reckon with the rounding rule."""
    yield _at_kept_rate(
        session,
        hotel,
        "K6 foreign money is booked at its kept rate, rounded once",
        sa.select(DrawerMove.currency, DrawerMove.amount, DrawerMove.booked, DrawerMove.rate)
        .where(
            DrawerMove.hotel_id == hotel.id,
            DrawerMove.rate.is_not(None),
            DrawerMove.kind.in_([MoveKind.TAKEN, MoveKind.VOIDED]),
        )
        .order_by(DrawerMove.id),
    )
    yield _at_kept_rate(
        session,
        hotel,
        "K12 the bank gave for notes what its rate says, rounded once",
        sa.select(NotesBanked.currency, NotesBanked.amount, NotesBanked.credited, NotesBanked.rate)
        .where(NotesBanked.hotel_id == hotel.id)
        .order_by(NotesBanked.id),
    )


def _at_kept_rate(
    session: Session, hotel: Hotel, name: str, asked: sa.Select[*tuple[Any, ...]]
) -> Check:
    """Check rows of a currency, its minor units, those of the hotel's, and the rate."""
    rows = session.execute(asked).all()
    wrong = [
        f"{Money(amount, currency)} {currency}"
        for currency, amount, worth, rate in rows
        if Money(amount, currency).convert(hotel.currency, rate=cashiers.as_decimal(rate))
        != Money(worth, hotel.currency)
    ]
    return Check(name, len(rows), len(wrong), tuple(wrong[:EXAMPLES]))
