"""Bills as tests of routing look at them: amounts are minor units."""

from pms.base.money import Money
from pms.hotel.books import folios
from pms.hotel.close import verify


def euros(minor):
    """An amount."""
    return Money(minor, "EUR")


def stands(session, folio):
    """What each window of a folio owes."""
    return {no: balance.minor for no, balance in folios.balance_of(session, folio).items()}


def clean(session, house):
    """The names of the invariants that don't hold: none, if all is well."""
    return [each.name for each in verify.checks(session, house) if not each.ok]
