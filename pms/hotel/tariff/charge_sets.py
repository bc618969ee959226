"""Charge sets: charge codes that are routed together, under a name the house gives them.

A set without a name is one rule's own choice of codes: nobody keeps it, and it never changes.
"""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base import card_numbers, ink
from pms.base.db import Base, OfHotel, lock, new_id, within_hotel
from pms.base.refusal import Invalid, Refusal
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.tariff.charges import ChargeCode

MOST_CODES = 100
LONGEST_NAME = 60

CodesOf = dict[int, frozenset[int]]  # the charge codes of each set, by their ids


class ChargeSetTaken(Refusal):
    """Another set has the name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is a set “{name}” already. Choose another name.", field="name")


class ChargeSetRetired(Refusal):
    """A retired set is offered to no new rule, and stays as it is for the old ones."""

    def __init__(self, found: "ChargeSet") -> None:
        super().__init__(f"{found.name} is retired. Bring it back first.")


class ChargeSet(OfHotel, Base):
    """A set of charge codes; a `name` is the house's, and one that is `active` is on offer."""

    __tablename__ = "charge_sets"
    __table_args__ = (
        sa.UniqueConstraint("hotel_id", "name"),
        sa.CheckConstraint("name IS NULL OR name <> ''", name="some_name"),
    )

    name: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)


