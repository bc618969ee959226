"""Groups: parties that belong together, and the master folio they may be billed to."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from pms.base.db import Base, OfHotel, within_hotel


class Group(OfHotel, Base):
    """A group and its master folio."""

    __tablename__ = "groups"
    __table_args__ = (
        sa.UniqueConstraint("hotel_id", "code"),
        within_hotel("folio_id", "folios"),
    )

    code: Mapped[str]
    name: Mapped[str]
    folio_id: Mapped[int | None]
