"""The night audit desk: decisions, dry run, closing in the background, the archive."""

import threading
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from lxml import html
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import transaction
from pms.hotel.books import payments
from pms.hotel.books.folios import Folio
from pms.hotel.books.ledger import Entry
from pms.hotel.close import archive, night_audit
from pms.hotel.close.night_audit import Audit, AuditState, AuditStep, Choice, StepState
from pms.hotel.close.night_audit.alone import alone
from pms.hotel.house import logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Role
from pms.hotel.stays import stays
from pms.hotel.stays.reservations import Reservation
from pms.hotel.stays.reservations.sharing import LOST_ITS_ROOM
from pms.web.database import db
from tests import make
from tests.back_office.conftest import Send, hire, post, queries, sign_in

SQLITE_ONLY = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
BY_RULE = {"arrivals": "no_show", "due_outs": "extend", "at_any_hour": "y", "seen": "y"}


def wait_for_the_night() -> None:
    for thread in threading.enumerate():
        if thread.name == "night audit":
            thread.join(60)


def waiting(session: Session, house: int) -> list[Reservation]:
    return list(
        session.scalars(
            sa.select(Reservation)
            .where(Reservation.hotel_id == house, Reservation.state == "booked")
            .order_by(Reservation.number)
        )
    )


def test_the_page_says_what_stops_the_day_and_links_to_the_cure(desk: Any) -> None:
    page = desk.get("/night-audit").text

    assert "The day cannot close yet." in page
    assert 'href="#arrivals-open"' in page
    assert 'aria-disabled="true"' in page


def test_a_decision_is_noted_and_a_check_in_without_a_room_is_refused(
    send: Send, reading: Session, house: int
) -> None:
    with_room, without = waiting(reading, house)

    noted = send(f"/night-audit/decide/{with_room.id}", choice="check_in")
    assert noted.location.endswith(f"#decide-{without.id}")  # the next one, not the top
    send(f"/night-audit/decide/{without.id}", choice="check_in")

    reading.rollback()
    hotel = reading.get_one(Hotel, house)
    said = night_audit.chosen(reading, hotel, hotel.business_date)
    assert said == {with_room.id: Choice.CHECK_IN}
    decided = [
        night_audit.chosen_of(reading, each, hotel.business_date) for each in (with_room, without)
    ]
    assert decided == [Choice.CHECK_IN, None]


def test_many_are_decided_at_once_and_a_refusal_stands_beside_its_row(
    desk: Any, send: Send, reading: Session, house: int
) -> None:
    with_room, without = waiting(reading, house)
    hotel = reading.get_one(Hotel, house)
    day = hotel.business_date

    nobody = send("/night-audit/decide", choice="no_show")
    undecided = send("/night-audit/decide", party=[with_room.id])
    some = send("/night-audit/decide", choice="check_in", party=[with_room.id, without.id])

    reading.rollback()
    assert [each.status_code for each in (nobody, undecided, some)] == [422, 422, 422]
    assert "Nobody is chosen" in nobody.text
    assert night_audit.chosen(reading, hotel, day) == {with_room.id: Choice.CHECK_IN}
    beside = some.text.split(f'id="refuses-{without.id}"')[1].split("</p>")[0]
    assert "assign a room" in beside
    assert f'id="refuses-{with_room.id}"' not in some.text

    all_ = send(
        "/night-audit/decide?due_outs=extend", choice="no_show", party=[with_room.id, without.id]
    )

    reading.rollback()
    assert (all_.status_code, "due_outs=extend" in all_.location) == (302, True)
    assert set(night_audit.chosen(reading, hotel, day).values()) == {Choice.NO_SHOW}
    assert "No-show: 2 parties." in desk.get("/night-audit").text


def ticked(page: str) -> set[str]:
    """Return whose boxes are ticked."""
    boxes = html.fromstring(page).xpath("//input[@name='party'][@checked]/@value")
    return {each.partition("/")[0] for each in boxes}


def chosen_for_many(page: str) -> list[str]:
    """Return what stands chosen in the select of the arrivals' bar."""
    options = "//form[@id='many-arrivals']//option[@selected]/@value"
    return list(html.fromstring(page).xpath(options))


def test_what_was_ticked_and_chosen_stands_where_a_post_is_refused(
    send: Send, reading: Session, house: int
) -> None:
    with_room, without = (each.id for each in waiting(reading, house))

    choiceless = send("/night-audit/decide", choice="", party=[with_room, without]).text
    nobody = send("/night-audit/decide", choice="no_show").text
    some = send("/night-audit/decide", choice="check_in", party=[with_room, without]).text

    assert (ticked(choiceless), chosen_for_many(choiceless)) == ({f"{with_room}", f"{without}"}, [])
    assert (ticked(nobody), chosen_for_many(nobody)) == (set(), ["no_show"])
    assert (ticked(some), chosen_for_many(some)) == ({f"{without}"}, ["check_in"])


