"""The page of one bill: its windows, the chosen one's payment form, and the stay behind it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pms.back_office.folios import bills
from pms.back_office.folios.bills import Window
from pms.back_office.folios.forms import CITY, WAYS, PayForm, RefundForm
from pms.base.money import Money, total
from pms.hotel.books import ledger, papers, payments
from pms.hotel.books.folios import WINDOWS, Folio, FolioState
from pms.hotel.books.ledger import Entry
from pms.hotel.books.payments import Method
from pms.hotel.books.payments.online import GatewayPayment
from pms.hotel.guests import companies
from pms.hotel.guests.companies import Company
from pms.hotel.rooms.rooms import Room
from pms.hotel.service.checkout import payout_lines, refundable
from pms.hotel.service.checkout.payouts import Payout
from pms.hotel.stays import billing, credit_watch
from pms.hotel.stays.presence import Presence, Stay
from pms.hotel.stays.reservations.promise import Reservation, State
from pms.hotel.stays.who_pays import WhoPays
from pms.hotel.tariff import charges
from pms.hotel.tariff.charges import ChargeCode
from pms.web import history, sentences
from pms.web.auth import here, may_enter
from pms.web.database import session
from pms.web.menu import exists

CHECK_OUT = "check-out"  # what `then` says in the address of a payment


@dataclass(frozen=True, slots=True)
class Behind:
    """The stay a bill is for: who, in which room, and what its nights cost that aren't charged.

    That is with packages, taxes and what recurs, as the audits will post them; what the routing
    sends to another bill is left out.
    """

    reservation: Reservation
    room: str | None
    nights: int
    to_come: Money


def show(
    folio: Folio, *, pay: PayForm | None = None, refund: RefundForm | None = None, status: int = 200
) -> ResponseReturnValue:
    """Render a bill; `pay` or `refund` is a form that was asked for, or came back refused.

    Where neither is, a window that owes is paid, and what one has over is given back.
    """
    hotel = here()
    windows = bills.windows_of(session(), hotel, folio)
    at = next((each for each in windows if each.no == window_asked()), windows[0])
    behind = stay_behind(folio)
    if folio.state is FolioState.OPEN:
        if refund is None and (pay is not None or at.balance.minor >= 0):
            pay = ready_to_pay(pay or PayForm(), at, behind)
        else:
            refund = refund or RefundForm()
            refund.begin_with_last()
            refund.offer_ways_back(paid_online(folio, behind), came_by(folio, at, behind))
            refund.amount.data = refund.amount.data or -at.balance
    page = render_template(
        "folios/folio.html",
        folio=folio,
        windows=windows,
        over_credit=over_credit(folio, behind),
        at=at,
        pay=pay,
        refund=refund,
        behind=behind,
        owed=total([window.balance for window in windows], hotel.currency),
        charged=Money(sum(each.sum_of(money=False) for each in windows), hotel.currency),
        paid=Money(sum(each.sum_of(money=True) for each in windows), hotel.currency),
        is_settled=not any(window.balance for window in windows),
        next_window=next_window(windows),
        taxes=bills.taxes_of(session(), hotel, windows),
        papers=papers.of_folio(session(), folio),
        paid_out=paid_out(line.entry_id for at in windows for line in at.postings if line.is_money),
        history=history.of(folio, hotel),
    )
    return page, status


def paid_out(entry_ids: Iterable[int]) -> dict[int, list[Payout]]:
    """Return the payouts that payments came in, by their entry, for who may open them."""
    if not may_enter("payment_requests.payout"):
        return {}
    return payout_lines.of_entries(session(), here(), set(entry_ids))


def over_credit(folio: Folio, behind: Behind | None, bill: WhoPays | None = None) -> list[str]:
    """Say which companies an open bill would put over their credit limit."""
    if folio.state is not FolioState.OPEN:
        return []
    party = behind.reservation if behind else None
    found = credit_watch.exceeding(session(), folio, party, bill)
    return [sentences.over_credit(each) for each in found]


def paid_online(folio: Folio, behind: Behind | None) -> list[tuple[GatewayPayment, Money]]:
    """Return what was paid online for a bill, or before for its stay, and may be given back so."""
    party = behind.reservation if behind else None
    paid = refundable.accounts_behind(session(), here(), folio=folio, reservation=party)
    return refundable.refundable(session(), here(), account_ids=paid)


def came_by(folio: Folio, at: Window, behind: Behind | None) -> Method | None:
    """Return how the newest money of a window was paid, else of its folio or its stay's deposit."""
    party = behind.reservation if behind else None
    around = refundable.accounts_behind(session(), here(), folio=folio, reservation=party)
    return payments.came_by(session(), here(), [at.account_id]) or payments.came_by(
        session(), here(), around
    )


