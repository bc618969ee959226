"""The menu: desks by section; what a person may not enter, and what isn't built, isn't shown."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import current_app, request, url_for

from pms.web.auth import may_enter


@dataclass(frozen=True, slots=True)
class Door:
    """A line of the menu; `key` follows `G` on the keyboard, `says` stands beside it in Set up.

    Behind it is its desk, or just the views in `behind`.
    """

    endpoint: str
    label: str
    icon: str
    key: str | None = None
    says: str = ""
    behind: tuple[str, ...] = ()

    @property
    def is_here(self) -> bool:
        """Whether this page stands behind this door."""
        if self.behind:
            return request.endpoint in self.behind
        if request.blueprint == self.endpoint.split(".", maxsplit=1)[0]:
            return True
        address = url_for(self.endpoint)
        return address != "/" and request.path.startswith(f"{address}/")


SETTINGS: tuple[tuple[str, tuple[Door, ...]], ...] = (
    (
        "The house",
        (
            Door(
                "papers.invoicing",
                "Invoicing",
                "receipt",
                says="Who the hotel is on invoices, how they are numbered, its country's duty",
            ),
            Door(
                "journal.accounts",
                "Chart of accounts",
                "book-2",
                says="Where the ledger's accounts belong in the accountant's journal",
            ),
            Door(
                "letterhead.letterhead",
                "Letterhead",
                "file-text",
                says="Address, language, hours and rules, as papers show them",
            ),
            Door(
                "checkin.lock_system",
                "Lock system",
                "key",
                says="Where keys are ordered, and how long a key opens",
            ),
        ),
    ),
)

MENU: tuple[tuple[str, tuple[Door, ...]], ...] = (
    (
        "",
        (
            Door("today.today", "Today", "home", "t"),
            Door("tape_chart.tape_chart", "Tape chart", "calendar-stats", "c"),
            Door("reservations.reservations", "Reservations", "calendar", "r"),
            Door("groups.all_groups", "Groups", "users", None),
            Door("waiting.who_waits", "Waiting list", "hourglass", None),
            Door("guests.guests", "Guests", "user", None),
            Door("rates.calendar_page", "Rates", "chart-bar", "p"),
            Door("police.police_register", "Police register", "clipboard-list", None),
        ),
    ),
    (
        "Money",
        (
            Door("folios.folios", "Folios", "receipt", "f"),
            Door("papers.all_papers", "Papers", "file-text"),
            Door("deposits.deposits", "Deposits due", "coin"),
            Door("cashier.cashier", "Cashier", "cash"),
            Door("city_ledger.city_ledger", "City ledger", "building"),
            Door("journal.journal", "Journal", "book-2"),
            Door("commissions.commission_list", "Commissions", "coin"),
        ),
    ),
    (
        "House",
        (
            Door("rooms.rooms", "Rooms", "bed"),
            Door("my_rooms.my_rooms", "My rooms", "brush", "m"),
            Door("housekeeping.housekeeping", "Housekeeping", "sparkles", "h"),
            Door("maintenance.maintenance", "Maintenance", "tool", "w"),
            Door("requests.requests", "Requests", "message", "q"),
            Door("concierge.concierge", "Concierge", "bell", "o"),
            Door("knowledge.knowledge", "Knowledge", "book-2", "k"),
            Door("traces.day", "Traces", "checklist", None),
        ),
    ),
    (
        "People",
        (
            Door("roster.roster", "Roster", "calendar-week"),
            Door("payroll.payroll", "Payroll", "coin"),
        ),
    ),
    (
        "Close",
        (
            Door("night_audit.night_audit", "Night audit", "moon-stars", "a"),
            Door("reports.reports", "Reports", "report-money"),
            Door(
                "set_up.set_up",
                "Set up",
                "settings",
                behind=(
                    "set_up.set_up",
                    *(door.endpoint for _, doors in SETTINGS for door in doors),
                ),
            ),
        ),
    ),
)

TABS: tuple[Door, ...] = (
    Door("today.today", "Today", "home"),
    Door("rooms.rooms", "Rooms", "bed"),
    Door("booking.new", "Book", "plus"),
    Door("folios.folios", "Folios", "receipt"),
    Door("my_rooms.my_rooms", "My rooms", "brush"),
    Door("housekeeping.housekeeping", "Board", "sparkles"),
    Door("requests.requests", "Requests", "message"),
    Door("maintenance.maintenance", "Repairs", "tool"),
)
TABS_AT_MOST = 4


def sections() -> Iterator[tuple[str, list[Door]]]:
    """Yield the sections that have a door for the person on duty."""
    return _with_open_doors(MENU)


def settings() -> Iterator[tuple[str, list[Door]]]:
    """Yield what the person on duty may set, by section."""
    return _with_open_doors(SETTINGS)


def tabs() -> list[Door]:
    """Return the few doors at the foot of a phone."""
    return _open(TABS)[:TABS_AT_MOST]


def home() -> str:
    """Return where a person begins: Today, or the first desk they may enter."""
    doors = [door for _, section in sections() for door in section]
    return url_for(doors[0].endpoint) if doors else url_for("sign_in.sign_ins")


def exists(endpoint: str) -> bool:
    """Tell whether a view is built and the person on duty may enter it."""
    return endpoint in current_app.view_functions and may_enter(endpoint)


def _with_open_doors(
    sections: tuple[tuple[str, tuple[Door, ...]], ...],
) -> Iterator[tuple[str, list[Door]]]:
    for title, doors in sections:
        open_doors = _open(doors)
        if open_doors:
            yield title, open_doors


def _open(doors: tuple[Door, ...]) -> list[Door]:
    return [door for door in doors if exists(door.endpoint)]
