"""The chart of accounts: which account of the accountant's each of the ledger's belongs to.

The departments are those of the Uniform System of Accounts for the Lodging Industry (USALI). A
mapping names a ledger account or the beginning of its code; the longest that fits wins, and a
hotel's own wins over the usual one.
"""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base.db import Base, upsert
from pms.base.refusal import Invalid, Refusal
from pms.hotel.books import folios
from pms.hotel.books.ledger import Account, Ledger
from pms.hotel.books.payments.paying_out import Expense
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.people import tips
from pms.hotel.tariff.charges import ChargeCode
from pms.hotel.tariff.taxes import Tax

USUAL = {
    "cash": ("1010", "Cash"),
    "clearing/card": ("1110", "Card clearing"),
    "clearing/transfer": ("1120", "Bank transfers"),
    "clearing/between-accounts": ("1220", "City ledger"),
    "clearing/deposit-tax": ("2315", "Tax on advance deposits"),
    "clearing/brought-forward": ("3900", "Opening balances"),
    "clearing/stripe": ("1130", "Online payment clearing"),
    "clearing/disputed": ("1140", "Disputed online payments"),
    "clearing/stripe-fees": ("6310", "Online payment fees"),
    "clearing/over-short": ("6320", "Cash over and short"),
    "clearing/bank-fees": ("6340", "Bank fees"),
    "clearing/expenses": ("6390", "Petty cash expenses"),
    "guest": ("1210", "Guest ledger"),
    "city": ("1220", "City ledger"),
    "deposit": ("2310", "Advance deposits"),
    "tax": ("2210", "Taxes payable"),
    "revenue/rooms": ("4000", "Rooms"),
    "revenue/food_and_beverage": ("4100", "Food and beverage"),
    "revenue/other": ("4300", "Other operated departments"),
    "revenue/miscellaneous": ("4900", "Miscellaneous income"),
    "clearing/exchange-differences": ("4910", "Foreign currency gains and losses"),
    "revenue/miscellaneous/bad-debts": ("6330", "Bad debts"),
    "revenue/miscellaneous/write-off": ("6330", "Bad debts"),
}
TIPS = ("2320", "Tips payable")
LONGEST_NUMBER, LONGEST_NAME = 16, 60
NAMED_AT_MOST = 12


class UnknownAccount(Invalid):
    def __init__(self, account: str, there: list[str]) -> None:
        more = len(there) - NAMED_AT_MOST
        named = ", ".join(there[:NAMED_AT_MOST]) + (f" and {more} more" if more > 0 else "")
        super().__init__(
            f"No account of the ledger begins with “{account}”. There is: {named}.",
            field="account",
        )


class NotPlacedHere(Refusal):
    def __init__(self, account: str) -> None:
        super().__init__(f"“{account}” has no place of the house's own. Nothing is to take off.")


class AccountMapping(Base):
    """One hotel's own place for ledger accounts that begin with a code; no number is no place."""

    __tablename__ = "account_mappings"
    __table_args__ = ({"sqlite_with_rowid": False},)

    hotel_id: Mapped[int] = mapped_column(
        sa.ForeignKey("hotels.id"), primary_key=True, autoincrement=False
    )
    account: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(LONGEST_NUMBER))
    name: Mapped[str] = mapped_column(sa.String(LONGEST_NAME))


@dataclass(frozen=True, slots=True)
class Place:
    """An account of the chart."""

    number: str
    name: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A hotel's mappings, by the code that ledger accounts begin with."""

    places: dict[str, Place]

    def place(self, account: str) -> Place | None:
        """Return where a ledger account belongs; None is nowhere."""
        parts = account.split("/")
        for length in range(len(parts), 0, -1):
            found = self.places.get("/".join(parts[:length]))
            if found is not None:
                return found if found.number else None
        return None


