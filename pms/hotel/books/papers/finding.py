"""Finding papers: those of a folio, and those of payments, for lists."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, defer

from pms.hotel.books.folios import Folio
from pms.hotel.books.papers.tables import Paper
from pms.hotel.house.hotels import Hotel


def of_folio(session: Session, folio: Folio, *, limit: int = 50) -> Sequence[Paper]:
    """Return the papers issued of a folio, the newest first, without what they say."""
    return session.scalars(
        sa.select(Paper)
        .where(Paper.hotel_id == folio.hotel_id, Paper.folio_id == folio.id)
        .order_by(Paper.id.desc())
        .options(defer(Paper.data))
        .limit(limit)
    ).all()


def of_payments(
    session: Session, hotel: Hotel, payment_ids: Collection[int]
) -> dict[int, tuple[int, str]]:
    """Return id and number of the paper of each payment that has one."""
    rows = session.execute(
        sa.select(Paper.payment_id, Paper.id, Paper.label)
        .where(Paper.hotel_id == hotel.id, Paper.payment_id.in_(payment_ids))
        .order_by(Paper.id)
    )
    return {row.payment_id: (row.id, row.label) for row in rows if row.payment_id is not None}
