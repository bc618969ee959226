"""Checking out: the bill, tonight, what may stay owing, and undoing it."""

from datetime import timedelta
from typing import Any

from pms.base.money import Money
from pms.hotel.books import folios, payments
from pms.hotel.books.payments import Method
from pms.hotel.house.staff import Role
from pms.hotel.rooms.rooms import Condition
from pms.hotel.stays import settlements
from pms.hotel.stays.reservations import State
from tests import make
from tests.front_office.conftest import Clerk, House


def owes(hotel: House, surname: str = "Novák", amount: str = "12.00") -> None:
    """Let a party owe something on its folio."""
    party = hotel.party(surname)

    def drink(session: Any, house: Any) -> None:
        by = make.by(session, house)
        here = session.merge(party, load=False)
        folio = settlements.folio_of(session, here, by=by)
        code = make.charge_code(session, house, "BAR")
        folios.charge(session, folio, code=code, amount=Money.parse(amount, "EUR"), by=by)

    hotel.does(drink)


def test_who_owes_nothing_leaves(clerk: Clerk, hotel: House) -> None:
    page = clerk.send(f"/check-out/{hotel.party('Novák').id}", tonight="free")

    assert "Ana Novák has left 101." in page.text
    assert hotel.state("Novák") is State.DEPARTED
    assert hotel.room("101").condition is Condition.DIRTY


def test_who_owes_is_kept_until_it_is_said_why_not(clerk: Clerk, hotel: House) -> None:
    owes(hotel)
    address = f"/check-out/{hotel.party('Novák').id}"

    refused = clerk.send(address, tonight="free", leave_owing="")
    assert "window 1: €12.00" in refused.text
    assert hotel.state("Novák") is State.IN_HOUSE

    gone = clerk.send(address, tonight="free", leave_owing="disputes the bar")
    assert "with a balance" in gone.text
    assert hotel.state("Novák") is State.DEPARTED


def test_who_paid_too_much_is_given_it_back_before_leaving(
    clerk: Clerk, as_role: Any, hotel: House
) -> None:
    owes(hotel)
    party = hotel.party("Novák")

    def pays(session: Any, house: Any) -> int:
        folio = settlements.folio_of(
            session, session.merge(party, load=False), by=make.by(session, house)
        )
        much = {"amount": Money.parse("20.00", "EUR"), "method": Method.TRANSFER}
        payments.pay(session, folio, **much, key="k", by=make.by(session, house))
        return folio.id

    folio = hotel.does(pays)
    address = f"/check-out/{party.id}"

    page = clerk.get(address).text
    refused = clerk.send(address, tonight="free", leave_owing="").text
    desk = as_role(Role.FRONT_DESK).get(address).text

    assert "Give back €8.00" in page
    assert "Check out, €8.00 not given back" in page
    assert "€8.00 to give back). Give back what is over, or say why it waits." in refused
    assert "manager may give it back" in desk
    back = clerk.press(
        f"/folios/{folio}/refund?window=1&then=check-out",
        amount="8.00",
        way="transfer",
        reason="typed by mistake",
    )
    assert "Everything is settled." in back.text


def test_tonight_is_charged_by_default_to_who_came_today(clerk: Clerk, hotel: House) -> None:
    address = f"/check-out/{hotel.party('Novák').id}"

    page = clerk.get(address).text
    refused = clerk.send(address, tonight="charge")

    assert "It came today, so the room was used" in page
    assert "window 1: €100.00" in refused.text


def test_tonight_can_be_left_uncharged(clerk: Clerk, hotel: House) -> None:
    page = clerk.send(f"/check-out/{hotel.party('Novák').id}", tonight="free")

    assert "has left 101" in page.text
    assert hotel.party("Novák").departure == make.DAY


def test_tonight_is_put_on_the_folio_to_be_paid_before_they_go(clerk: Clerk, hotel: House) -> None:
    party = hotel.party("Novák")

    page = clerk.press(f"/check-out/{party.id}/charge")

    assert "Tonight stands on the folio already." in page.text
    assert "€100.00 open" in page.text
    done = clerk.send(f"/check-out/{party.id}", tonight="charge", leave_owing="a skipper")
    assert "with a balance" in done.text
    assert hotel.party("Novák").departure == make.DAY + timedelta(days=1)


def test_a_check_out_is_undone(clerk: Clerk, hotel: House) -> None:
    party = hotel.party("Novák")
    clerk.send(f"/check-out/{party.id}", tonight="free")

    page = clerk.press(f"/check-out/{party.id}/undo")

    assert "is in room 101 again" in page.text
    assert hotel.state("Novák") is State.IN_HOUSE
    assert hotel.party("Novák").departure == party.departure


def test_who_is_not_in_house_has_no_check_out(clerk: Clerk, hotel: House) -> None:
    party = hotel.party("Yamada")

    assert clerk.get(f"/check-out/{party.id}").headers["Location"].endswith(f"/{party.id}")
