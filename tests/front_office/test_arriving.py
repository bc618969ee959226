"""House rules, queue, hours, upgrades and express check-outs, from the page to the database."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from pms.base import clock
from pms.base.money import Money
from pms.hotel.books import folios, payments
from pms.hotel.books.payments import Method
from pms.hotel.guests.guests import Guest
from pms.hotel.house.outbox import Letter
from pms.hotel.house.staff import NotAllowed, Role
from pms.hotel.rooms import rooms
from pms.hotel.rooms.rooms import Condition
from pms.hotel.service import housekeeping, maintenance
from pms.hotel.stays import (
    express,
    hour_fees,
    house_rules,
    queueing,
    settlements,
    stays,
    upgrades,
)
from pms.hotel.stays.hour_fees import Hour
from pms.hotel.stays.house_rules import Check, Severity
from pms.hotel.stays.reservations import State
from pms.web.database import db
from tests import forms_read, make
from tests.front_office.conftest import Clerk, House

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def blocking(hotel: House, *checks: Check) -> None:
    """Let checks block from now on."""
    for check in checks:
        hotel.does(
            lambda session, house, check=check: house_rules.set_rule(
                session, house, check, Severity.BLOCKS, by=make.by(session, house)
            )
        )


def test_a_manager_sets_the_rules_and_the_desk_goes_by_them(
    clerk: Clerk, hotel: House, as_role
) -> None:
    seen = clerk.hidden("/house-rules")
    asked = {f"check_{check.value}": house_rules.USUAL[check].value for check in Check}
    page = clerk.send("/house-rules", seen, **{**asked, "check_card": "blocks"}, least_age="18")
    assert "The desk goes by these rules" in page.text
    party, desk = hotel.party("Yamada"), as_role(Role.FRONT_DESK)
    assert desk.get("/house-rules").status_code == 403

    page = desk.get(f"/check-in/{party.id}").text
    assert "The registration card isn&#39;t signed." in page
    assert "Have it signed" in page
    page = desk.send(f"/check-in/{party.id}", room=hotel.room("102").id).text
    assert "a manager can pass it with a reason" in page
    assert hotel.state("Yamada") is State.BOOKED
    page = clerk.send(
        f"/check-in/{party.id}", room=hotel.room("102").id, passing="Signs in the room"
    )

    assert "Ana Yamada is in room 102." in page.text
    assert "Signs in the room" in clerk.get(f"/reservations/{party.id}").text


def test_who_waits_is_seen_by_the_desk_and_housekeeping_and_told_when_it_is_ready(
    clerk: Clerk, hotel: House
) -> None:
    hotel.turn("102", Condition.DIRTY)
    party = hotel.party("Yamada")
    assert "Put in the queue" in clerk.get(f"/check-in/{party.id}").text

    page = clerk.send(f"/check-in/{party.id}/queue", waits_at="Garden", promised_by="23:30").text
    assert "Ana Yamada waits in the queue." in page
    assert "Garden" in page
    assert "Dirty" in page
    assert "no room ready" in clerk.get("/").text
    assert "guest waits since" in clerk.get("/housekeeping?show=all").text
    hotel.turn("102", Condition.CLEAN)
    assert "Ready for Ana Yamada" in clerk.get("/").text
    with clerk.app.app_context():
        queued = db.session().query(queueing.QueuedParty).one().id

    def gives_mail(session, house):
        session.get_one(Guest, (house.chain_id, party.guest_id)).email = "ana@example.org"

    hotel.does(gives_mail)
    assert "is told by mail" in clerk.press(f"/check-in/queue/{queued}/tell").text
    assert "Told" in clerk.get("/check-in/queue").text
    with clerk.app.app_context():
        assert "your room is ready" in db.session().query(Letter).one().text
    assert "waits no more" in clerk.press(f"/check-in/queue/{queued}/off").text
    assert "waits again" in clerk.press(f"/check-in/queue/{queued}/back").text
    clerk.send(f"/check-in/{party.id}", room=hotel.room("102").id)
    assert "Nobody waits." in clerk.get("/check-in/queue").text


def test_an_early_hour_is_proposed_and_charged_with_the_check_in(
    clerk: Clerk, hotel: House
) -> None:
    def ask(session, house):
        code, by = make.charge_code(session, house, "HOURS"), make.by(session, house)
        hour_fees.steps.add(
            session, house, Hour.EARLY, at=time(23, 59), percent=50, code=code, by=by
        )
        hour_fees.steps.add(session, house, Hour.LATE, at=time(0), percent=50, code=code, by=by)

    hotel.does(ask)
    party = hotel.party("Yamada")
    with clock.set_to(make.NOON):
        page = clerk.get(f"/check-in/{party.id}").text
        assert "Before 23:59: 50 % of the first night" in page
        due = page.split('name="early_due" value="')[1].split('"')[0]
        page = clerk.send(
            f"/check-in/{party.id}", room=hotel.room("102").id, early="charge", early_due=due
        )
    assert "Ana Yamada is in room 102." in page.text
    folio = hotel.party("Yamada").folio_id
    assert "Hours" in clerk.get(f"/folios/{folio}").text


def test_a_late_hour_that_is_refused_keeps_its_words_and_says_what_is_due_now(
    clerk: Clerk, hotel: House
) -> None:
    def ask(session: Any, house: Any) -> None:
        code, by = make.charge_code(session, house, "HOURS"), make.by(session, house)
        hour_fees.steps.add(session, house, Hour.LATE, at=time(0), percent=50, code=code, by=by)

    hotel.does(ask)
    party = hotel.party("Novák")
    page, action = f"/check-out/{party.id}", f"/check-out/{party.id}/hours"
    with clock.set_to(datetime.combine(party.departure, time(12), UTC)):
        sent = forms_read.on(clerk.get(page).text, action, page)
        older = {**sent, "due": "1.00", "do": "waive"}
        moved = forms_read.send(clerk.client, action, older, waive_reason="He was ill")
        again = forms_read.on(moved.text, action, action)
        waived = forms_read.send(clerk.client, action, again)

    assert moved.status_code == 422
    assert again["waive_reason"] == ["He was ill"]
    assert (again["due"], again["hour"], again["do"]) == (sent["due"], ["late"], ["waive"])
    assert "waived" in waived.text


def test_what_costs_nothing_more_is_no_upgrade_to_sell(
    as_role: Callable[[Role], Clerk], hotel: House
) -> None:
    party = hotel.party("Yamada")

    def level(session: Any, house: Any) -> None:
        kind = make.room_type(session, house, "TWN", rank=party.room_type.rank + 1)
        make.room(session, house, "901", kind=kind)
        make.plan(session, house, kind, price="100.00")

    hotel.does(level)
    assert (
        "No better type is free"
        in as_role(Role.FRONT_DESK).get(f"/check-in/{party.id}/upgrades").text
    )


def test_an_upgrade_is_sold_from_its_page_and_taken_back_from_the_toast(
    clerk: Clerk, hotel: House
) -> None:
    def suite(session, house):
        kind = make.room_type(session, house, "SUI", rank=9)
        make.room(session, house, "901", kind=kind)
        make.plan(session, house, kind, price="400.00")
        return kind.id

    kind = hotel.does(suite)
    party = hotel.party("Yamada")
    page = clerk.get(f"/check-in/{party.id}/upgrades").text
    total = page.split('name="total" value="')[1].split('"')[0]

    page = clerk.send(f"/check-in/{party.id}/upgrades", type=kind, total="1.00", do="take").text
    assert "by now. Ask the guest again." in page
    page = clerk.send(f"/check-in/{party.id}/upgrades", type=kind, total=total, do="take").text

    assert "has a Sui room for" in page
    assert hotel.party("Yamada").type_id == kind
    with clerk.app.app_context():
        made = db.session().query(upgrades.Upgrade).one().id
    assert "has what was booked again" in clerk.press(f"/check-in/upgrades/{made}/back").text
    assert hotel.party("Yamada").type_id == party.type_id


def test_the_express_list_lets_go_who_owes_nothing_and_names_who_owes(
    clerk: Clerk, hotel: House
) -> None:
    def leaving(session, house):
        by, asked = make.by(session, house), []
        for surname, number in (("Paid", "901"), ("Owes", "902")):
            party = make.reservation(session, house, surname=surname, nights=0)
            room = make.room(session, house, number)
            stays.check_in(session, party, room=room, by=by)
            if surname == "Paid":
                _pay(session, house, party, by)
            asked.append(express.ask(session, party, email="a@example.org", by=by).id)
        return asked

    asked = hotel.does(leaving)
    page = clerk.get("/check-out/express").text
    assert "Nothing is owed" in page
    assert "Needs the guest" in page

    page = clerk.press("/check-out/express", party=asked).text

    assert hotel.state("Paid") is State.DEPARTED
    assert hotel.state("Owes") is State.IN_HOUSE
    assert "the bill goes to a@example.org" in page
    assert "no company pays it" in page.replace("&#39;", "'")
    with clerk.app.app_context():
        [letter] = db.session().query(Letter).all()
        assert "Balance: €0.00" in letter.text


def _pay(session, house, party, by) -> None:
    folio = settlements.folio_of(session, party, by=by)
    owed = folios.balance_of(session, folio)[1]
    payments.pay(session, folio, window=1, amount=owed, method=Method.CASH, by=by)


def test_who_pays_at_check_out_is_led_back_to_it(clerk: Clerk, hotel: House) -> None:
    party = hotel.does(
        lambda session, house: (
            stays.check_in(
                session,
                make.reservation(session, house, surname="Payer", nights=0),
                room=make.room(session, house, "901"),
                by=make.by(session, house),
            ).reservation_id
        )
    )
    folio = hotel.party("Payer").folio_id
    page = clerk.get(f"/check-out/{party}").text
    assert "then=check-out" in page
    address = f"/folios/{folio}/pay?window=1&then=check-out"
    owed = hotel.does(lambda session, house: Money(10_000, house.currency))
    answer = clerk.client.post(
        address, data={**clerk.hidden(address), "way": "cash", "amount": str(owed)}
    )

    assert answer.headers["Location"].endswith(f"/check-out/{party}")


def test_a_room_somebody_was_seen_in_isnt_offered_until_that_is_resolved(
    clerk: Clerk, hotel: House
) -> None:
    hotel.does(
        lambda session, house: housekeeping.look(
            session, make.room(session, house, "102"), persons=1, by=make.by(session, house)
        )
    )

    party, theirs = hotel.party("Yamada"), hotel.room("102")
    page = clerk.get(f"/check-in/{party.id}?room={theirs.id}").text

    assert "Housekeeping saw somebody in room 102." in page
    assert "Somebody was seen in it" in page


def test_guests_and_stays_are_found_by_their_first_name(clerk: Clerk, hotel: House) -> None:
    hotel.does(lambda session, house: make.guest(session, house, "Zielinski", "Bożena"))

    assert "Bożena Zielinski" in clerk.get("/search?q=bozena").text
    assert "Yamada" in clerk.get("/search?q=ana").text
    assert "Yamada" in clerk.get("/reservations?q=ana").text


def test_a_room_taken_out_of_order_without_how_it_comes_back_is_refused(
    clerk: Clerk, hotel: House
) -> None:
    order = hotel.does(
        lambda session, house: (
            maintenance.report(
                session,
                house,
                words="Lamp",
                room=make.room(session, house, "104"),
                by=make.by(session, house),
            ).id
        )
    )
    address = f"/maintenance/{order}/out-of-order"

    answer = clerk.client.post(
        address,
        data={
            **clerk.hidden(address), "step": "take", "kind": "out_of_order",
            "first": make.DAY.isoformat(), "until": (make.DAY + timedelta(days=1)).isoformat(),
        },
    )  # fmt: skip

    assert answer.status_code == 422


def test_who_only_turns_rooms_says_of_none_that_it_is_inspected(app, hotel: House) -> None:
    def says(session, house):
        attendant = make.by(session, house, Role.HOUSEKEEPER)
        rooms.turn(session, make.room(session, house, "102"), Condition.INSPECTED, by=attendant)

    hotel.turn("102", Condition.CLEAN)
    with pytest.raises(NotAllowed, match="inspect rooms"):
        hotel.does(says)