def window_asked() -> int:
    """Return the window the address asks for, the first unless it says."""
    return request.args.get("window", 1, type=int)


def after_paying(folio: Folio, no: int) -> str:
    """Return where one goes on when a window is paid: back to the check-out that sent one here."""
    if request.args.get("then") == CHECK_OUT and exists("check_out.check_out"):
        behind = stay_behind(folio)
        if behind is not None and behind.reservation.state is State.IN_HOUSE:
            return url_for("check_out.check_out", reservation_id=behind.reservation.id)
    return url_for("folios.folio", folio_id=folio.id, window=no)


def next_window(windows: Sequence[Window]) -> int | None:
    """Return the number of the next window that could be opened, or None when all are."""
    taken = {window.no for window in windows}
    return next((no for no in range(2, WINDOWS + 1) if no not in taken), None)


def ready_to_pay(form: PayForm, at: Window, behind: Behind | None) -> PayForm:
    """Fill a payment form with what stands in the window, and who could be billed."""
    firms = may_be_billed()
    form.company.offer(firms, label=lambda company: company.name, none="No company")
    if firms and at.balance.minor >= 0:
        form.way.choices = [*WAYS, (CITY, "City ledger")]
    payer = at.payee_company_id or (behind.reservation.company_id if behind else None)
    begin = next((each for each in firms if each.id == payer), None)
    if begin is not None:
        form.company.begin_with(begin)
    if not form.is_submitted() and at.balance.minor > 0:
        form.amount.data = at.balance
    form.offer_foreign(at.balance)
    form.stood.data = str(at.balance.minor)  # also of a form that came back: it is seen anew
    form.begin_with_last()
    return form


def may_be_billed() -> list[Company]:
    """Return the companies whose stays may go to the city ledger, by name."""
    return companies.on_account(session(), here())


def charge_codes() -> list[ChargeCode]:
    """Return what can be charged, by name."""
    return charges.active(session(), here())


def folio_of_number(number: int) -> Folio | None:
    """Return the hotel's folio of a number that was typed."""
    return session().scalar(
        sa.select(Folio).where(Folio.hotel_id == here().id, Folio.number == number)
    )


def stay_behind(folio: Folio) -> Behind | None:
    """Return the reservation a bill is for, its room, and what it will still cost."""
    row = (
        session()
        .execute(
            sa.select(Reservation, Room.number)
            .outerjoin(
                Stay,
                sa.and_(
                    Stay.hotel_id == Reservation.hotel_id,
                    Stay.reservation_id == Reservation.id,
                    Stay.state == Presence.IN_HOUSE,
                ),
            )
            .outerjoin(Room, sa.and_(Room.hotel_id == Stay.hotel_id, Room.id == Stay.room_id))
            .where(Reservation.hotel_id == folio.hotel_id, Reservation.folio_id == folio.id)
            .limit(1)
        )
        .first()
    )
    if row is None:
        return None
    reservation, room = row
    coming = billing.to_come(session(), folio)
    nights = {charge.due.night for charge, _ in coming}
    to_come = total(
        (part.taxed.gross for _, part in coming if part.folio_id == folio.id), here().currency
    )
    return Behind(reservation, room, len(nights), to_come)


def entries_of(folio: Folio, entry_ids: list[int]) -> list[Entry]:
    """Return entries that stand on a folio, in the order asked; 404 for any that doesn't."""
    accounts = {window.account_id for window in folio.windows}
    rows = session().scalars(
        sa.select(Entry).where(
            Entry.hotel_id == folio.hotel_id,
            Entry.id.in_(entry_ids),
            sa.exists().where(
                ledger.Line.hotel_id == Entry.hotel_id,
                ledger.Line.entry_id == Entry.id,
                ledger.Line.account_id.in_(accounts),
            ),
        )
    )
    found = {entry.id: entry for entry in rows}
    if not entry_ids or set(entry_ids) - found.keys():
        abort(404)
    return [found[entry_id] for entry_id in dict.fromkeys(entry_ids)]
