"""What must hold of payroll: Y1 to Y7, locked periods reckoned again from their hours."""

import hashlib
from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.hotel.close.verify.check import EXAMPLES, Check, Rule
from pms.hotel.house.hotels import Hotel
from pms.hotel.people.pay import ABSENT
from pms.hotel.people.payroll import FINAL, PayExport, PayPeriod, evidence, figures

_PERIODS = "pay_periods WHERE hotel_id = :hotel"

RULES = (
    Rule(
        "Y1 a day is paid in one period, and a locked one says who looked, approved and locked",
        _PERIODS,
        """
        SELECT p.first FROM pay_periods p WHERE p.hotel_id = :hotel AND (
            p.state IN ('locked', 'exported') AND (p.fingerprint IS NULL OR p.reviewed_by IS NULL
                OR p.approved_by IS NULL OR p.locked_by IS NULL OR p.locked_at IS NULL)
            OR EXISTS (SELECT 1 FROM pay_periods o WHERE o.hotel_id = p.hotel_id AND o.id <> p.id
                AND o.first <= p.last AND o.last >= p.first))
        """,
    ),
    Rule(
        "Y2 what came into a tip pool is what it paid out, to the cent",
        "pool_takings WHERE hotel_id = :hotel",
        """
        SELECT t.pool_id FROM (
            SELECT period_id, pool_id, SUM(amount) AS amount FROM pool_takings
            WHERE hotel_id = :hotel GROUP BY period_id, pool_id) t
        LEFT JOIN (
            SELECT e.period_id, e.pool_id, SUM(e.amount) AS amount FROM pay_extras e
            JOIN pay_periods p ON p.hotel_id = e.hotel_id AND p.id = e.period_id
                AND e.day BETWEEN p.first AND p.last
            WHERE e.hotel_id = :hotel AND e.pool_id IS NOT NULL
            GROUP BY e.period_id, e.pool_id) s
            ON s.period_id = t.period_id AND s.pool_id = t.pool_id
        WHERE COALESCE(s.amount, 0) <> t.amount
        """,
    ),
    Rule(
        "Y3 what came into a tip pool is in the ledger",
        "pool_takings WHERE hotel_id = :hotel",
        """
        SELECT t.day FROM pool_takings t
        JOIN tip_pools o ON o.hotel_id = t.hotel_id AND o.id = t.pool_id
        WHERE t.hotel_id = :hotel AND t.amount <> (
            SELECT COALESCE(-SUM(l.amount), 0) FROM accounts a
            JOIN lines l ON l.hotel_id = a.hotel_id AND l.account_id = a.id
            WHERE a.hotel_id = t.hotel_id AND a.ledger = 'revenue'
                AND l.business_day = t.day AND l.charge_code_id = o.charge_code_id)
        """,
    ),
    Rule(
        "Y4 what is corrected is an earlier period that is locked",
        "pay_lines WHERE hotel_id = :hotel AND corrects_id IS NOT NULL",
        """
        SELECT l.id FROM pay_lines l
        JOIN pay_periods q ON q.hotel_id = l.hotel_id AND q.id = l.period_id
        LEFT JOIN pay_periods p ON p.hotel_id = l.hotel_id AND p.id = l.corrects_id
        WHERE l.hotel_id = :hotel AND l.corrects_id IS NOT NULL
            AND (p.id IS NULL OR p.last >= q.first OR p.state NOT IN ('locked', 'exported'))
        """,
    ),
)


def checks(session: Session, hotel: Hotel) -> Iterator[Check]:
    """Yield the checks that are more than one query."""
    periods = session.scalars(
        sa.select(PayPeriod)
        .where(PayPeriod.hotel_id == hotel.id, PayPeriod.state.in_(FINAL))
        .order_by(PayPeriod.first)
    ).all()
    unlike, otherwise = [], []
    for period in periods:
        written = figures.kept(session, period)
        if figures.fingerprint(written) != period.fingerprint:
            unlike.append(period.first.isoformat())
        own = [each for each in written if each.corrects_id is None and each.kind not in ABSENT]
        kept = evidence.frozen(session, period)
        again = figures.reckoned(kept, figures.place_of(hotel), period.first, period.last)
        if figures.worth(own) != figures.worth(again):
            otherwise.append(period.first.isoformat())
    yield _check("Y5 a locked period's lines are those that were reviewed", len(periods), unlike)
    yield _check(
        "Y6 a locked period's lines follow from its hours and rules", len(periods), otherwise
    )
    yield _files(session, hotel)


def _files(session: Session, hotel: Hotel) -> Check:
    rows = session.execute(
        sa.select(PayExport.name, PayExport.content, PayExport.sha256).where(
            PayExport.hotel_id == hotel.id
        )
    ).all()
    wrong = [name for name, content, sha256 in rows if _digest(content) != sha256]
    return _check("Y7 payroll files are the bytes that were made", len(rows), wrong)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _check(name: str, rows: int, wrong: list[str]) -> Check:
    return Check(name, rows, len(wrong), tuple(wrong[:EXAMPLES]))
