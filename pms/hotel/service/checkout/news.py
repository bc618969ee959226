"""News: signed events from the gateway, each kept once; they say where to look, never what is so.

The answer to the gateway is quick: the event is kept, and a job looks at what it is about.
"""

import re
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base import clock, ink
from pms.base.db import Base, insert_new
from pms.base.gateway import Mode, News
from pms.hotel.house import jobs
from pms.hotel.house.hotels import Hotel
from pms.hotel.service.checkout.tables import Deed, Intent

JOB = "gateway news"
LONGEST = 255
_OURS = re.compile(r"[0-7]?[0-9a-f]{1,15}")  # an id of ours: 63 bits


class GatewayEvent(Base):
    """A signed event that came in, once each."""

    __tablename__ = "gateway_events"
    __table_args__ = ({"sqlite_with_rowid": False},)

    hotel_id: Mapped[int] = mapped_column(
        sa.ForeignKey("hotels.id"), primary_key=True, autoincrement=False
    )
    event_id: Mapped[str] = mapped_column(sa.String(LONGEST), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(80))
    object_id: Mapped[str] = mapped_column(sa.String(LONGEST))
    came_at: Mapped[datetime]


ink.append_only("gateway_events")


def note(session: Session, hotel: Hotel, news: News, *, mode: Mode) -> bool:
    """Keep an event and put off looking; False where it came before, or is of another mode."""
    if news.live is not (mode is Mode.LIVE) or not news.event_id:
        return False
    row = {
        "hotel_id": hotel.id,
        "event_id": news.event_id[:LONGEST],
        "kind": news.kind[:80],
        "object_id": news.object_id[:LONGEST],
        "came_at": clock.now(),
    }
    before = session.get(GatewayEvent, (hotel.id, row["event_id"]))
    insert_new(session, GatewayEvent, [row])
    payload = {"kind": news.kind, "object": news.object_id, "payment": news.payment}
    payload["ours"] = news.ours
    jobs.enqueue(session, hotel, JOB, payload, key=f"{JOB}/{news.event_id}")
    return before is None


def intent_of(session: Session, hotel: Hotel, news: dict[str, str | None]) -> Intent | None:
    """Return the intent an event is about: by our own mark, or by the gateway's ids.

    Of one payment the newest is meant, as a hold's capture is heard of by the hold's mark. But of
    several refunds of it the one that is named, or what a bank sends back is never found.
    """
    named = []
    mark = str(news.get("ours") or "")
    if _OURS.fullmatch(mark):
        named.append(Intent.id == int(mark, 16))
    if news.get("object"):
        named.append(Intent.object_id == news["object"])
    whose = [*named, Intent.payment == news["payment"]] if news.get("payment") else named
    if not whose:
        return None
    is_that_refund = sa.and_(Intent.deed == Deed.REFUND, sa.or_(sa.false(), *named))
    return session.scalar(
        sa.select(Intent)
        .where(Intent.hotel_id == hotel.id, sa.or_(*whose))
        .order_by(sa.case((is_that_refund, 0), else_=1), Intent.id.desc())
        .limit(1)
    )
