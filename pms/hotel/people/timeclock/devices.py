"""Devices: tablets that are paired with a hotel and serve as its time clock."""

import secrets
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import new_id
from pms.base.refusal import Invalid
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.signins import digest
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.people.timeclock.tables import ClockDevice

LONGEST_NAME = 60
_BYTES = 32


def pair(session: Session, hotel: Hotel, *, name: str, by: Staff) -> tuple[ClockDevice, str]:
    """Make a tablet the hotel's time clock; return its token of 256 bits, which is not kept."""
    require(by, Permission.MANAGE_PEOPLE, hotel.id)
    today = business_day.hold(session, hotel)
    name = name.strip()
    if not 1 <= len(name) <= LONGEST_NAME:
        raise Invalid("Say where the tablet is, like Staff entrance.", field="name")
    token = secrets.token_urlsafe(_BYTES)
    device = ClockDevice(
        hotel_id=hotel.id,
        id=new_id(),
        name=name,
        digest=digest(token),
        paired_by=by.id,
        paired_at=clock.now(),
    )
    session.add(device)
    session.flush()
    logbook.record(session, "paired", device, by=by, day=today, name=name)
    return device, token


def unpair(session: Session, device: ClockDevice, *, by: Staff) -> None:
    """Let a tablet take no punches any more, at once."""
    require(by, Permission.MANAGE_PEOPLE, device.hotel_id)
    today = business_day.hold(session, session.get_one(Hotel, device.hotel_id))
    if device.ended_at is not None:
        return
    device.ended_at = clock.now()
    session.flush()
    logbook.record(session, "unpaired", device, by=by, day=today, name=device.name)


def find(session: Session, token: str) -> ClockDevice | None:
    """Return the paired tablet that holds a token."""
    return session.scalar(
        sa.select(ClockDevice).where(
            ClockDevice.digest == digest(token), ClockDevice.ended_at.is_(None)
        )
    )


def of_hotel(session: Session, hotel: Hotel) -> Sequence[ClockDevice]:
    """Return a hotel's paired tablets, the oldest first."""
    return session.scalars(
        sa.select(ClockDevice)
        .where(ClockDevice.hotel_id == hotel.id, ClockDevice.ended_at.is_(None))
        .order_by(ClockDevice.id)
        .limit(50)
    ).all()
