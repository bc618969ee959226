"""Letterheads: what a hotel's papers say of the house: address, languages, hours, rules."""

from dataclasses import asdict, dataclass
from datetime import time

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base import countries
from pms.base.db import Base, insert_new
from pms.base.refusal import Invalid
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require

LANGUAGES = {"en": "English", "de": "Deutsch", "fr": "Français", "es": "Español"}
LONGEST = {"address": 300, "phone": 40, "email": 254, "rules": 2000}
_IN_WORDS = ", ".join(f"'{code}'" for code in LANGUAGES)


class Letterhead(Base):
    """One hotel's letterhead; a hotel that wrote none has the defaults."""

    __tablename__ = "letterheads"
    __table_args__ = (
        sa.CheckConstraint(f"language IN ({_IN_WORDS})", name="language_is_written"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(
        sa.ForeignKey("hotels.id"), primary_key=True, autoincrement=False
    )
    address: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(sa.String(2), default="en")
    arrive_from: Mapped[time] = mapped_column(default=time(15, 0))
    leave_until: Mapped[time] = mapped_column(default=time(11, 0))
    rules: Mapped[str] = mapped_column(default="")


@dataclass(frozen=True)
class Head:
    """What the papers of a hotel say of it; `rules` stand on the registration card."""

    address: str = ""
    phone: str = ""
    email: str = ""
    language: str = "en"
    arrive_from: time = time(15, 0)
    leave_until: time = time(11, 0)
    rules: str = ""


def of(session: Session, hotel: Hotel) -> Head:
    """Return a hotel's letterhead, with what isn't written left empty."""
    kept = session.get(Letterhead, hotel.id)
    if kept is None:
        return Head()
    return Head(**{name: getattr(kept, name) for name in Head.__dataclass_fields__})


def write(session: Session, hotel: Hotel, head: Head, *, by: Staff) -> Head:
    """Write a hotel's letterhead anew; refuses a language that the letters don't have."""
    require(by, Permission.SET_UP, hotel.id)
    if head.language not in LANGUAGES:
        raise Invalid(f"Letters are written in {', '.join(LANGUAGES.values())}.", field="language")
    for name, most in LONGEST.items():
        if len(getattr(head, name)) > most:
            raise Invalid(f"At most {most} letters fit there.", field=name)
    day = business_day.hold(session, hotel)
    before, values = of(session, hotel), asdict(head)
    insert_new(session, Letterhead, [{"hotel_id": hotel.id, **values}])
    session.execute(sa.update(Letterhead).where(Letterhead.hotel_id == hotel.id).values(**values))
    changed = {name: value for name, value in values.items() if getattr(before, name) != value}
    line = logbook.line(
        "wrote letterhead", "hotels", hotel.id, hotel.id, by=by, day=day,
        before={name: getattr(before, name) for name in changed}, after=changed,
    )  # fmt: skip
    logbook.write(session, [line])
    return head


def of_guest(language: str | None, country: str | None, *, otherwise: str) -> str:
    """Return what a guest is written to in: their own language, where it is one of ours.

    Of who speaks another, or whose country does, English; of who says nothing, the hotel's.
    """
    if (language or "").strip():
        return spoken(language, otherwise="en")
    of_country = countries.languages(country)
    if not of_country or otherwise in of_country:
        return otherwise
    return next((each for each in of_country if each in LANGUAGES), "en")


def spoken(language: str | None, *, otherwise: str) -> str:
    """Return the language of ours that a guest's entry means: `de-AT` is German."""
    code = (language or "").strip().lower()[:2]
    return code if code in LANGUAGES else otherwise