def of(session: Session, hotel: Hotel) -> Chart:
    """Return a hotel's chart: the usual one with its own mappings over it.

    What guests give to a pool of tips is owed to the staff, not earned; a service charge is earned.
    """
    usual = USUAL | dict.fromkeys(tips.accounts(session, hotel), TIPS)
    places = {account: Place(*words) for account, words in usual.items()}
    for row in session.scalars(
        sa.select(AccountMapping).where(AccountMapping.hotel_id == hotel.id)
    ):
        places[row.account] = Place(row.number, row.name)
    return Chart(places)


def own(session: Session, hotel: Hotel) -> list[AccountMapping]:
    """Return the placings of the house's own, by their codes."""
    rows = sa.select(AccountMapping).where(AccountMapping.hotel_id == hotel.id)
    return list(session.scalars(rows.order_by(AccountMapping.account)))


def place(
    session: Session, hotel: Hotel, *, account: str, number: str, name: str, by: Staff
) -> None:
    """Say where ledger accounts that begin with a code belong; without a number, nowhere.

    Refuses a code that no account begins with. Days that are closed keep the journal they were
    closed with.
    """
    require(by, Permission.KEEP_CHART, hotel.id)
    account, number, name = account.strip().strip("/"), number.strip(), name.strip()
    if not account or len(account) > 80 or not account.isprintable():
        raise Invalid("Say which account of the ledger.", field="account")
    if len(number) > LONGEST_NUMBER or not (number.isalnum() or not number):
        raise Invalid("A number has at most 16 letters and digits.", field="number")
    if number and (not name or len(name) > LONGEST_NAME or not name.isprintable()):
        raise Invalid("Say what the account is called, in 60 letters at most.", field="name")
    day = business_day.hold(session, hotel)
    _refuse_unknown(session, hotel, account)
    before = of(session, hotel).places.get(account)
    row = {"hotel_id": hotel.id, "account": account, "number": number, "name": name}
    upsert(session, AccountMapping, [row], key=("hotel_id", "account"))
    session.expire_all()
    line = logbook.line(
        "mapped account", "hotels", hotel.id, hotel.id, by=by, day=day,
        before={"number": before.number} if before else None,
        after={"account": account, "number": number, "name": name},
    )  # fmt: skip
    logbook.write(session, [line])


def take_off(session: Session, hotel: Hotel, *, account: str, by: Staff) -> None:
    """Take a placing of the house's own off; the accounts belong where the usual chart has them.

    Refuses a code that the house didn't place.
    """
    require(by, Permission.KEEP_CHART, hotel.id)
    day = business_day.hold(session, hotel)
    row = session.get(AccountMapping, {"hotel_id": hotel.id, "account": account})
    if row is None:
        raise NotPlacedHere(account)
    before = {"account": account, "number": row.number, "name": row.name}
    session.delete(row)
    session.flush()
    after = of(session, hotel).place(account)
    line = logbook.line(
        "took mapping off", "hotels", hotel.id, hotel.id, by=by, day=day,
        before=before, after={"number": after.number if after else None},
    )  # fmt: skip
    logbook.write(session, [line])


def _refuse_unknown(session: Session, hotel: Hotel, account: str) -> None:
    """Refuse a code that is, and begins, no account of the ledger or of what is set up for it."""
    known = _known(session, hotel)
    posted = sa.select(Account.id).where(
        Account.hotel_id == hotel.id,
        sa.or_(Account.code == account, Account.code.startswith(f"{account}/", autoescape=True)),
    )
    if account in known or session.scalar(posted.limit(1)) is not None:
        return
    ledger = account.split("/")[0]
    raise UnknownAccount(
        account, sorted(code for code in known if code.startswith(f"{ledger}/")) or list(Ledger)
    )


def _known(session: Session, hotel: Hotel) -> set[str]:
    """Return the codes that accounts begin with, posted to or not: three questions at most."""
    charge_codes = sa.select(ChargeCode).where(ChargeCode.hotel_id == hotel.id)
    tax_codes = sa.select(Tax.code).where(Tax.hotel_id == hotel.id)
    placed = of(session, hotel).places
    known = {*Ledger, *placed, *(each.account.code for each in Expense)}
    known |= {folios.revenue_account(each).code for each in session.scalars(charge_codes)}
    return known | {f"tax/{code}" for code in session.scalars(tax_codes)}
