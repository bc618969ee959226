"""The demo's city ledger: what firms owe since when, what they paid, dispute and were told."""

from contextlib import suppress
from datetime import date, time, timedelta
from pathlib import Path

from pms.base.money import Money
from pms.demo.month import House
from pms.gateways.pdf import MissingLibrary
from pms.hotel.books import receivables
from pms.hotel.books.payments import Method
from pms.hotel.books.receivables import CityItem, Tells, statements
from pms.hotel.guests import agreements, companies
from pms.hotel.guests.companies import Company
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Role, Staff
from pms.hotel.stays import commissions
from pms.web.letters import accounts

SHELF = Path(__file__).parents[2] / "static"
LANGUAGES = {"NORDWIND": "de", "SPREE": "de", "KOWALSKI": "en", "SAKURA": "en"}
LIMIT, CREDIT = 10_000, 2_500_000
# Of the books before this program: firm, number there, days ago, still owed.
BEFORE = (
    ("NORDWIND", "R-2207", 47, 64_800),
    ("NORDWIND", "R-2154", 82, 121_500),
    ("KOWALSKI", "R-2101", 101, 38_900),
    ("KOWALSKI", "R-1987", 148, 27_450),
    ("SPREE", "R-2230", 38, 18_250),
    ("SPREE", "R-2241", 33, 9_400),
)


def set_up(house: House, *, today: date) -> None:
    """Keep the accounts for an afternoon."""
    with house.at(today, time(15, 32)) as hotel:
        manager, keeper = house.who(Role.MANAGER), house.who(Role.ACCOUNTANT)
        firms = _firms(house, hotel, by=manager)
        receivables.set_write_off_limit(
            house.session, hotel, limit=Money(LIMIT, hotel.currency), by=manager
        )
        items = {
            number: receivables.bring_forward(
                house.session, hotel, firms[code], amount=Money(owed, hotel.currency),
                dated=today - timedelta(days=days), reference=number, by=keeper,
            )
            for code, number, days, owed in BEFORE
        }  # fmt: skip
        _pay(house, hotel, firms, by=keeper)
        _settle(house, items, by=keeper)
        receivables.move_to(
            house.session, items["R-2241"], to=firms["NORDWIND"],
            reason="Nordwind's engineer, not Spree's", by=keeper,
        )  # fmt: skip
    with house.at(today, time(15, 40)) as hotel:
        _tell(house, hotel, firms, by=house.who(Role.ACCOUNTANT))
        _pay_agents(house, hotel, firms["SAKURA"], today, by=house.who(Role.ACCOUNTANT))


def _firms(house: House, hotel: Hotel, *, by: Staff) -> dict[str, Company]:
    """Write down how each firm is written to, and how much two of them may owe."""
    found = {}
    for code, language in LANGUAGES.items():
        firm = companies.by_code(house.session, hotel, code)
        if firm is None:
            raise LookupError(code)
        companies.amend(
            house.session, firm, name=firm.name, address=firm.address,
            tax_number=firm.tax_number, email=f"accounts@{code.lower()}.example",
            language=language, hotel=hotel, by=by,
        )  # fmt: skip
        found[code] = firm
    for code in ("NORDWIND", "SPREE"):
        agreements.grant_credit(
            house.session, found[code], direct_bill=True,
            credit_limit=Money(CREDIT, hotel.currency), hotel=hotel, by=by,
        )  # fmt: skip
    return found


def _pay(house: House, hotel: Hotel, firms: dict[str, Company], *, by: Staff) -> None:
    """One firm pays a part of its oldest bill, another without saying what for."""
    for code, minor, reference, oldest_first in (
        ("NORDWIND", 80_000, "NW 88123", True),
        ("SPREE", 25_000, "Hotel Berlin", False),
    ):
        receivables.pay_city(
            house.session, hotel, firms[code], amount=Money(minor, hotel.currency),
            method=Method.TRANSFER, reference=reference, oldest_first=oldest_first, by=by,
        )  # fmt: skip


def _settle(house: House, items: dict[str, CityItem], *, by: Staff) -> None:
    """One bill is disputed, and of another the bank kept its charges."""
    receivables.dispute(
        house.session, items["R-2101"], reason="Says two of the three nights were cancelled", by=by
    )
    spree = items["R-2230"]
    receivables.write_off_item(
        house.session, spree, amount=Money(1_250, house.hotel.currency),
        reason="The bank's charges", by=by,
    )  # fmt: skip


def _tell(house: House, hotel: Hotel, firms: dict[str, Company], *, by: Staff) -> None:
    """Send a statement to one firm, a reminder to another."""
    for code, tells in (("NORDWIND", Tells.STATEMENT), ("KOWALSKI", Tells.REMINDER)):
        made = statements.issue(house.session, hotel, firms[code], tells=tells, by=by)
        subject, text = accounts.letter(made)
        with suppress(MissingLibrary):
            statements.mail(
                house.session, made, to=firms[code].email or "", subject=subject, text=text,
                pdf=accounts.pdf_of(made, str(SHELF)), by=by,
            )  # fmt: skip


def _pay_agents(house: House, hotel: Hotel, agent: Company, today: date, *, by: Staff) -> None:
    """Approve what the agent earned up to last week, and pay it."""
    with suppress(commissions.NothingEarned):
        made = commissions.approve(
            house.session, hotel, agent, first=hotel.opened_on,
            last=today - timedelta(days=7), by=by,
        )  # fmt: skip
        commissions.pay(house.session, made, paid_on=today, reference="SEPA 26-0418", by=by)
