"""Who pays: what is foretold of a stay's nights is what the audits then post, to the cent."""

import random
from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa

from pms.base.db import transaction
from pms.base.money import Money
from pms.hotel.books import folios, routing
from pms.hotel.books.folios import Folio, FolioWindow
from pms.hotel.books.ledger import Entry, Line
from pms.hotel.books.routing import Takes
from pms.hotel.close import verify
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms import packages
from pms.hotel.rooms.packages import Details
from pms.hotel.rooms.packaging import Per
from pms.hotel.stays import billing, night_charges, recurring, settlements, stays
from pms.hotel.stays.who_pays import MOST_NIGHTS, who_pays
from pms.hotel.tariff import taxes
from pms.hotel.tariff.taxes import Levies, Tax
from tests import make
from tests.hotel.close import lived

DAY = make.DAY
NIGHTS = 4  # the city tax of a stay that long is given back
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def euros(minor):
    return Money(minor, "EUR")


def furnish(session):
    """Rooms at 100.00, 7 % inside, a city tax that long stays get back; breakfast in the price."""
    house = make.furnished(session)
    by = make.by(session, house)
    plan = make.plan(session, house)
    plan.charge_code_id = make.taxed_code(session, house).id
    city = session.scalars(sa.select(Tax).where(Tax.code == "CITY")).one()
    long = taxes.Limits(exempt_from=NIGHTS, refunds=True)
    taxes.set_rate(session, city, rate=175, limits=long, from_day=DAY, by=by)
    code = make.charge_code(session, house, "BREAKFAST")
    details = Details(charge_code=code, price=euros(1_333), per=Per.PERSON, name="Breakfast")
    breakfast = packages.add(session, house, code="BRK", details=details, by=by)
    packages.attach(session, plan, breakfast, included=True, by=by)
    return house


def arrived(session, house, number):
    """A party of four nights in house, that parks; its reservation and its folio of 3 windows."""
    by = make.by(session, house)
    booked = make.reservation(session, house, nights=NIGHTS)
    stays.check_in(session, booked, room=make.room(session, house, number), by=by)
    parking = make.charge_code(session, house, "PARKING")
    recurring.add(session, booked, code=parking, amount=euros(999), by=by)
    folio = settlements.folio_of(session, booked, by=by)
    for no in (2, 3):
        folios.open_window(session, folio, no=no, payee_name=f"Payer {no}", by=by)
    return booked, folio


def route_anyhow(session, folio, master, dice, *, by):
    """Give a folio one to four rules of any kind, to its windows and to a master."""
    house = session.get_one(Hotel, folio.hotel_id)
    room, parking = (make.charge_code(session, house, code) for code in ("LODGING", "PARKING"))
    for _ in range(dice.randint(1, 4)):
        to_folio, to_window = dice.choice([(folio, 2), (folio, 3), (master, 1)])
        first = DAY + timedelta(days=dice.randint(0, 2))
        codes = dice.choice([(), (room,), (parking,), (room, parking)])
        takes = Takes(
            codes=codes,
            levies=Levies.ALONG if codes == (parking,) else dice.choice(list(Levies)),
            first_night=dice.choice([None, first]),
            last_night=dice.choice([None, first + timedelta(days=1)]),
            weekdays=dice.choice([folios.EVERY_DAY, dice.randint(1, folios.EVERY_DAY)]),
            percent=dice.choice([folios.WHOLE, dice.randint(1, folios.WHOLE)]),
            night_limit=dice.choice([None, euros(dice.randint(1, 9_000))]),
            total_limit=dice.choice([None, euros(dice.randint(1, 20_000))]),
        )
        routing.route(session, folio, to_folio=to_folio, to_window=to_window, takes=takes, by=by)


def posted(session, booked):
    """What stands on which window of which folio, by night and text; each audit is of its night."""
    charged = sa.select(Entry.id).where(Entry.subject_id == booked.id)
    rows = session.execute(
        sa.select(
            Entry.business_day, Entry.text, Folio.number, FolioWindow.no, sa.func.sum(Line.amount)
        )
        .join(Line, Line.entry_id == Entry.id)
        .join(FolioWindow, FolioWindow.account_id == Line.account_id)
        .join(Folio, Folio.id == FolioWindow.folio_id)
        .where(sa.or_(Entry.subject_id == booked.id, Entry.concerns_id.in_(charged)))
        .group_by(Entry.business_day, Entry.text, Folio.number, FolioWindow.no)
    )
    return {(day, text, number, no): int(amount) for day, text, number, no, amount in rows}


