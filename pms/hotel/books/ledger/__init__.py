"""The ledger: double entry, written in ink, once per key; a balance is a sum."""

from pms.hotel.books.ledger.tables import Account, AccountDay, Entry, Kind, Ledger, Line

__all__ = ["Account", "AccountDay", "Entry", "Kind", "Ledger", "Line"]
