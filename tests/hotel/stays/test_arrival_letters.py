"""Letters before an arrival: to whom, when, once, and only where the house wants them."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from pms import worker
from pms.base.db import transaction
from pms.base.refusal import Invalid
from pms.hotel.house.jobs import Claim
from pms.hotel.house.letterheads import LANGUAGES
from pms.hotel.house.outbox import Letter
from pms.hotel.stays import arrival_letters, correspondence
from pms.hotel.stays.correspondence import ReservationLetter, Tells, ToldBeforeArrival
from pms.web import letters
from pms.web.database import db
from tests import make

DAY = make.DAY
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def coming(session, house, surname, *, days=2, mail="guest@mail.example", language="en", **details):
    """A party that booked yesterday and comes in so many days."""
    party = make.reservation(
        session, house, arrival=DAY + timedelta(days=days), surname=surname, **details
    )
    party.guest.email, party.guest.language = mail, language
    party.booked_on = DAY - timedelta(days=1)
    session.flush()
    return party


def test_a_house_writes_once_before_an_arrival_and_the_database_keeps_it_so(session):
    house = make.furnished(session)
    by = make.by(session, house)
    party = coming(session, house, "Novák", language="de")
    assert letters.tell_before_arrival(session, house, by=by, limit=9) == 0
    arrival_letters.set_days(session, house, 3, by=by)

    told = [letters.tell_before_arrival(session, house, by=by, limit=9) for _ in range(2)]

    assert told == [1, 0]
    [kept] = correspondence.of(session, party)
    assert (kept.letter.tells, kept.letter.language) == (Tells.BEFORE_ARRIVAL, "de")
    assert "Ihre Anreise" in (kept.subject or "")
    paper = letters.written(session, house, party, tells=Tells.BEFORE_ARRIVAL)
    with pytest.raises(ToldBeforeArrival):
        correspondence.mail(session, party, paper, to="other@mail.example", by=by)
    with pytest.raises(DBAPIError), session.begin_nested():  # past the verbs
        columns = sa.inspect(ReservationLetter).column_attrs
        row = {each.key: getattr(kept.letter, each.key) for each in columns}
        other = letters.tell(session, house, party, tells=Tells.CONFIRMATION, by=by)
        changed = {"id": other.id + 1, "no": other.no + 1, "letter_id": other.letter_id}
        session.execute(sa.insert(ReservationLetter).values({**row, **changed}))
    again = correspondence.resend(session, kept.letter, by=by)
    assert again.repeats == 1


@SQLITE
def test_it_is_written_to_who_comes_soon_can_be_written_to_and_was_promised_a_room(session):
    house = make.furnished(session, rooms=9)
    by = make.by(session, house)
    due = coming(session, house, "Due")
    coming(session, house, "Second", with_booking=due, guest=due.guest)
    coming(session, house, "Later", days=4)
    coming(session, house, "Today", days=0)
    coming(session, house, "Mute", mail=None)
    coming(session, house, "Odd", mail="no address")
    coming(session, house, "Option").option_date = DAY
    coming(session, house, "New").booked_on = DAY
    session.flush()
    arrival_letters.set_days(session, house, 3, by=by)

    found = arrival_letters.due(session, house, limit=9)

    assert [each.guest.surname for each in found] == ["Due"]
    for days in (0, 31):
        with pytest.raises(Invalid):
            arrival_letters.set_days(session, house, days, by=by)
    arrival_letters.set_days(session, house, None, by=by)
    assert arrival_letters.due(session, house, limit=9) == []


@SQLITE
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_reads_in_every_language(session, language):
    house = make.furnished(session)
    party = coming(session, house, "Novák", language=language)

    paper = letters.written(session, house, party, tells=Tells.BEFORE_ARRIVAL)

    for words in (paper.text, paper.html):
        assert str(party.booking_number) in words
        assert "{" not in words.replace("{ margin", "").split("</style>")[-1]
    assert session.scalars(sa.select(Letter)).all() == []


@SQLITE
def test_the_worker_writes_them_where_it_knows_the_stays_address(app, tmp_path):
    with app.app_context():
        engine = db.engine
    with Session(engine, expire_on_commit=False) as session:
        with transaction(session):
            house = make.furnished(session)
            coming(session, house, "Novák")
            arrival_letters.set_days(session, house, 3, by=make.by(session, house))
        claim = Claim(house.id, 1, worker.BEFORE_ARRIVAL, {}, 1)
        told = []
        for root in ("", "http://house.example"):
            worker.handlers(tmp_path, {}, app=app, root=root)[claim.name](session, claim)
            told.append(session.scalars(sa.select(Letter.text)).all())

    assert told[0] == []
    assert "http://house.example/stay/" in told[1][0]
