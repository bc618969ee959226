"""The accounting journal: a business day's movements by the chart of accounts, in balance.

It is archived with the day, so the same day gives the same bytes whatever is mapped later.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from pms.base.money import Money
from pms.base.refusal import Refusal
from pms.hotel.books import ledger
from pms.hotel.close import chart
from pms.hotel.close.reports import DayNotClosed, Report, harmless
from pms.hotel.house import business_day
from pms.hotel.house.hotels import Hotel
from pms.hotel.people.exports import quickbooks

NAME = "journal"
NOWHERE = "Not mapped"  # and in brackets what: QuickBooks reads a colon as a sub-account
IIF = "iif"


class AccountsNotSpelled(Refusal):
    def __init__(self, names: list[str]) -> None:
        super().__init__(
            f"QuickBooks Desktop can't spell: {'; '.join(names)}. Name them otherwise in the "
            "chart, or take the CSV.",
        )


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One account of the chart on a day: minor units."""

    number: str
    name: str
    debits: int
    credits: int

    @property
    def account(self) -> str:
        """The account as QuickBooks has it: its number and its name."""
        return f"{self.number} {self.name}".strip()


@dataclass(frozen=True, slots=True)
class Journal:
    """A day's journal; `unmapped` are the ledger accounts that no mapping places."""

    hotel: Hotel
    day: date
    lines: list[JournalLine]
    unmapped: list[str]

    @property
    def debits(self) -> int:
        """All debits, in minor units; the credits are as much."""
        return sum(line.debits for line in self.lines)

    def as_report(self) -> Report:
        """Return the journal as a table: debits, then credits, and their sum."""
        columns = ("date", "account", "name", "debit", "credit", "currency")
        currency, day = self.hotel.currency, self.day.isoformat()
        return Report(
            NAME,
            columns,
            [
                (day, line.number, line.name, self._amount(line.debits),
                 self._amount(line.credits), currency)
                for line in self.lines
            ],
        )  # fmt: skip

    def as_iif(self) -> bytes:
        """Return the journal for QuickBooks: one general journal transaction, net by account.

        A debit is above zero, a credit below; an account that nets to nothing is left out. Refuses
        names that Windows-1252 doesn't have: one that is spelled otherwise is a new account there.
        """
        head = ("ID", "TRNSTYPE", "DATE", "ACCNT", "AMOUNT", "DOCNUM", "MEMO")
        rows = [
            ("!TRNS", "TRNSID", *head[1:]), ("!SPL", "SPLID", *head[1:]), ("!ENDTRNS",)
        ]  # fmt: skip
        number = f"{self.hotel.code}-{self.day:%Y%m%d}"
        net = [(line, line.debits - line.credits) for line in self.lines]
        moved = [(line, amount) for line, amount in net if amount]
        unspelled = [line.account for line, _ in moved if not quickbooks.spells(line.account)]
        if unspelled:
            raise AccountsNotSpelled(unspelled)
        for no, (line, amount) in enumerate(moved):
            rows.append(
                ("SPL" if no else "TRNS", "", "GENERAL JOURNAL", f"{self.day:%m/%d/%Y}",
                 line.account, str(Money(amount, self.hotel.currency)), number, "Night audit")
            )  # fmt: skip
        if moved:
            rows.append(("ENDTRNS",))
        content = "".join("\t".join(map(_plain, row)) + "\r\n" for row in rows)
        return content.encode(quickbooks.ALPHABET, errors="replace")

    def _amount(self, minor: int) -> str:
        return str(Money(minor, self.hotel.currency))


def of_day(session: Session, hotel: Hotel, day: date) -> Journal:
    """Return a day's journal as the chart maps it now; refuses a day that wasn't lived."""
    if not hotel.opened_on <= day <= business_day.today(session, hotel):
        raise DayNotClosed(day)
    mapped = chart.of(session, hotel)
    sums: dict[tuple[str, str], list[int]] = {}
    unmapped = []
    for movement in ledger.movements(session, hotel, day):
        place = mapped.place(movement.code)
        if place is None:
            unmapped.append(movement.code)
        key = (place.number, place.name) if place else ("", f"{NOWHERE} ({movement.code})")
        reached = sums.setdefault(key, [0, 0])
        reached[0] += movement.debits
        reached[1] += movement.credits
    lines = [JournalLine(*key, *sums[key]) for key in sorted(sums)]
    return Journal(hotel, day, lines, unmapped)


def archived(session: Session, hotel: Hotel, day: date) -> dict[tuple[str, str], bytes]:
    """Return the journal of a day in every form it is put away in.

    A name that QuickBooks can't spell stops no night: its file is left out, and asked for later.
    """
    made = of_day(session, hotel, day)
    table = made.as_report()
    kept = {(NAME, "csv"): table.as_csv(), (NAME, "json"): table.as_json()}
    with suppress(AccountsNotSpelled):
        kept[NAME, IIF] = made.as_iif()
    return kept


def _plain(text: str) -> str:
    """Keep a field one field, and no formula."""
    one = " ".join(text.replace('"', "'").split())
    return str(harmless(one))
