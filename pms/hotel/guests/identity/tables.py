"""What is kept of a guest's passport or card: enough for the law, and it can be erased."""

import enum
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pms.base.db import Base, OfChain, choice, within_chain

LONGEST_NUMBER = 40
SHOWN = 3


class IdentityKind(enum.StrEnum):
    """What kind of document it is."""

    PASSPORT = "passport"
    IDENTITY_CARD = "identity_card"
    RESIDENCE_PERMIT = "residence_permit"
    DRIVING_LICENCE = "driving_licence"
    VISA = "visa"
    OTHER = "other"

    @property
    def words(self) -> str:
        """The kind in words."""
        return self.value.replace("_", " ").capitalize()


class Sex(enum.StrEnum):
    """What the document says."""

    FEMALE = "F"
    MALE = "M"
    UNSPECIFIED = "X"


class IdentityDocument(OfChain, Base):
    """One document of a guest, as it was seen at a hotel of the chain; not written in ink."""

    __tablename__ = "identity_documents"
    __table_args__ = (
        sa.UniqueConstraint("chain_id", "guest_id", "kind", "number"),
        sa.Index(None, "chain_id", "number"),
        within_chain("guest_id", "guests"),
        sa.ForeignKeyConstraint(["chain_id", "hotel_id"], ["hotels.chain_id", "hotels.id"]),
        sa.CheckConstraint(
            f"length(number) BETWEEN 1 AND {LONGEST_NUMBER}", name="number_is_written"
        ),
        sa.CheckConstraint(
            "birth_date IS NULL OR expires_on IS NULL OR birth_date < expires_on",
            name="born_before_it_expires",
        ),
    )

    guest_id: Mapped[int]
    hotel_id: Mapped[int]
    kind: Mapped[IdentityKind] = mapped_column(choice(IdentityKind))
    number: Mapped[str]
    issuing_country: Mapped[str] = mapped_column(sa.String(3))
    nationality: Mapped[str] = mapped_column(sa.String(3))
    surname: Mapped[str]
    given_name: Mapped[str]
    birth_date: Mapped[date | None]
    sex: Mapped[Sex] = mapped_column(choice(Sex))
    expires_on: Mapped[date | None]
    lives_in: Mapped[str] = mapped_column(default="")
    from_lines: Mapped[bool]
    staff_id: Mapped[int]
    seen_at: Mapped[datetime]

    @property
    def masked(self) -> str:
        """The number as lists show it: its end, and no more of it than half."""
        shown = min(SHOWN, len(self.number) // 2)
        return "•" * (len(self.number) - shown) + self.number[len(self.number) - shown :]

    def has_expired(self, day: date) -> bool:
        """Tell whether it is no longer valid on a day."""
        return self.expires_on is not None and self.expires_on < day
