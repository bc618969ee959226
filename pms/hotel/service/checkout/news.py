"""News: signed events from the gateway, each kept once; they say where to look, never what is so.

The answer to the gateway is quick: the event is kept, and a job looks at what it is about.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base import clock, ink
from pms.base.db import Base, insert_new
from pms.base.gateway import Mode, News
from pms.hotel.house import jobs
from pms.hotel.house.hotels import Hotel
from pms.hotel.service.checkout.tables import Intent, IntentState

JOB = "gateway news"
LONGEST = 255
AT_MOST = 50  # intents that one event is about
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


def intents_of(session: Session, hotel: Hotel, told: Mapping[str, str | None]) -> Sequence[Intent]:
    """Return the intents an event is about, oldest first: by our own mark and by the gateway's ids.

    Of those of its payment only what isn't settled: what is has an id of its own.
    """
    whose = []
    mark = str(told.get("ours") or "")
    if _OURS.fullmatch(mark):
        whose.append(Intent.id == int(mark, 16))
    if told.get("object"):
        whose.append(Intent.object_id == told["object"])
    if told.get("payment"):
        is_open = Intent.state != IntentState.SETTLED
        whose.append(sa.and_(Intent.payment == told["payment"], is_open))
    if not whose:
        return ()
    return session.scalars(
        sa.select(Intent)
        .where(Intent.hotel_id == hotel.id, sa.or_(*whose))
        .order_by(Intent.id)
        .limit(AT_MOST)
    ).all()