def test_a_refused_party_s_controls_say_what_refuses_them(
    send: Send, reading: Session, house: int
) -> None:
    _, without = (each.id for each in waiting(reading, house))

    page = html.fromstring(send("/night-audit/decide", choice="check_in", party=[without]).text)

    told = page.xpath(f"//*[@aria-describedby='refuses-{without}'][@aria-invalid='true']")
    assert [each.get("name") for each in told] == ["party", "choice"]
    assert len(page.xpath("//*[@aria-describedby and @aria-invalid]")) == 2


def test_the_pager_of_a_refused_page_leads_through_the_nights(
    desk: Any, send: Send, reading: Session, house: int
) -> None:
    with transaction(reading):
        for back in range(1, 33):
            day, at = make.DAY - timedelta(days=back), clock.now()
            night = {"state": AuditState.DONE, "started_at": at, "finished_at": at, "staff_id": 1}
            reading.add(Audit(hotel_id=house, day=day, **night))

    refused = html.fromstring(send("/night-audit/decide?due_outs=extend").text)

    [further] = refused.xpath("//a[@rel='next']/@href")
    assert further == "/night-audit?due_outs=extend&page=2"
    assert "32 to 32" in desk.get(further).text


@pytest.mark.parametrize("number", ["9" * 19, "9" * 5_000, "0", "²", "x", ""])
def test_what_is_no_party_of_ours_is_not_found(send: Send, number: str) -> None:
    assert send("/night-audit/decide", choice="no_show", party=number).status_code == 404


def test_the_confirmation_counts_whom_the_audit_will_really_settle(
    send: Send, reading: Session, house: int
) -> None:
    with transaction(reading):
        firm, option = waiting(reading, house)
        option.option_date = option.arrival
    asks = {name: value for name, value in BY_RULE.items() if name != "seen"}

    page = send("/night-audit/start", **asks).text

    assert "Option ends: cancelled" in page
    assert "No-show: 1</b>" in page
    assert "Option ran out, cancelled: 1" in page

    send(f"/night-audit/decide/{firm.id}", choice="keep")
    page = send("/night-audit/start", **asks).text
    assert "Keep for tomorrow: 1" in page
    assert "No-show: " not in page


def test_who_lost_the_room_to_us_is_said_to_be_nobodys_by_rule(
    desk: Any, reading: Session, house: int
) -> None:
    with transaction(reading):
        hotel = reading.get_one(Hotel, house)
        _, without = waiting(reading, house)
        logbook.record(
            reading, LOST_ITS_ROOM, without, by=make.by(reading, hotel), day=hotel.business_date
        )

    page = desk.get("/night-audit?arrivals=no_show").text

    assert page.count("No-show, by rule") == 1
    assert "Lost the room to us: decide" in page


def test_a_dry_run_shows_the_charges_and_writes_nothing(
    send: Send, reading: Session, house: int
) -> None:
    before = reading.scalar(sa.select(sa.func.count()).select_from(Entry))

    page = send("/night-audit/dry-run", **BY_RULE)

    reading.rollback()
    assert page.status_code == 200
    assert "€100.00" in page.text
    assert reading.scalar(sa.select(sa.func.count()).select_from(Entry)) == before


def test_a_day_that_is_stopped_does_not_begin_to_close(
    send: Send, reading: Session, house: int
) -> None:
    page = send("/night-audit/start", at_any_hour="y", seen="y")

    assert page.status_code == 409
    assert reading.scalar(sa.select(sa.func.count()).select_from(Audit)) == 0


def test_closing_says_first_what_it_will_do(send: Send, reading: Session, house: int) -> None:
    asks = {name: value for name, value in BY_RULE.items() if name != "seen"}

    page = send("/night-audit/start", **asks).text

    assert "for good" in page
    assert "No-show: 2" in page
    assert "Extend one night: 1" in page or "charge" in page
    assert 'name="seen" value="y"' in page
    assert reading.scalar(sa.select(sa.func.count()).select_from(Audit)) == 0


def test_the_day_closes_in_the_background_and_nobody_is_signed_out(
    desk: Any, send: Send, reading: Session, house: int
) -> None:
    day = reading.get_one(Hotel, house).business_date

    answer = send("/night-audit/start", **BY_RULE)
    wait_for_the_night()
    progress = desk.get(answer.location)

    reading.rollback()
    audit = reading.get_one(Audit, (house, day))
    assert audit.state is AuditState.DONE
    assert "Sealed" in progress.text
    assert "hx-get" not in progress.text
    assert desk.get("/night-audit").status_code == 200