def foretold(said):
    """The same of what was foretold."""
    found = Counter()
    for share in said.shares:
        found[share.night, share.text, share.payer.folio, share.payer.window] += share.amount.minor
    return dict(found)


def on_paper(session, booked):
    """What the pro formas of a party's windows foretell, by window."""
    folio = session.get_one(Folio, (booked.hotel_id, booked.folio_id))
    found = {}
    for no in (1, 2, 3):
        lines = billing.expected(session, folio, window=no)
        found[no] = sum(line["gross"] for line in lines)
        assert [line["day"] for line in lines] == sorted(line["day"] for line in lines)
    return found


def without_refunds(session, booked, said):
    """The same of what was foretold, without the taxes that will go back."""
    number = session.get_one(Folio, (booked.hotel_id, booked.folio_id)).number
    found = dict.fromkeys((1, 2, 3), 0)
    for (_, text, of, no), minor in said.items():
        if of == number and not text.endswith("exempt"):
            found[no] += minor
    return found


@pytest.mark.parametrize("seed", range(2))
def test_the_audits_post_what_was_foretold(session, seed):
    dice = random.Random(seed)  # noqa: S311 - a seed
    with transaction(session):
        house = furnish(session)
        by = make.by(session, house)
        master = make.folio(session, house)
        parties = [arrived(session, house, number)[0] for number in ("101", "102", "103", "104")]
        for booked in parties:
            folio = settlements.folio_of(session, booked, by=by)
            route_anyhow(session, folio, master, dice, by=by)
    entries = session.scalar(sa.select(sa.func.count(Entry.id)))

    said = {booked.id: foretold(who_pays(session, booked)) for booked in parties}
    for booked in parties:
        assert on_paper(session, booked) == without_refunds(session, booked, said[booked.id])

    assert session.scalar(sa.select(sa.func.count(Entry.id))) == entries
    for _ in range(NIGHTS):
        lived.close(session, house)
    assert {booked.id: posted(session, booked) for booked in parties} == said
    assert len({number for of_party in said.values() for _, _, number, _ in of_party}) > 1
    assert [each.name for each in verify.checks(session, house) if not each.ok] == []


@SQLITE
def test_a_rule_is_tried_before_it_is_saved(session):
    with transaction(session):
        house = furnish(session)
        booked, folio = arrived(session, house, "101")
        by = make.by(session, house)
    takes = Takes(percent=6_000, night_limit=euros(5_000))

    said = who_pays(
        session,
        booked,
        first=lambda: routing.route(session, folio, to_window=2, takes=takes, by=by),
    )

    guest, firm = said.payers
    assert (firm.name, firm.window, firm.is_elsewhere) == ("Payer 2", 2, False)
    assert [str(said.of(firm, DAY + timedelta(days=n))) for n in range(3)] == ["50.00"] * 3
    assert said.of(guest, DAY) == euros(10_000 + 350 + 999 - 5_000)
    assert [(night, text) for night, text, _ in said.rows][:3] == [
        (DAY, "Breakfast"),
        (DAY, "Parking"),
        (DAY, "Lodging"),
    ]
    assert said.as_dict()["shares"][0]["payer"] == "Payer 2"
    assert routing.of(session, folio) == []
    with pytest.raises(routing.RoutesToItself):
        who_pays(session, booked, first=lambda: routing.route(session, folio, to_window=1, by=by))


@SQLITE
def test_who_has_not_come_is_foretold_and_who_left_is_not(session):
    with transaction(session):
        house = make.furnished(session)
        by = make.by(session, house)
        coming = make.reservation(session, house, nights=3)
        day_use = make.reservation(session, house, nights=0)
        for party in (coming, day_use):
            settlements.folio_of(session, party, by=by)

    said = who_pays(session, coming)

    assert [str(share.amount) for share in said.shares] == ["100.00"] * 3
    assert len(who_pays(session, day_use).shares) == 1
    assert said.nights_left_out == 0 < MOST_NIGHTS
    with transaction(session):
        booked, _ = arrived(session, house, "101")
        nights = [DAY + timedelta(days=n) for n in range(NIGHTS)]
        night_charges.charge_nights(session, house, booked, nights, by=by)
    assert who_pays(session, booked).shares == ()
