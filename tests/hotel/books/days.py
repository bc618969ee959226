"""Rolling the business day without the audit, for tests of what spans two days."""

from pms.hotel.books import ledger
from pms.hotel.house import business_day


def roll(session, house):
    """Seal the day's accounts and go on to the next."""
    day = business_day.today(session, house)
    ledger.seal_accounts(session, house, day)
    return business_day.roll(session, house, closing=day)
