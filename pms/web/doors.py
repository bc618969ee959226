"""The doors: every desk and every page of settings, by section, with what stands on it."""

from dataclasses import dataclass

from flask import request, url_for

from pms.hotel.house.staff import Role


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


Sections = dict[str, tuple[Door, ...]]  # doors under the title of their section

# Pages of settings that belong to no other desk of the menu.
OWN_PAGES = (
    "charge_sets.listed",
    "checkin.lock_system",
    "house_rules.rules",
    "identity_papers.papers",
    "letterhead.letterhead",
    "letterhead.before_arrival",
    "limits.limits",
    "names.names",
    "online_payment.online_payment",
    "taxes.listed",
    "taxes.tax",
    "web_sales.shop",
)

SETTINGS: Sections = {
    "The house": (
        Door("letterhead.letterhead", "Letterhead", "file-text",
             says="Address, language, hours and rules on papers; the letter before the arrival"),
        Door("house_rules.rules", "House rules", "checklist",
             says="What keeps a key back, what early and late hours cost, and upgrades"),
        Door("checkin.lock_system", "Lock system", "key",
             says="Where keys are ordered, and how long a key opens"),
        Door("police.unit", "Police unit", "clipboard-list", says="Who guests are reported to"),
        Door("identity_papers.papers", "Identity papers", "history", says="How long they stay"),
    ),
    "Selling": (
        Door("rates.plans", "Rate plans", "chart-bar",
             says="What follows what, who may book it, and on what terms"),
        Door("rates.policies_page", "Policies", "checks",
             says="Guarantee, deposit, cancellation and no-show"),
        Door("rates.packages_page", "Packages", "tools-kitchen-2",
             says="Breakfast, parking and the like, in a price or on top of it"),
        Door("web_sales.shop", "Page on the web", "device-desktop",
             says="Whether guests book by themselves, what they see, and how it greets them"),
        Door("names.names", "Names in other languages", "message", says="As guests read them"),
    ),
    "Money": (
        Door("papers.invoicing", "Invoicing", "file-text",
             says="Who issues an invoice, how papers are numbered, the country's duty"),
        Door("cashier.rates", "House rates", "arrows-exchange",
             says="Foreign currency, its exchange rates, the float, what is asked of cashiers"),
        Door("taxes.listed", "Taxes", "receipt",
             says="VAT and city tax: rates by the day, limits, long stays, what children bear"),
        Door("charge_sets.listed", "Charge sets", "checklist", says="What is routed together"),
        Door("journal.accounts", "Chart of accounts", "book-2",
             says="Which account the day's journal names for each posting"),
        Door("limits.limits", "Adjustment limits", "scissors",
             says="How much each role may change of a bill, or pay out, by itself in a day"),
        Door("online_payment.online_payment", "Online payment", "credit-card",
             says="Whose money moves when a guest pays by link, and where the keys go"),
    ),
    "Service": (
        Door("requests.kinds", "Requests", "message",
             says="Categories, their department and their clocks"),
        Door("requests.duty_list", "On duty", "users",
             says="Who is asked first, and who when a clock runs out"),
        Door("housekeeping.standards_page", "Minutes a room takes", "sparkles",
             says="By type and state: sheets are shared out by them"),
    ),
    "People": (
        Door("people.positions_page", "Positions", "users",
             says="Jobs by department, with their rates"),
        Door("people.work_rules", "Rules of the roster", "calendar-week",
             says="Rest between shifts, the week's most hours, minors"),
        Door("people.courses", "Training", "book-2",
             says="What must be learned, by whom, and how long it holds"),
        Door("payroll.rules", "Pay rules", "coin",
             says="Overtime and premiums by law and by house, with their dates"),
        Door("clock.pair", "Time clock", "clock",
             says="Pair a tablet on which people punch in and out"),
    ),
}  # fmt: skip

MENU: Sections = {
    "": (
        Door("today.today", "Today", "home", "t"),
        Door("tape_chart.tape_chart", "Tape chart", "calendar-stats", "c"),
        Door("reservations.reservations", "Reservations", "calendar", "r"),
        Door("guests.guests", "Guests", "user"),
        Door("rooms.rooms", "Rooms", "bed"),
        Door("requests.requests", "Requests", "message", "q"),
        Door("folios.folios", "Folios", "receipt", "f"),
    ),
    "Front desk": (
        Door("checkin.queue", "Queue", "clock", behind=("checkin.queue", "checkin.wait")),
        Door("reception.reception", "Reception", "phone", "e"),
        Door("traces.day", "Traces", "checklist"),
        Door("concierge.concierge", "Concierge", "bell", "o"),
        Door("knowledge.knowledge", "Knowledge", "book-2", "k"),
        Door("police.police_register", "Police register", "clipboard-list"),
    ),
    "Sales": (
        Door("rates.calendar_page", "Rates", "chart-bar", "p"),
        Door("groups.all_groups", "Groups", "users"),
        Door("waiting.who_waits", "Waiting list", "hourglass"),
        Door("companies.listed", "Companies", "building"),
        Door("commissions.commission_list", "Commissions", "coin"),
    ),
    "Money": (
        Door("cashier.cashier", "Cashier", "cash"),
        Door("papers.all_papers", "Papers", "file-text"),
        Door("deposits.deposits", "Deposits due", "coin"),
        Door("payment_requests.listed", "Payments asked for", "credit-card"),
        Door("city_ledger.city_ledger", "City ledger", "building"),
        Door("journal.journal", "Journal", "book-2"),
    ),
    "House": (
        Door("my_rooms.my_rooms", "My rooms", "brush", "m"),
        Door("housekeeping.housekeeping", "Housekeeping", "sparkles", "h"),
        Door("maintenance.maintenance", "Maintenance", "tool", "w"),
        Door("meals.meal_list", "Meals", "tools-kitchen-2"),
    ),
    "People": (
        Door("clock.my_shifts", "My shifts", "clock"),
        Door("roster.roster_page", "Roster", "calendar-week"),
        Door("hours.hours_page", "Hours", "checks"),
        Door("people.people", "Employees", "users"),
        Door("payroll.payroll", "Payroll", "coin"),
    ),
    "Close": (
        Door("night_audit.night_audit", "Night audit", "moon-stars", "a"),
        Door("reports.reports", "Reports", "report-money"),
        Door("set_up.set_up", "Set up", "settings", behind=("set_up.set_up", *OWN_PAGES)),
    ),
}  # fmt: skip

# What a section shows where only icons fit.
ICONS = {
    "Front desk": "key",
    "Sales": "chart-bar",
    "Money": "coin",
    "House": "bed",
    "People": "users",
    "Close": "moon-stars",
}

TABS: tuple[Door, ...] = (
    Door("today.today", "Today", "home"),
    Door("rooms.rooms", "Rooms", "bed"),
    Door("booking.new", "Book", "plus"),
    Door("folios.folios", "Folios", "receipt"),
    Door("concierge.concierge", "Concierge", "bell"),
    Door("my_rooms.my_rooms", "My rooms", "brush"),
    Door("housekeeping.housekeeping", "Board", "sparkles"),
    Door("requests.requests", "Requests", "message"),
    Door("maintenance.maintenance", "Repairs", "tool"),
)
HOMES = {
    Role.CONCIERGE: "concierge.concierge",
    Role.ENGINEER: "maintenance.maintenance",
    Role.HOUSEKEEPER: "my_rooms.my_rooms",
}