def test_an_archived_paper_is_reprinted_byte_for_byte(
    desk: Any, send: Send, reading: Session, house: int
) -> None:
    day = reading.get_one(Hotel, house).business_date
    send("/night-audit/start", **BY_RULE)
    wait_for_the_night()

    papers = [desk.get(f"/night-audit/{day}/flash.csv").data for _ in range(2)]

    reading.rollback()
    hotel = reading.get_one(Hotel, house)
    assert papers == [archive.reprint(reading, hotel, day, "flash", "csv")] * 2
    assert desk.get(f"/night-audit/{day}").status_code == 200
    assert desk.get(f"/night-audit/{day}/secrets.csv").status_code == 404


def test_a_second_start_says_that_it_runs_already(send: Send, reading: Session, house: int) -> None:
    hotel = reading.get_one(Hotel, house)

    with alone(reading, hotel):
        page = send("/night-audit/start", **BY_RULE)

    assert page.status_code == 409
    assert "running already" in page.text


def test_a_stopped_audit_says_at_which_step_and_runs_again(
    desk: Any, send: Send, reading: Session, house: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = reading.get_one(Hotel, house).business_date
    with monkeypatch.context() as broken:
        broken.setattr(archive, "keep", lambda *_: 1 / 0)
        send("/night-audit/start", **BY_RULE)
        wait_for_the_night()

    stopped = desk.get(f"/night-audit/{day}/run").text
    send("/night-audit/start", at_any_hour="y", seen="y")
    wait_for_the_night()

    reading.rollback()
    assert "It stopped at step 10, archive." in stopped
    assert "Run it again" in stopped
    assert reading.get_one(Audit, (house, day)).state is AuditState.DONE
    assert {step.state for step in reading.scalars(sa.select(AuditStep))} == {StepState.DONE}


def test_a_terminals_batch_is_tied_out_once_and_counted_again_for_a_reason(
    desk: Any, send: Send, reading: Session, house: int, bill: int
) -> None:
    with transaction(reading):
        hotel = reading.get_one(Hotel, house)
        folio, by = reading.get_one(Folio, (house, bill)), make.by(reading, hotel)
        amount = -make.Money(-4000, "EUR")
        payments.pay(
            reading, folio, amount=amount, method=payments.Method.CARD, card=make.slip(), by=by
        )

    batch = f"{make.DAY.isoformat()}/T1/7"
    first = send("/night-audit/tie-out", terminal_batch=batch, counted="39.00")
    page = desk.get("/night-audit").text
    again = send("/night-audit/tie-out", terminal_batch=batch, counted="40.00")
    unsaid = send("/night-audit/recount", terminal_batch=batch, counted="40.00")
    recounted = send(
        "/night-audit/recount", terminal_batch=batch, counted="40.00", reason="Misread"
    )
    after = desk.get("/night-audit").text

    assert [each.status_code for each in (first, again, unsaid, recounted)] == [302, 422, 422, 302]
    assert "is counted: off by −€1.00 from the books." in page
    assert "Off by" in page
    assert "is counted again: as the books have it." in after
    assert "€39.00, then €40.00: “Misread”" in after
    assert "Tied out" in after


@SQLITE_ONLY
def test_a_party_of_another_hotel_is_not_there(app: Flask, client: Any, house: int) -> None:
    with app.app_context(), transaction(db.session()) as session:
        [party, _] = [each.id for each in waiting(session, house)]
        hire(session, make.hotel(session, "OTHER"), Role.MANAGER)
    sign_in(client, code="other")

    assert post(client, f"/night-audit/decide/{party}", choice="no_show").status_code == 404
    assert post(client, "/night-audit/decide", choice="no_show", party=party).status_code == 404


@SQLITE_ONLY
def test_who_does_not_audit_starts_nothing(client: Any, house: int) -> None:
    sign_in(client, Role.FRONT_DESK)

    assert "Close the day" not in client.get("/night-audit").text
    for deed in ("start", "dry-run", "decide/1", "decide"):
        assert post(client, f"/night-audit/{deed}").status_code == 403


@SQLITE_ONLY
def test_more_parties_ask_no_more_queries(app: Flask, desk: Any, house: int) -> None:
    def parties_wait(numbers: range) -> None:
        """Let as many be missing, and as many still be in who should have left today."""
        with app.app_context(), transaction(db.session()) as session:
            hotel = session.get_one(Hotel, house)
            for n in numbers:
                make.room(session, hotel, f"3{n:02d}")
                make.reservation(session, hotel, surname="Palme", nights=1)
                room = make.room(session, hotel, f"4{n:02d}")
                staying = make.reservation(session, hotel, surname="Quist", nights=2)
                stays.check_in(session, staying, room=room, by=make.by(session, hotel))
                staying.departure = hotel.business_date

    parties_wait(range(1))
    few = queries(app, desk, "/night-audit")

    parties_wait(range(1, 7))

    assert queries(app, desk, "/night-audit") <= few <= 40
    page = desk.get("/night-audit").text
    assert min(page.count("Palme"), page.count("Quist")) >= 7
