"""What is kept of a guest's passport or card: enough for the law, and it can be erased."""

import enum
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pms.base.db import Base, OfChain, choice, within_chain
from pms.base.sealed import Sealed, SealedDate, Shut

NUMBER, BIRTH_DATE, LIVES_IN = "document number", "document birth date", "document residence"
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
    """One document of a guest, as it was seen at a hotel of the chain; not written in ink.

    What isn't searched stands under seal; the same number is found by `number_index`.
    """

    __tablename__ = "identity_documents"
    __table_args__ = (
        sa.UniqueConstraint("chain_id", "guest_id", "kind", "number_index"),
        sa.Index(None, "chain_id", "number_index"),
        within_chain("guest_id", "guests"),
        sa.ForeignKeyConstraint(["chain_id", "hotel_id"], ["hotels.chain_id", "hotels.id"]),
        sa.CheckConstraint(
            "substr(number, 1, 3) = 'v1.' AND substr(lives_in, 1, 3) = 'v1.'"
            " AND (birth_date IS NULL OR substr(birth_date, 1, 3) = 'v1.')",
            name="stands_under_seal",
        ),
        sa.CheckConstraint("length(number_index) = 64", name="number_is_indexed"),
    )

    guest_id: Mapped[int]
    hotel_id: Mapped[int]
    kind: Mapped[IdentityKind] = mapped_column(choice(IdentityKind))
    number: Mapped[str] = mapped_column(Sealed(NUMBER))
    number_index: Mapped[str] = mapped_column(sa.String(64))
    issuing_country: Mapped[str] = mapped_column(sa.String(3))
    nationality: Mapped[str] = mapped_column(sa.String(3))
    surname: Mapped[str]
    given_name: Mapped[str]
    birth_date: Mapped[date | None] = mapped_column(SealedDate(BIRTH_DATE))
    sex: Mapped[Sex] = mapped_column(choice(Sex))
    expires_on: Mapped[date | None]
    lives_in: Mapped[str] = mapped_column(Sealed(LIVES_IN), default="")
    from_lines: Mapped[bool]
    staff_id: Mapped[int]
    seen_at: Mapped[datetime]

    @property
    def is_shut(self) -> bool:
        """Whether the key to it is missing."""
        return isinstance(self.number, Shut)

    @property
    def masked(self) -> str:
        """The number as lists show it: its end, and no more of it than half."""
        if self.is_shut:
            return self.number
        shown = min(SHOWN, len(self.number) // 2)
        return "•" * (len(self.number) - shown) + self.number[len(self.number) - shown :]

    def has_expired(self, day: date) -> bool:
        """Tell whether it is no longer valid on a day."""
        return self.expires_on is not None and self.expires_on < day
