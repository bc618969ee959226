"""What a hotel's taxes are: their rates by the day, and the classes of charges that bear them."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pms.base.db import Base, OfHotel, choice, within_hotel
from pms.hotel.tariff.taxes.reckoning import OLDEST_CHILD, TaxKind


class Tax(OfHotel, Base):
    """A tax; `on_top_of` are the codes of taxes that belong to its base.

    A `levy` is no VAT: a city tax, a resort fee of the town. It stands on papers by itself.
    """

    __tablename__ = "taxes"
    __table_args__ = (sa.UniqueConstraint("hotel_id", "code"),)

    code: Mapped[str]
    name: Mapped[str]
    kind: Mapped[TaxKind] = mapped_column(choice(TaxKind))
    inclusive: Mapped[bool]
    levy: Mapped[bool] = mapped_column(default=False)
    on_top_of: Mapped[list[str]] = mapped_column(default=list)


class TaxRate(Base):
    """A tax's rate from a day on: 1/10000 of a percent, or minor units of the hotel's currency.

    Its limits hold from that day too: `only_over` a price for a night, at most `cap` for a person
    and night (both minor units), for the first `most_nights` of a stay, and no more from the night
    on that makes a stay `exempt_from` nights long; `refunds` says whether what was charged before
    goes back then.
    """

    __tablename__ = "tax_rates"
    __table_args__ = (
        within_hotel("tax_id", "taxes"),
        sa.CheckConstraint("rate >= 0", name="not_negative"),
        sa.CheckConstraint("refunds = false OR exempt_from IS NOT NULL", name="refunds_the_exempt"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    tax_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    from_day: Mapped[date] = mapped_column(primary_key=True)
    rate: Mapped[int]
    only_over: Mapped[int | None]
    cap: Mapped[int | None]
    most_nights: Mapped[int | None] = mapped_column(sa.SmallInteger)
    exempt_from: Mapped[int | None] = mapped_column(sa.SmallInteger)
    refunds: Mapped[bool] = mapped_column(default=False)


class TaxAgeBand(Base):
    """What children up to an age bear of a tax by head, from the day of its rate on; minor units.

    The next band begins with the next age; who is older than the last one bears the rate.
    """

    __tablename__ = "tax_age_bands"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["hotel_id", "tax_id", "from_day"],
            ["tax_rates.hotel_id", "tax_rates.tax_id", "tax_rates.from_day"],
        ),
        sa.CheckConstraint(f"upto BETWEEN 0 AND {OLDEST_CHILD}", name="age_of_a_child"),
        sa.CheckConstraint("amount >= 0", name="not_negative"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    tax_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    from_day: Mapped[date] = mapped_column(primary_key=True)
    upto: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True, autoincrement=False)
    amount: Mapped[int]


class TaxClass(OfHotel, Base):
    """The taxes that a kind of charge bears, such as lodging or drinks."""

    __tablename__ = "tax_classes"
    __table_args__ = (sa.UniqueConstraint("hotel_id", "code"),)

    code: Mapped[str]
    name: Mapped[str]


class TaxClassTax(Base):
    """One tax of a class, in the order they are shown."""

    __tablename__ = "tax_class_taxes"
    __table_args__ = (
        within_hotel("tax_class_id", "tax_classes"),
        within_hotel("tax_id", "taxes"),
        sa.UniqueConstraint("hotel_id", "tax_class_id", "tax_id"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    tax_class_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    no: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True, autoincrement=False)
    tax_id: Mapped[int]
