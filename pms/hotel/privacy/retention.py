"""Retention: how long signed cards and police files are kept, and that they are erased after it.

The days are counted from the day the last guest that a paper names has left. Where a hotel says
nothing, its country's law does.
"""

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base.db import Base, upsert
from pms.base.refusal import Invalid
from pms.hotel.books.papers import issuers
from pms.hotel.house import business_day, content_keys, logbook
from pms.hotel.house.content_keys import ContentKey
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.stays import police
from pms.hotel.stays.police import PoliceReport
from pms.hotel.stays.presence import Presence, Stay
from pms.hotel.stays.registration import RegistrationCard
from pms.hotel.stays.reservations.promise import Reservation

SHORTEST: Final = police.BACK.days  # until then the register compares what was reported
LONGEST: Final = 3_650
_STILL_HERE: Final = date.max


class Kept(enum.StrEnum):
    """What is kept for a time: it repeats guests' documents."""

    CARD = "card"
    POLICE = "police"

    @property
    def words(self) -> str:
        """The kind as the desk says it."""
        return "Registration card" if self is Kept.CARD else "Police file"


@dataclass(frozen=True, slots=True)
class Terms:
    """How many days after departure cards and police files are kept, and who says so."""

    cards: int
    police: int
    law: str

    def of(self, kind: Kept) -> timedelta:
        """Return how long a kind is kept."""
        return timedelta(days=self.cards if kind is Kept.CARD else self.police)


# Germany counts from the arrival and gives three months after the year to destroy a card, so a
# year from the departure is within it.
LAW: Final = {
    "DE": Terms(365, 365, "a year by the Bundesmeldegesetz, § 30 (4)"),
    "ES": Terms(1_095, 1_095, "three years by the Real Decreto 933/2021, art. 5"),
    "FR": Terms(183, 183, "six months by the CESEDA, R. 814-3"),
    "PT": Terms(365, 365, "a year by the Lei 23/2007, art. 15"),
}
ELSEWHERE: Final = Terms(365, 365, "a year, where no law is known to this program")


