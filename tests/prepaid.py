"""Deposits for tests: a German house whose rooms bear VAT, and who pays there before coming."""

import sqlalchemy as sa

from pms.base.money import Money
from pms.hotel.books import ledger, papers
from pms.hotel.books.deposit_taxes import CLEARING
from pms.hotel.books.papers import issuers
from pms.hotel.books.payments import Method
from pms.hotel.close.verify import books, deposits
from pms.hotel.close.verify import papers as paper_rules
from pms.hotel.house.hotels import Hotel
from pms.hotel.stays import billing, settlements
from pms.hotel.tariff import charges
from pms.hotel.tariff.taxes import TaxClass
from tests import make, papered


def house(session):
    """Rooms at 100.00 with 7 % inside, 2.00 a head and night on top; it issues in Germany."""
    made = make.furnished(session)
    by = make.by(session, made)
    issuers.write(session, made, papered.ISSUER, by=by)
    lodging = session.get_one(TaxClass, (made.id, make.taxed_code(session, made).tax_class_id))
    charges.tax_as(session, make.charge_code(session, made), lodging, by=by)
    return made


def deposit(session, booked, minor=10_400, **details):
    """A deposit in cash; half of two nights for two, which are quoted at 208.00."""
    by = details.pop("by", None) or make.by(session, session.get_one(Hotel, booked.hotel_id))
    return settlements.take_deposit(
        session, booked, amount=Money(minor, "EUR"), method=Method.CASH, by=by, **details
    )


def deposit_invoice(session, paid, *, to=papered.FIRM):
    """The invoice of a deposit, as the desk issues it."""
    by = make.by(session, session.get_one(Hotel, paid.hotel_id))
    about = billing.about_payment(session, paid)
    return papers.deposit_invoice(session, paid, to=to, about=about, by=by)


def open_tax(session, hotel):
    """What stands on the account of VAT on deposits, in minor units."""
    wanted = sa.select(ledger.Account.id).filter_by(hotel_id=hotel.id, code=CLEARING.code)
    account_id = session.scalar(wanted)
    return ledger.balances(session, hotel, [account_id])[account_id] if account_id else 0


def owed_tax(session, hotel, code="VAT7"):
    """What is owed to the state under a tax, in minor units."""
    wanted = sa.select(ledger.Account.id).filter_by(hotel_id=hotel.id, code=f"tax/{code}")
    account_id = session.scalar(wanted)
    return -ledger.balances(session, hotel, [account_id])[account_id] if account_id else 0


def wrong(session, hotel):
    """What `verify` finds wrong of books, papers and deposits."""
    session.flush()
    rules = (*books.RULES, *paper_rules.RULES, *deposits.RULES)
    return [rule.name for rule in rules if not rule.check(session, hotel).ok]
