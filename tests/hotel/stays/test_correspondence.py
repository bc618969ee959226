"""Letters of a booking: mailed, printed, resent; never twice by accident."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pms.base.db import transaction
from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.house import jobs, letterheads, logbook, outbox
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.letterheads import Head
from pms.hotel.house.outbox import Parcel
from pms.hotel.house.staff import NotAllowed, Role
from pms.hotel.rooms import rates
from pms.hotel.stays import correspondence, promised, reservations, stays
from pms.hotel.stays.correspondence import LetterWords, Standing, Tells
from pms.hotel.stays.reservations import Purpose, Reservation
from tests import make
from tests.asking import asked
from tests.engines import ONE_ENGINE


def paper(text: str = "Dear Ana", tells: Tells = Tells.CONFIRMATION) -> LetterWords:
    return LetterWords(tells, "en", "Your booking", text, f"<p>{text}</p>")


def booked(session: Session, email: str | None = "ana@mail.example") -> tuple[Hotel, Reservation]:
    house = make.furnished(session)
    reservation = make.reservation(session, house)
    reservation.guest.email = email
    session.flush()
    return house, reservation


def test_a_letter_is_queued_and_then_sent(session: Session) -> None:
    with transaction(session):
        house, reservation = booked(session)
        correspondence.mail(session, reservation, paper(), after=0, by=make.by(session, house))
    [queued] = correspondence.of(session, reservation)
    carried: list[Parcel] = []
    session.rollback()

    jobs.run_due(lambda: Session(session.get_bind()), outbox.handlers(carried.append), at_most=5)

    [sent] = correspondence.of(session, reservation)
    assert queued.standing is Standing.QUEUED
    assert sent.standing is Standing.SENT
    assert sent.to == "ana@mail.example"
    assert [each.to for each in carried] == ["ana@mail.example"]
    assert logbook.history(session, reservation)[0].verb == "mailed letter"


def test_the_same_words_do_not_go_to_the_same_address_twice(session: Session) -> None:
    house, reservation = booked(session)
    by = make.by(session, house)
    correspondence.mail(session, reservation, paper(), by=by)

    with pytest.raises(correspondence.WrittenAlready, match=r"went to ana@mail\.example already"):
        correspondence.mail(session, reservation, paper(), by=by)

    correspondence.mail(session, reservation, paper(), to="office@mail.example", by=by)
    correspondence.mail(session, reservation, paper("Other words"), by=by)
    assert [each.letter.no for each in correspondence.of(session, reservation)] == [3, 2, 1]


@ONE_ENGINE
def test_a_letter_is_resent_on_purpose_and_once_a_page(session: Session) -> None:
    house, reservation = booked(session)
    by = make.by(session, house)
    first = correspondence.mail(session, reservation, paper(), by=by)

    again = correspondence.resend(session, first, after=1, by=by)
    with pytest.raises(correspondence.WrittenMeanwhile):
        correspondence.resend(session, first, after=1, by=by)

    newest = correspondence.of(session, reservation)[0]
    assert (again.no, again.repeats, newest.subject) == (2, 1, "Your booking")


def test_a_letter_that_failed_says_why_and_may_be_written_again(session: Session) -> None:
    with transaction(session):
        house, reservation = booked(session)
        by = make.by(session, house)
        correspondence.mail(session, reservation, paper(), by=by)
    with transaction(session):
        job = session.scalars(sa.select(jobs.Job).where(jobs.Job.name == outbox.JOB)).one()
        job.state, job.error = jobs.JobState.FAILED, "Mailbox unknown"

    [failed] = correspondence.of(session, reservation)
    correspondence.mail(session, reservation, paper(), by=by)

    assert (failed.standing, failed.why) == (Standing.FAILED, "Mailbox unknown")


@ONE_ENGINE
def test_without_an_address_nothing_is_mailed_and_it_says_what_to_do(session: Session) -> None:
    house, reservation = booked(session, email=None)
    by = make.by(session, house)

    with pytest.raises(correspondence.NoAddress, match="Write one in, or print") as no:
        correspondence.mail(session, reservation, paper(), by=by)
    with pytest.raises(Invalid, match="no e-mail address"):
        correspondence.mail(session, reservation, paper(), to="ana at mail", by=by)

    assert no.value.field == "to"
    assert correspondence.of(session, reservation) == []


@ONE_ENGINE
def test_what_is_told_fits_how_the_booking_stands(session: Session) -> None:
    house, reservation = booked(session)
    by = make.by(session, house)

    with pytest.raises(correspondence.NothingToTell):
        correspondence.mail(session, reservation, paper(tells=Tells.CANCELLATION), by=by)
    reservations.cancel(session, reservation, reason="ill", by=by)
    with pytest.raises(correspondence.NothingToTell, match="is cancelled: no confirmation"):
        correspondence.mail(session, reservation, paper(), by=by)
    correspondence.mail(session, reservation, paper(tells=Tells.CANCELLATION), by=by)


def test_a_paper_printed_twice_is_one_paper(session: Session) -> None:
    house, reservation = booked(session, email=None)
    by = make.by(session, house)

    first = correspondence.print_(session, reservation, paper(), by=by)
    same = correspondence.print_(session, reservation, paper(), by=by)
    with pytest.raises(correspondence.NotMail):
        correspondence.resend(session, first, by=by)

    assert same.id == first.id
    assert correspondence.of(session, reservation)[0].standing is Standing.PRINTED


@ONE_ENGINE
def test_a_housekeeper_writes_to_nobody(session: Session) -> None:
    house, reservation = booked(session)
    by = make.by(session, house, Role.HOUSEKEEPER)

    with pytest.raises(NotAllowed):
        correspondence.mail(session, reservation, paper(), by=by)


def test_the_database_itself_keeps_letters_whole(session: Session) -> None:
    house, reservation = booked(session)
    correspondence.mail(session, reservation, paper(), by=make.by(session, house))

    for broken in (
        "letter_id = NULL", "html = 'kept'", "no = 0", "repeats = 1", "tells = 'gossip'",
    ):  # fmt: skip
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(sa.text(f"UPDATE reservation_letters SET {broken}"))


def test_what_was_promised_has_its_taxes_as_the_audit_takes_them(session: Session) -> None:
    house = make.furnished(session)
    by = make.by(session, house)
    plan = rates.add_plan(
        session, house, code="TAXED", name="Taxed", market="transient",
        charge_code=make.taxed_code(session, house), by=by,
    )  # fmt: skip
    kind = make.room_type(session, house)
    make.plan(session, house, kind)
    days = [house.business_date + timedelta(days=n) for n in range(3)]
    rates.set_prices(session, plan, kind, dict.fromkeys(days, Money(10_000, "EUR")), by=by)
    reservation = reservations.book(
        session, house, guest=make.guest(session, house), room_type=kind, plan=plan,
        arrival=days[0], departure=days[2], adults=2, by=by,
    )  # fmt: skip

    [room] = promised.promised(session, house, promised.rooms_of(session, reservation))

    # 100.00 with 7 % inside, and 2.00 a head and night on top: two nights, two adults
    assert [night.gross.minor for night in room.nights] == [10_400, 10_400]
    assert room.total == Money(20_800, "EUR")
    assert {(tax.name, tax.amount.minor, tax.inside) for tax in room.taxes} == {
        ("VAT 7 %", 1308, True),
        ("City tax", 800, False),
    }


@ONE_ENGINE
def test_a_given_room_costs_nothing_and_several_rooms_are_one_promise(session: Session) -> None:
    house, reservation = booked(session)
    by = make.by(session, house)
    given = reservations.book(
        session, house, guest=reservation.guest, room_type=reservation.room_type,
        plan=reservation.plan, arrival=reservation.arrival, departure=reservation.departure,
        adults=1, purpose=Purpose.COMPLIMENTARY, with_booking=reservation, by=by,
    )  # fmt: skip

    rooms = promised.promised(session, house, promised.rooms_of(session, reservation))

    assert [each.reservation.id for each in rooms] == [reservation.id, given.id]
    assert [each.total.minor for each in rooms] == [20_000, 0]


@ONE_ENGINE
def test_a_party_in_house_may_be_confirmed_its_change(session: Session) -> None:
    house, reservation = booked(session)
    by = make.by(session, house)
    stays.check_in(session, reservation, room=make.room(session, house), by=by)

    kept = correspondence.mail(session, reservation, paper(tells=Tells.CHANGE), by=by)

    assert kept.no == 1


@ONE_ENGINE
def test_a_letterhead_is_written_by_who_sets_the_house_up(session: Session) -> None:
    house = make.hotel(session)
    head = Head(address="Lindenallee 1\n10115 Berlin", language="de", rules="No smoking.")

    assert letterheads.of(session, house) == Head()
    letterheads.write(session, house, head, by=make.by(session, house))
    with pytest.raises(NotAllowed):
        letterheads.write(session, house, Head(), by=make.by(session, house, Role.FRONT_DESK))
    with pytest.raises(Invalid):
        letterheads.write(session, house, Head(language="tlh"), by=make.by(session, house))

    assert letterheads.of(session, house) == head


@ONE_ENGINE
def test_a_language_is_understood_by_how_it_begins(session: Session) -> None:
    said = [letterheads.spoken(each, otherwise="fr") for each in ("de-AT", "ES", "ja", None, "")]

    assert said == ["de", "es", "fr", "fr", "fr"]


def test_the_database_itself_counts_letters_once_and_knows_its_languages(session: Session) -> None:
    house, reservation = booked(session)
    by = make.by(session, house)
    correspondence.mail(session, reservation, paper(), by=by)
    correspondence.mail(session, reservation, paper("Other words"), by=by)
    letterheads.write(session, house, Head(), by=by)

    for broken in (
        "UPDATE reservation_letters SET no = 1",
        "UPDATE letterheads SET language = 'xx'",
    ):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(sa.text(broken))


def test_a_bookings_letters_are_one_question_however_many(session: Session) -> None:
    house, reservation = booked(session)
    by = make.by(session, house)
    for n in range(5):
        correspondence.mail(session, reservation, paper(f"Letter {n}"), by=by)

    assert asked(session, lambda: correspondence.of(session, reservation)) == 1
    assert len(correspondence.of(session, reservation)) == 5