class IdentityPaperTerms(Base):
    """A hotel's own days of keeping, where it has said them."""

    __tablename__ = "identity_paper_terms"
    __table_args__ = (
        sa.CheckConstraint(
            f"card_days BETWEEN {SHORTEST} AND {LONGEST}"
            f" AND police_days BETWEEN {SHORTEST} AND {LONGEST}",
            name="days_are_sensible",
        ),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(
        sa.ForeignKey("hotels.id"), primary_key=True, autoincrement=False
    )
    card_days: Mapped[int] = mapped_column(sa.SmallInteger)
    police_days: Mapped[int] = mapped_column(sa.SmallInteger)


@dataclass(frozen=True, slots=True)
class Erasure:
    """So many papers of a kind that are erased on a day, or were."""

    day: date
    kind: Kept
    count: int


def law_of(session: Session, hotel: Hotel) -> Terms:
    """Return what the law of the hotel's country says, by who issues its invoices."""
    issuer = issuers.of(session, hotel)
    return LAW.get(issuer.country, ELSEWHERE) if issuer else ELSEWHERE


def terms_of(session: Session, hotel: Hotel) -> Terms:
    """Return how long the hotel keeps what repeats guests' documents."""
    law = law_of(session, hotel)
    own = session.get(IdentityPaperTerms, hotel.id)
    return law if own is None else Terms(own.card_days, own.police_days, law.law)


def set_terms(session: Session, hotel: Hotel, *, cards: int, police: int, by: Staff) -> Terms:
    """Say how many days after departure cards and police files are kept.

    Refuses less than the police register looks back, and more than ten years.
    """
    require(by, Permission.SET_UP, hotel.id)
    day = business_day.hold(session, hotel)
    for field, days in (("cards", cards), ("police", police)):
        if not SHORTEST <= days <= LONGEST:
            raise Invalid(f"{SHORTEST} to {LONGEST:,} days can be said.", field=field)
    before = terms_of(session, hotel)
    row = {"hotel_id": hotel.id, "card_days": cards, "police_days": police}
    upsert(session, IdentityPaperTerms, [row], key=("hotel_id",))
    session.expire_all()
    line = logbook.line(
        "set retention", "hotels", hotel.id, hotel.id, by=by, day=day,
        before={"cards": before.cards, "police": before.police},
        after={"cards": cards, "police": police},
    )  # fmt: skip
    logbook.write(session, [line])
    return terms_of(session, hotel)


def erase_due(session: Session, hotel: Hotel, *, by: Staff) -> int:
    """Erase for good the cards and police files whose time is over; return how many that were."""
    require(by, Permission.SET_UP, hotel.id)
    day = business_day.hold(session, hotel)
    terms = terms_of(session, hotel)
    said = {"cards": terms.cards, "police": terms.police}
    over = ContentKey.id.in_(_over(hotel, terms, day))
    return content_keys.erase(session, hotel, over, said=said, day=day, by=by)


def overdue(session: Session, hotel: Hotel) -> int:
    """Return how many papers should have been erased before today, and weren't."""
    yesterday = business_day.today(session, hotel) - timedelta(days=1)
    over = _over(hotel, terms_of(session, hotel), yesterday).subquery()
    return session.scalar(sa.select(sa.func.count()).select_from(over)) or 0


def _over(hotel: Hotel, terms: Terms, day: date) -> sa.Select[int]:
    """Ask for the papers that are kept longer than their time on a day."""
    kept = _kept(hotel)
    over = [
        sa.and_(kept.c.kind == kind.value, kept.c.left_on < day - terms.of(kind)) for kind in Kept
    ]
    return sa.select(kept.c.id).where(sa.or_(*over))


def coming(session: Session, hotel: Hotel, *, limit: int = 40) -> list[Erasure]:
    """Return what will be erased and when, the soonest first; what is due, tonight.

    What names a guest who is in house isn't in it: nobody knows yet when they leave.
    """
    terms, today = terms_of(session, hotel), business_day.today(session, hotel)
    kept = _kept(hotel)
    found: list[Erasure] = []
    for kind in Kept:
        rows = session.execute(
            sa.select(kept.c.left_on, sa.func.count())
            .where(kept.c.kind == kind.value, kept.c.left_on < _STILL_HERE)
            .group_by(kept.c.left_on)
            .order_by(kept.c.left_on)
            .limit(limit)
        )
        whole = timedelta(days=1) + terms.of(kind)
        found += [Erasure(max(left_on + whole, today), kind, count) for left_on, count in rows]
    return _together(found)[:limit]


def in_house(session: Session, hotel: Hotel) -> int:
    """Return how many papers are kept that name a guest who hasn't left."""
    kept = _kept(hotel)
    wanted = sa.select(sa.func.count()).where(kept.c.left_on == _STILL_HERE)
    return session.scalar(wanted) or 0


def erased(session: Session, hotel: Hotel, *, limit: int = 40) -> list[Erasure]:
    """Return what was erased and when, the newest first."""
    is_card = sa.exists().where(
        RegistrationCard.hotel_id == ContentKey.hotel_id,
        RegistrationCard.document_id == ContentKey.id,
    )
    kind = sa.case((is_card, _word(Kept.CARD)), else_=_word(Kept.POLICE))
    rows = session.execute(
        sa.select(ContentKey.erased_on, kind, sa.func.count())
        .where(ContentKey.hotel_id == hotel.id, ContentKey.erased_on.is_not(None))
        .group_by(ContentKey.erased_on, kind)
        .order_by(ContentKey.erased_on.desc(), kind)
        .limit(limit)
    )
    return [Erasure(day, Kept(which), count) for day, which, count in rows]


def _word(kind: Kept) -> sa.ColumnElement[str]:
    """Spell a kind out in the statement: PostgreSQL groups by no parameter."""
    return sa.literal_column(f"'{kind.value}'", sa.String)


def _together(some: Iterable[Erasure]) -> list[Erasure]:
    """Return erasures by day and kind, those of one day and kind as one."""
    sums: dict[tuple[date, Kept], int] = {}
    for each in some:
        sums[each.day, each.kind] = sums.get((each.day, each.kind), 0) + each.count
    return [Erasure(day, kind, count) for (day, kind), count in sorted(sums.items())]


def _kept(hotel: Hotel) -> sa.Subquery:
    """Ask for what is kept: id, kind, and when the last guest that it names left.

    Who is in house leaves on the last day there is; who never came, when they were to leave.
    """
    party = (
        sa.select(
            Reservation.id,
            sa.case(
                (Stay.state == Presence.IN_HOUSE, sa.literal(_STILL_HERE)),
                else_=sa.func.coalesce(Stay.departed_on, Reservation.departure),
            ).label("left_on"),
        )
        .outerjoin(
            Stay,
            sa.and_(
                Stay.hotel_id == Reservation.hotel_id,
                Stay.reservation_id == Reservation.id,
                Stay.state != Presence.UNDONE,
            ),
        )
        .where(Reservation.hotel_id == hotel.id)
        .subquery()
    )

    def of_kind(kind: Kept, paper_id: Any, named: Any) -> sa.Select[*tuple[Any, ...]]:
        return (
            sa.select(
                ContentKey.id,
                _word(kind).label("kind"),
                sa.func.max(party.c.left_on).label("left_on"),
            )
            .select_from(ContentKey)
            .join(named, sa.and_(named.hotel_id == ContentKey.hotel_id, paper_id == ContentKey.id))
            .join(party, party.c.id == named.reservation_id)
            .where(ContentKey.hotel_id == hotel.id, ContentKey.erased_on.is_(None))
            .group_by(ContentKey.id)
        )

    return sa.union_all(
        of_kind(Kept.CARD, RegistrationCard.document_id, RegistrationCard),
        of_kind(Kept.POLICE, PoliceReport.file_id, PoliceReport),
    ).subquery()