class ChargeSetCode(Base):
    """A charge code of a set."""

    __tablename__ = "charge_set_codes"
    __table_args__ = (
        within_hotel("set_id", "charge_sets"),
        within_hotel("charge_code_id", "charge_codes"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    set_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    charge_code_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


ink.guard(
    "charge_sets_are_retired",
    table="charge_sets",
    when="DELETE",
    refuse_if="1 = 1",
    message="a charge set is retired, it is not deleted",
)
ink.guard(
    "charge_sets_keep_or_lack_a_name",
    table="charge_sets",
    when="UPDATE OF name",
    refuse_if="(OLD.name IS NULL) <> (NEW.name IS NULL)",
    message="what one rule chose for itself has no name",
)
ink.guard(
    "charge_set_codes_of_a_rule_stay",
    table="charge_set_codes",
    when="DELETE",
    refuse_if=(
        "EXISTS (SELECT 1 FROM charge_sets s WHERE s.hotel_id = OLD.hotel_id"
        " AND s.id = OLD.set_id AND s.name IS NULL)"
    ),
    message="what one rule chose for itself stays as it was made",
)
ink.guard(
    "charge_set_codes_are_not_changed",
    table="charge_set_codes",
    when="UPDATE",
    refuse_if="1 = 1",
    message="a code is put into a set or taken out",
)


def add(
    session: Session, hotel: Hotel, *, name: str, codes: Collection[ChargeCode], by: Staff
) -> ChargeSet:
    """Keep a set of charge codes under a name; refuses no codes, and a name in use."""
    require(by, Permission.SET_UP, hotel.id)
    day = business_day.hold_hotel(session, hotel)
    name = _named(session, hotel, name)
    _refuse_odd(codes)
    made = ChargeSet(hotel_id=hotel.id, id=new_id(), name=name)
    session.add(made)
    session.flush()
    _put_in(session, made, codes)
    logbook.record(session, "added charge set", made, by=by, day=day, name=name, codes=_said(codes))
    return made


def change(
    session: Session, found: ChargeSet, *, name: str, codes: Collection[ChargeCode], by: Staff
) -> ChargeSet:
    """Give a set other codes, or another name: rules take it as it is from the next posting on.

    Refuses a retired set, no codes, and a name in use.
    """
    hotel = session.get_one(Hotel, found.hotel_id)
    require(by, Permission.SET_UP, hotel.id)
    day = business_day.hold_hotel(session, hotel)
    lock(session, found)
    if not found.active or found.name is None:
        raise ChargeSetRetired(found)
    _refuse_odd(codes)
    before = {"name": found.name, "codes": _said(codes_in(session, found))}
    found.name = _named(session, hotel, name, known=found)
    session.execute(
        sa.delete(ChargeSetCode).where(
            ChargeSetCode.hotel_id == hotel.id, ChargeSetCode.set_id == found.id
        )
    )
    _put_in(session, found, codes)
    found.version += 1
    session.flush()
    logbook.record(
        session, "changed charge set", found, by=by, day=day, before=before,
        name=found.name, codes=_said(codes),
    )  # fmt: skip
    return found


def retire(session: Session, found: ChargeSet, *, by: Staff) -> None:
    """Offer a set to no new rule; those that take it take it on, as it stands."""
    _offer(session, found, active=False, by=by)


def bring_back(session: Session, found: ChargeSet, *, by: Staff) -> None:
    """Offer a retired set again."""
    _offer(session, found, active=True, by=by)


def own(session: Session, hotel: Hotel, codes: Collection[ChargeCode]) -> ChargeSet:
    """Return a rule's own choice of codes, a set without a name; who makes the rule records it."""
    _refuse_odd(codes)
    made = ChargeSet(hotel_id=hotel.id, id=new_id(), name=None)
    session.add(made)
    session.flush()
    _put_in(session, made, codes)
    return made


def named(session: Session, hotel: Hotel, *, active: bool | None = None) -> list[ChargeSet]:
    """Return the sets the house keeps, by name; only those on offer, or retired, if that's said."""
    query = sa.select(ChargeSet).where(ChargeSet.hotel_id == hotel.id, ChargeSet.name.is_not(None))
    if active is not None:
        query = query.where(ChargeSet.active == active)
    return list(session.scalars(query.order_by(ChargeSet.name)))


def by_name(session: Session, hotel: Hotel, name: str) -> ChargeSet | None:
    """Return the hotel's set of that name."""
    return session.scalar(
        sa.select(ChargeSet).where(ChargeSet.hotel_id == hotel.id, ChargeSet.name == name.strip())
    )


def codes_of(session: Session, hotel_id: int, set_ids: Collection[int]) -> CodesOf:
    """Return the charge codes of sets as they stand; no sets, no question."""
    if not set_ids:
        return {}
    rows = session.execute(
        sa.select(ChargeSetCode.set_id, ChargeSetCode.charge_code_id).where(
            ChargeSetCode.hotel_id == hotel_id, ChargeSetCode.set_id.in_(set_ids)
        )
    )
    found: dict[int, set[int]] = {each: set() for each in set_ids}
    for set_id, code_id in rows:
        found[set_id].add(code_id)
    return {set_id: frozenset(codes) for set_id, codes in found.items()}


def codes_in(session: Session, found: ChargeSet) -> list[ChargeCode]:
    """Return the charge codes of a set, by name."""
    return list(
        session.scalars(
            sa.select(ChargeCode)
            .join(
                ChargeSetCode,
                sa.and_(
                    ChargeSetCode.hotel_id == ChargeCode.hotel_id,
                    ChargeSetCode.charge_code_id == ChargeCode.id,
                ),
            )
            .where(ChargeSetCode.hotel_id == found.hotel_id, ChargeSetCode.set_id == found.id)
            .order_by(ChargeCode.name)
        )
    )


def _offer(session: Session, found: ChargeSet, *, active: bool, by: Staff) -> None:
    hotel = session.get_one(Hotel, found.hotel_id)
    require(by, Permission.SET_UP, hotel.id)
    day = business_day.hold(session, hotel)
    lock(session, found)
    if found.active is active:
        return
    found.active = active
    found.version += 1
    session.flush()
    verb = "brought back charge set" if active else "retired charge set"
    logbook.record(session, verb, found, by=by, day=day, name=found.name)


def _named(session: Session, hotel: Hotel, name: str, *, known: ChargeSet | None = None) -> str:
    """Return a name as it is kept; refuses none, one too long, and one that another set has."""
    card_numbers.refuse(name=name)
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise Invalid(f"A set's name has 1 to {LONGEST_NAME} characters.", field="name")
    other = by_name(session, hotel, name)
    if other is not None and (known is None or other.id != known.id):
        raise ChargeSetTaken(name)
    return name


def _refuse_odd(codes: Collection[ChargeCode]) -> None:
    if not 1 <= len(codes) <= MOST_CODES:
        raise Invalid(f"Choose 1 to {MOST_CODES} charge codes.", field="codes")


def _put_in(session: Session, found: ChargeSet, codes: Collection[ChargeCode]) -> None:
    rows = [
        {"hotel_id": found.hotel_id, "set_id": found.id, "charge_code_id": code_id}
        for code_id in {code.id for code in codes}
    ]
    session.execute(sa.insert(ChargeSetCode), rows)


def _said(codes: Collection[ChargeCode]) -> Sequence[str]:
    return sorted(code.code for code in codes)
