"""Verify: finds nothing where a hotel lived by its verbs, and names what is broken by hand."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from pms.base import clock
from pms.base.db import is_postgresql, transaction
from pms.base.money import Money
from pms.hotel.close import verify
from pms.hotel.close.verify import shape
from pms.hotel.people.duty import Department
from pms.hotel.rooms import derivations, policies, rates, seasons, yields
from pms.hotel.rooms.derivations import Difference
from pms.hotel.rooms.seasons import Span, TypePrice
from pms.hotel.service import handovers, requests, tickets
from pms.hotel.service.requests import categories
from pms.hotel.stays import fees
from tests import make
from tests.hotel.close import lived
from tests.hotel.close.lived import SECOND

ONE_ENTRY = "(SELECT MIN(id) FROM entries WHERE hotel_id = :hotel)"
TAXED = "(SELECT MIN(entry_id) FROM lines WHERE tax_id IS NOT NULL)"
ONE_ACCOUNT = "(SELECT MIN(account_id) FROM account_days WHERE day = :second)"

BROKEN = {
    "L1 each entry balances":
        f"UPDATE lines SET amount = amount + 1 WHERE entry_id = {ONE_ENTRY} AND no = 1",
    "P1 a plan follows one above it, up to a plan that stands alone":
        "UPDATE derived_plans SET level = 1",
    "P2 a plan that follows has no prices of its own to come":
        "INSERT INTO night_prices (hotel_id, night, type_id, plan_id, price)"
        " SELECT n.hotel_id, n.night, n.type_id, d.plan_id, n.price FROM night_prices n"
        " JOIN derived_plans d ON d.parent_id = n.plan_id WHERE n.night > :third"
        " AND d.level = 1",
    "P3 a price of a season is that season's, on its nights":
        "UPDATE night_prices SET price = price + 1 WHERE season_id IS NOT NULL",
    "P4 a plan is booked under a policy that stands":
        "UPDATE policies SET ended_at = '2026-01-01 00:00:00'",
    "P5 a fee stands only where a promise ended under terms":
        "UPDATE reservation_fees SET of = 'no_show' WHERE taken_back_on IS NULL",
    "P6 a fee that was charged is on the books, and one taken back isn't":
        "UPDATE reservation_fees SET taken_back_on = '2026-12-01' WHERE taken_back_on IS NULL",
    "P7 a rule of yield is in the logbook, by whom it was made and stopped":
        "UPDATE yield_rules SET stopped_at = '2026-12-01 00:00:00'",
    "L1 each line has its entry": f"DELETE FROM entries WHERE id = {ONE_ENTRY}",
    "L2 each business day balances":
        f"UPDATE lines SET amount = amount + 1 WHERE entry_id = {ONE_ENTRY} AND no = 1",
    "L2 lines bear their entry's day":
        f"UPDATE lines SET business_day = '2026-12-24' WHERE entry_id = {ONE_ENTRY}",
    "L3 sealed balances carry forward":
        "UPDATE account_days SET opening = opening + 1, closing = closing + 1"
        f" WHERE day = :second AND account_id = {ONE_ACCOUNT}",
    "L3 no standing balance is left out of a later day":
        "DELETE FROM account_days WHERE day = :second AND opening <> 0",
    "L3 sealed movements are those of the lines":
        "UPDATE account_days SET debits = debits + 1, credits = credits + 1"
        f" WHERE day = :second AND account_id = {ONE_ACCOUNT}",
    "L4 the guest ledger is the sum of its folios":
        "DELETE FROM folio_windows WHERE folio_id = (SELECT MIN(folio_id) FROM folio_windows)",
    "L4 each payment is the money of its entry": "UPDATE payments SET amount = amount + 1",
    "D1 D2 papers are numbered without a gap and unchanged":
        "UPDATE documents SET number = number + 1",
    "L6 no entry bears a day before the opening or after today":
        f"UPDATE entries SET business_day = '2027-01-01' WHERE id = {ONE_ENTRY}",
    "L7 a reversal undoes exactly one entry, once":
        "UPDATE lines SET amount = amount * 2 WHERE entry_id ="
        " (SELECT MAX(id) FROM entries WHERE reverses_id IS NOT NULL)",
    "L8 each tax is owed by the payer and to the state alike":
        f"UPDATE lines SET amount = amount + 1 WHERE entry_id = {TAXED} AND no ="
        f" (SELECT MIN(no) FROM lines WHERE entry_id = {TAXED} AND tax_id IS NOT NULL)",
    "L8 each tax is what a rate of it makes of its base":
        "UPDATE tax_rates SET rate = rate + 10000",
    "A2 no card number is written anywhere":
        "UPDATE reservations SET notes = 'Visa 4111 1111 1111 1111, 12/29'",
    "L9 moving charges keeps the sum of all folios":
        "UPDATE lines SET amount = amount + 1 WHERE no = 1 AND entry_id ="
        " (SELECT MAX(id) FROM entries WHERE kind = 'transfer')",
    "L10 a closed folio owes and is owed nothing in any window":
        "UPDATE folios SET state = 'closed', closed_on = :second WHERE state = 'open'",
    "L10 a folio is open or closed on a day, and no other":
        "UPDATE folios SET closed_on = opened_on WHERE state = 'open'",
    "L11 each closed day's seal is that of its entries":
        f"UPDATE entries SET text = 'Something else' WHERE id = {ONE_ENTRY}",
    "L11 the seal is the one printed that night":
        "UPDATE day_seals SET digest = 'beef' || SUBSTR(digest, 5) WHERE day = :second",
    "L12 amounts are whole numbers": "ALTER TABLE lines ADD COLUMN about FLOAT",
    "L13 a deposit is owed to the guest until arrival":
        "UPDATE reservations SET state = 'in_house' WHERE 'deposit/' || number IN"
        " (SELECT code FROM accounts WHERE ledger = 'deposit')",
    "L13 no night's revenue is recognised before the night":
        "UPDATE entries SET service_night = '2027-01-01' WHERE id ="
        " (SELECT MAX(id) FROM entries WHERE rule = 'room')",
    "I1 no room has two parties in one night or day":
        "UPDATE reservation_nights SET room_id = (SELECT MIN(id) FROM rooms)"
        " WHERE room_id IS NOT NULL AND night = :second",
    "I1 each room of a night is claimed by its party":
        "DELETE FROM room_claims WHERE claimant = 'party' AND night = :second",
    "I1 each claim of a party is a night of it":
        "UPDATE reservation_nights SET room_id = NULL WHERE night = :second",
    "I1 each claim of a block is a night of it": "DELETE FROM room_blocks",
    "I2 no type is oversold unless forced":
        "UPDATE type_nights SET allowance = -100 WHERE night = :third",
    "I2 the house is not oversold unless forced":
        "UPDATE house_nights SET allowance = -100 WHERE night = :third",
    "I2 what is forced says who and why":
        "UPDATE type_nights SET forced = 1 WHERE night = :third",
    "I3 sold is the number of promised nights":
        "UPDATE type_nights SET sold = sold + 1 WHERE night = :third",
    "I3 those who share a room count as one each night to come":
        "UPDATE reservation_nights SET counted_type_id = charged_type_id"
        " WHERE live AND counted_type_id IS NULL",
    "I3 held is the number of rooms on hold":
        "UPDATE type_nights SET held = held + 1 WHERE night = :third",
    "I3 out of order is the number of rooms blocked":
        "UPDATE type_nights SET out_of_order = out_of_order + 1 WHERE night = :third",
    "I3 rooms to sell are the rooms there are":
        "UPDATE type_nights SET rooms = rooms + 1 WHERE night = :third",
    "I3 the house is the sum of its types":
        "UPDATE house_nights SET sold = sold + 1 WHERE night = :third",
    "I3 the changes of a night add up to what is promised":
        "DELETE FROM night_changes WHERE id = (SELECT MAX(id) FROM night_changes)",
    "I4 who is in house, or was, has one stay that says so":
        "DELETE FROM stays WHERE state = 'in_house'",
    "I4 who is in house has arrived and has a room tonight":
        "UPDATE stays SET arrived_on = '2027-01-01' WHERE state = 'in_house'",
    "I5 a stay's nights are contiguous": "DELETE FROM reservation_nights WHERE night = :third",
    "I5 a price below zero has its reason":
        "UPDATE reservation_nights SET price = -1, manual_reason = NULL WHERE night = :third",
    "I6 who is cancelled or didn't come holds no night":
        "UPDATE reservations SET state = 'no_show' WHERE state = 'booked'",
    "I6 a night given back holds nothing":
        "UPDATE reservation_nights SET room_id = (SELECT MIN(id) FROM rooms) WHERE NOT live",
    "I6 no hold outlives an audit that should have ended it":
        "UPDATE holds SET state = 'open', expires_at = '2020-01-01 00:00:00'",
    "N1 each night in house is charged exactly once": "DELETE FROM entries WHERE rule = 'room'",
    "N2 each day since the opening was closed once, in order":
        "DELETE FROM audits WHERE day = :second",
    "N7 occupancy kept is occupancy recounted":
        "UPDATE day_statistics SET occupied = occupied + 1",
    "N7 revenue and payments kept are those of the lines":
        "UPDATE day_statistics SET payments = payments + 1",
    "N7 markets add up to the house": "UPDATE segment_statistics SET rooms = rooms + 1",
    "N8 archived reports are the bytes that were printed":
        "UPDATE archived_reports SET sha256 = 'changed' WHERE day = :second",
    "A1 each promise and each presence is in the logbook":
        "DELETE FROM logbook WHERE noun = 'reservations'",
    "A3 who booked is in the party once":
        "UPDATE party_guests SET guest_id = (SELECT r.guest_id FROM reservations r"
        " WHERE r.hotel_id = party_guests.hotel_id AND r.id = party_guests.reservation_id)",
    "A4 letters of a booking are counted without a gap":
        "UPDATE reservation_letters SET no = no + 1",
    "A4 a mailed letter is in the outbox, with who wrote it in the logbook":
        "DELETE FROM logbook WHERE noun = 'letters'",
    "A5 a card signed on screen is among the papers as a registration card":
        "UPDATE registration_cards SET way = 'paper'",
    "A7 a police file has as many guests as it says":
        "DELETE FROM police_reports",
    "A7 police files are counted without a gap":
        "UPDATE police_files SET number = 3",
    "A7 police files are the bytes that were exported":
        "UPDATE police_files SET sha256 = 'changed'",
    "A6 a document names a guest of the chain and days that can be":
        "UPDATE identity_documents SET expires_on = '1900-01-01'",
    "R1 requests are numbered without a gap":
        "UPDATE counters SET last = last + 1 WHERE name = 'request'",
    "R2 a request's clocks run only while somebody waits":
        "UPDATE requests SET escalates_at = due_at WHERE state = 'closed'",
    "R3 a request stands at the highest level that was told, each once":
        "DELETE FROM request_escalations WHERE level = 2",
    "R4 each recovery is what its entry puts on its folio":
        "UPDATE request_recoveries SET amount = amount + 1",
    "R5 what became of a request is in the logbook, a complaint's end with its cause":
        "UPDATE requests SET cause = NULL WHERE state = 'closed'",
    "R6 each category has a clock for every priority, for VIPs and for others":
        "DELETE FROM request_clocks WHERE vip AND priority = 'urgent'",
    "R7 a hand-over is signed by two, or waits for the second":
        "UPDATE handovers SET taken_by = given_by, taken_at = given_at",
    "R8 tickets are numbered without a gap, and what is gone says when and to whom":
        "UPDATE tickets SET gone_to = 'Nobody'",
    "T3 each reference stays in its hotel":
        "UPDATE stays SET room_id = 1",
}  # fmt: skip
OF_THE_SHAPE = {"L5 the ink's triggers stand", "T2 each row belongs to a hotel or a chain"}


@pytest.fixture
def house(session):
    hotel = lived.busy(session)
    served(session, hotel)
    sold(session, hotel)
    lived.close(session, hotel)
    return hotel


def sold(session, hotel):
    """Plans that follow each other, a season, and promises given up for a fee and taken back."""
    with clock.set_to(make.NOON + timedelta(days=1)), transaction(session):
        by, day = make.by(session, hotel), hotel.business_date
        bar = rates.by_code(session, hotel, "BAR")
        strict, friends = (make.plan(session, hotel, code=code) for code in ("NRF", "FRIENDS"))
        less = Difference(points=-1_000)
        derivations.derive(session, strict, bar, less, by=by)
        derivations.derive(session, friends, strict, less, by=by)
        span = Span("Fair", day + timedelta(days=20), day + timedelta(days=22))
        costs = {make.room_type(session, hotel): TypePrice(Money(15_000, hotel.currency))}
        seasons.put(session, bar, span, costs, by=by)
        yields.add(session, hotel, make.rule(day), by=by)
        policy = make.policy(session, hotel)
        policies.attach(session, bar, policy, by=by)
        first, second = (
            make.reservation(session, hotel, arrival=day + timedelta(days=3)) for _ in range(2)
        )
        for party in (first, second):
            fees.cancel(session, party, reason="Plans", by=by)
        fees.reinstate(session, second, by=by)


def served(session, hotel):
    """A complaint made good on the bill and closed, and one that reached the duty manager."""
    with clock.set_to(make.NOON + timedelta(days=1)), transaction(session):
        by = make.by(session, hotel)
        categories.furnish(session, hotel, by=by)
        kind = categories.by_code(session, hotel, "C-NOISE")
        where = requests.Where(reservation=lived.party(session, "Paying"))
        loud, _lobby = (
            requests.enter(session, hotel, category=kind, words="Music", where=place, by=by)
            for place in (where, requests.Where(place="Lobby"))
        )
        requests.take(session, loud, by=by)
        code = make.charge_code(session, hotel)
        ten = Money(1_000, hotel.currency)
        requests.take_off(session, loud, code=code, amount=ten, reason="Noise", by=by)
        requests.finish(session, loud, words="Bar was closed", by=by)
        requests.close(session, loud, cause="Bar", by=by)
        tickets.keep(
            session, hotel, kind=tickets.TicketKind.PARCEL, words="Box", kept_in="Shelf", by=by
        )
        handovers.give(
            session, hotel, department=Department.FRONT_OFFICE, words="Bar is loud", by=by
        )


def guards_off(session):
    """Let raw SQL do what the database would refuse, until the transaction is taken back."""
    session.rollback()
    if is_postgresql(session):
        session.execute(sa.text("SET LOCAL session_replication_role = replica"))
        for table, constraint in session.execute(
            sa.text(
                "SELECT conrelid::regclass::text, conname FROM pg_constraint"
                " WHERE contype = 'c' AND connamespace = 'public'::regnamespace"
            )
        ).all():
            session.execute(sa.text(f'ALTER TABLE {table} DROP CONSTRAINT "{constraint}"'))
        return
    raw = session.connection().connection.driver_connection
    session.rollback()
    raw.execute("PRAGMA foreign_keys = OFF")
    raw.execute("PRAGMA ignore_check_constraints = ON")
    for (name,) in session.execute(
        sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    ).all():
        session.execute(sa.text(f"DROP TRIGGER {name}"))


def guards_on(session):
    session.rollback()
    if not is_postgresql(session):
        raw = session.connection().connection.driver_connection
        session.rollback()
        raw.execute("PRAGMA foreign_keys = ON")
        raw.execute("PRAGMA ignore_check_constraints = OFF")


def named(session, hotel, name):
    """What verify says under a name."""
    rule = next((rule for rule in verify.RULES if rule.name == name), None)
    if rule is not None:
        return rule.check(session, hotel)
    return next(check for check in shape.checks(session, hotel) if check.name == name)


def test_a_hotel_that_lived_by_its_verbs_is_in_order(session, house):
    found = verify.checks(session, house)

    assert [check for check in found if not check.ok] == []
    assert {check.name for check in found} == set(BROKEN) | OF_THE_SHAPE
    looked_at_nothing = {check.name for check in found if check.rows == 0}
    assert looked_at_nothing <= {
        "I2 what is forced says who and why",
        "I3 held is the number of rooms on hold",
        "I3 out of order is the number of rooms blocked",
    }
    as_said = verify.as_dict(found)
    assert as_said["ok"] is True
    assert set(as_said["checks"][0]) == {"name", "ok", "rows", "wrong"}


@pytest.mark.timeout(300)
def test_whatever_is_broken_by_raw_sql_is_named(session, house):
    days = {"second": SECOND, "third": house.business_date, "hotel": house.id}
    unseen = []
    guards_off(session)
    try:
        for name, sql in BROKEN.items():
            before = named(session, house, name)
            spoiled = session.begin_nested()
            wanted = {key: value for key, value in days.items() if f":{key}" in sql}
            session.execute(sa.text(sql), wanted)
            after = named(session, house, name)
            spoiled.rollback()
            if not before.ok or after.ok:
                unseen.append((name, before, after))
    finally:
        guards_on(session)

    assert unseen == []


def test_a_trigger_that_was_dropped_is_named(session, house):
    table = " ON lines" if is_postgresql(session) else ""
    session.execute(sa.text(f"DROP TRIGGER lines_no_update{table}"))

    found = named(session, house, "L5 the ink's triggers stand")

    assert found.examples == ("lines_no_update",)
    session.rollback()


def test_a_table_that_is_nobodys_is_named(session, house, monkeypatch):
    monkeypatch.setattr(shape, "_NOBODYS", frozenset())

    found = named(session, house, "T2 each row belongs to a hotel or a chain")

    assert "chains" in found.examples
