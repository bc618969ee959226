"""Vendors: who does what guests are sent to, on which terms."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import card_numbers
from pms.base.db import lock, new_id
from pms.base.refusal import Invalid
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.service.concierge.refusals import NameTaken
from pms.hotel.service.concierge.tables import WHOLE, Vendor

LONGEST = {"name": 80, "contact": 80, "phone": 40, "email": 254, "address": 200, "notes": 1000}
MOST_HOURS = 2_160  # ninety days
MOST_PERCENT = 100


@dataclass(frozen=True, kw_only=True)
class Terms:
    """How a vendor is reached, until when one cancels free, what a late one costs, and our share.

    `commission_rate` is in hundredths of a percent: 1,250 is 12.5 %.
    """

    name: str
    contact: str | None = None
    phone: str | None = None
    email: str | None = None
    address: str | None = None
    free_hours: int = 24
    fee_percent: int = 100
    commission_rate: int = 0
    notes: str | None = None
    active: bool = True


def add(session: Session, hotel: Hotel, terms: Terms, *, by: Staff) -> Vendor:
    """Write down a vendor; refuses a name in use and terms that can't be."""
    require(by, Permission.SET_UP, hotel.id)
    day = business_day.hold(session, hotel)
    kept = _checked(terms)
    if by_name(session, hotel, kept["name"]) is not None:
        raise NameTaken(kept["name"])
    made = Vendor(hotel_id=hotel.id, id=new_id(), **kept)
    session.add(made)
    session.flush()
    logbook.record(session, "added vendor", made, by=by, day=day, **_terms(kept))
    return made


def change(session: Session, vendor: Vendor, terms: Terms, *, by: Staff) -> Vendor:
    """Change a vendor; bookings that are there keep the terms they were made on."""
    require(by, Permission.SET_UP, vendor.hotel_id)
    hotel = session.get_one(Hotel, vendor.hotel_id)
    day = business_day.hold(session, hotel)
    kept = _checked(terms)
    lock(session, vendor)
    other = by_name(session, hotel, kept["name"])
    if other is not None and other.id != vendor.id:
        raise NameTaken(kept["name"])
    was = {name: getattr(vendor, name) for name in kept}
    changed = {name: value for name, value in kept.items() if was[name] != value}
    for name, value in changed.items():
        setattr(vendor, name, value)
    vendor.version += 1
    session.flush()
    before = {name: was[name] for name in _terms(changed)}
    logbook.record(
        session, "changed vendor", vendor, by=by, day=day, before=before, **_terms(changed)
    )
    return vendor


def by_name(session: Session, hotel: Hotel, name: str) -> Vendor | None:
    """Return the hotel's vendor of that name."""
    return session.scalar(sa.select(Vendor).filter_by(hotel_id=hotel.id, name=name))


def of_hotel(session: Session, hotel: Hotel) -> Sequence[Vendor]:
    """Return the hotel's vendors by name, those one works with first."""
    return session.scalars(
        sa.select(Vendor)
        .where(Vendor.hotel_id == hotel.id)
        .order_by(sa.not_(Vendor.active), Vendor.name)
        .limit(500)
    ).all()


def _checked(terms: Terms) -> dict[str, Any]:
    """Return terms as they are kept; refuses what is too long or can't be."""
    kept: dict[str, Any] = {}
    for name, value in asdict(terms).items():
        if isinstance(value, str):
            text = value.strip()
            if len(text) > LONGEST[name]:
                raise Invalid(f"At most {LONGEST[name]} letters.", field=name)
            card_numbers.refuse(**{name: text})
            kept[name] = text or None
        else:
            kept[name] = value
    if not kept["name"]:
        raise Invalid("A vendor has a name.", field="name")
    if not 0 <= terms.free_hours <= MOST_HOURS:
        raise Invalid(f"0 to {MOST_HOURS:,} hours before.", field="free_hours")
    if not 0 <= terms.fee_percent <= MOST_PERCENT:
        raise Invalid("0 to 100 percent.", field="fee_percent")
    if not 0 <= terms.commission_rate <= WHOLE:
        raise Invalid("0 to 100 percent.", field="commission_rate")
    return kept


def _terms(kept: dict[str, Any]) -> dict[str, Any]:
    """Return what the logbook may keep for ever: terms, and no words about people."""
    spoken = {"name", "free_hours", "fee_percent", "commission_rate", "active"}
    return {name: value for name, value in kept.items() if name in spoken}
