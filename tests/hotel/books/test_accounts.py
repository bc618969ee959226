"""Companies' accounts: what is open, what it is set against, how old it is, what is given up."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pms.base import db
from pms.base.db import transaction
from pms.base.money import Money
from pms.base.refusal import Invalid, Refusal
from pms.hotel.books import folios, ledger, payments, receivables
from pms.hotel.books.payments import Method
from pms.hotel.books.receivables import CityItem, Tells, statements
from pms.hotel.books.receivables.allocating import of_items
from pms.hotel.close import ageing
from pms.hotel.close.verify import accounts as rules
from pms.hotel.guests import agreements, companies
from pms.hotel.house import logbook
from pms.hotel.house.staff import NotAllowed, Role
from tests import make
from tests.hotel.books.days import roll
from tests.hotel.books.races import at_once

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def euros(minor):
    return Money(minor, "EUR")


@pytest.fixture
def house(session):
    return make.hotel(session)


@pytest.fixture
def by(session, house):
    return make.by(session, house)


@pytest.fixture
def firm(session, house, by):
    return companies.enter(
        session, house, code="ACME", name="Acme", email="pay@acme.example", language="de",
        direct_bill=True, by=by,
    )  # fmt: skip


def billed(session, house, firm, minor, *, days=0):
    """An item of so much, billed today or so many days ago in the books before."""
    by = make.by(session, house)
    if days:
        return receivables.bring_forward(
            session, house, firm, amount=euros(minor), reference=f"R-{days}-{minor}",
            dated=house.business_date - timedelta(days=days), by=by,
        )  # fmt: skip
    folio = make.folio(session, house)
    folios.charge(session, folio, code=make.charge_code(session, house), amount=euros(minor), by=by)
    bill = receivables.direct_bill(session, folio, company=firm, by=by)
    return receivables.of_entry(session, house, bill.entry_id)


def paid(session, house, firm, minor, **more):
    """The item of a transfer."""
    by = make.by(session, house)
    payment = receivables.pay_city(
        session, house, firm, amount=euros(minor), method=Method.TRANSFER, by=by, **more
    )
    return receivables.of_entry(session, house, payment.entry_id)


def wrong(session, house):
    """What verify finds wrong of accounts."""
    return [check for rule in rules.RULES if not (check := rule.check(session, house)).ok]


def test_money_goes_to_the_oldest_and_what_is_over_stays_on_account(session, house, by, firm):
    new, old, disputed = (
        billed(session, house, firm, 5_000),
        billed(session, house, firm, 3_000, days=40),
        billed(session, house, firm, 900, days=99),
    )
    receivables.dispute(session, disputed, reason="Never came", by=by)

    first = paid(session, house, firm, 4_000, oldest_first=True)
    second = paid(session, house, firm, 6_000, oldest_first=True)

    assert (old.open, new.open, disputed.open) == (0, 0, 900)
    assert (first.open, second.open) == (0, -2_000)
    assert [each.other.id for each in of_items(session, house, [new.id])[new.id]] == [
        first.id, second.id
    ]  # fmt: skip
    assert receivables.balance_of(session, house, firm) == euros(-1_100)
    with pytest.raises(receivables.NothingOpen):
        receivables.allocate_oldest(session, second, by=by)
    assert wrong(session, house) == []


def test_an_allocation_by_hand_is_at_most_what_is_open_and_is_taken_back(session, house, by, firm):
    first, second = (billed(session, house, firm, minor) for minor in (5_000, 3_000))
    money = paid(session, house, firm, 4_000)

    [made] = receivables.allocate(session, money, to={second.id: euros(2_500)}, by=by)

    assert (second.open, money.open) == (500, -1_500)
    for to, refusal in (
        ({second.id: euros(501)}, receivables.MoreThanOpen),
        ({first.id: euros(1_501)}, receivables.MoreThanOpen),
        ({money.id: euros(1)}, receivables.NotTwoSides),
        ({12345: euros(1)}, receivables.NotTwoSides),
        ({first.id: euros(0)}, Invalid),
        ({first.id: Money(1, "USD")}, Invalid),
    ):
        with pytest.raises(refusal):
            receivables.allocate(session, money, to=to, by=by)
    with pytest.raises(Invalid, match="Say why"):
        receivables.unallocate(session, made, reason=" ", by=by)
    receivables.unallocate(session, made, reason="Meant for the other bill", by=by)
    assert (second.open, money.open) == (3_000, -4_000)
    with pytest.raises(receivables.UndoneAlready):
        receivables.unallocate(session, made, reason="Again", by=by)
    assert logbook.history(session, money)[0].why == "Meant for the other bill"
    assert wrong(session, house) == []


def test_two_clerks_allocate_one_payment_and_one_of_them_is_told(engine):
    with Session(engine, expire_on_commit=False) as session, transaction(session):
        house = make.hotel(session)
        by = make.by(session, house)
        firm = companies.enter(session, house, code="ACME", name="Acme", direct_bill=True, by=by)
        bills = [billed(session, house, firm, 4_000).id for _ in range(2)]
        money = paid(session, house, firm, 4_000)

    def allocates(session):
        mine = bills.pop()
        credit = session.get_one(CityItem, (house.id, money.id))
        return receivables.allocate(session, credit, to={mine: euros(3_000)}, by=by)

    answers = at_once(engine, allocates)

    assert sorted(isinstance(each, receivables.MoreThanOpen) for each in answers) == [False, True]
    with Session(engine) as session:
        assert session.get_one(CityItem, (house.id, money.id)).open == -1_000
        assert wrong(session, house) == []


def test_two_clerks_bill_up_to_one_limit_and_one_of_them_is_told(engine):
    with Session(engine, expire_on_commit=False) as session, transaction(session):
        house = make.hotel(session)
        by = make.by(session, house)
        firm = companies.enter(
            session, house, code="ACME", name="Acme", direct_bill=True, credit_limit=6_000, by=by
        )
        owing = [make.folio(session, house) for _ in range(2)]
        for folio in owing:
            code = make.charge_code(session, house)
            folios.charge(session, folio, code=code, amount=euros(4_000), by=by)

    def bills(session):
        folio = session.merge(owing.pop(), load=False)
        return receivables.direct_bill(session, folio, company=firm, by=by)

    answers = at_once(engine, bills)

    assert sorted(isinstance(each, receivables.OverCreditLimit) for each in answers) == [
        False, True,
    ]  # fmt: skip


SPOILS = {
    "UPDATE city_items SET open = amount + 1 WHERE amount > 0": "open_is_a_part",
    "UPDATE city_items SET open = -open": "open_is_a_part",
    "UPDATE city_items SET amount = amount * 2": "only what is open",
    "DELETE FROM city_items": "an item of an account stays",
    "INSERT INTO city_items (hotel_id, id, chain_id, company_id, kind, dated, amount, open,"
    " version) SELECT hotel_id, entry_id, 0, 0, 'bill', business_day, amount, amount, 1 FROM lines"
    " WHERE no = 1 AND amount > 0": "city_items",
    "INSERT INTO city_allocations (hotel_id, id, debit_id, credit_id, amount, made_on, made_at,"
    " staff_id) SELECT hotel_id, 1, debit_id, credit_id, amount, made_on, made_at, staff_id"
    " FROM city_allocations": "is taken off both",
    "UPDATE city_allocations SET amount = 1": "written in ink",
    "UPDATE city_disputes SET reason = 'Other'": "otherwise stays",
    "UPDATE account_statements SET balance = 1": "written in ink",
}


def test_the_database_itself_keeps_accounts(session, house, by, firm):
    item = billed(session, house, firm, 5_000)
    money = paid(session, house, firm, 2_000)
    receivables.allocate(session, money, to={item.id: euros(1_500)}, by=by)
    receivables.dispute(session, item, reason="Never came", by=by)
    statements.issue(session, house, firm, by=by)

    for sql, says in SPOILS.items():
        with pytest.raises(IntegrityError, match=says), session.begin_nested():
            session.execute(sa.text(sql))


def test_ageing_adds_up_to_the_ledger_and_a_past_day_stays_as_it_was(session, house, by, firm):
    for days in (0, 29, 30, 60, 90, 119, 120):
        billed(session, house, firm, 1_000, days=days)
    aside = billed(session, house, firm, 700, days=61)
    receivables.dispute(session, aside, reason="Wrong rate", by=by)
    money = paid(session, house, firm, 300)
    then = ageing.of_day(session, house, house.business_date).as_csv()
    day = house.business_date
    roll(session, house)
    roll(session, house)
    receivables.allocate_oldest(session, money, by=by)
    receivables.resolve(session, aside, outcome="It was right", by=by)
    billed(session, house, firm, 50)

    [now] = receivables.aged(session, house, house.business_date)

    assert now.columns == (1_050, 2_000, 1_700, 1_000, 1_700)
    assert (now.disputed, now.unallocated) == (0, 0)
    assert euros(now.balance) == receivables.balance_of(session, house, firm)
    assert ageing.of_day(session, house, day).as_csv() == then
    assert then.decode().splitlines()[1:] == [
        "ACME,Acme,20.00,10.00,10.00,20.00,10.00,7.00,3.00,74.00",
        ",total,20.00,10.00,10.00,20.00,10.00,7.00,3.00,74.00",
    ]


def test_a_bad_debt_is_written_off_within_the_limit_and_owed_again(session, house, by, firm):
    item = billed(session, house, firm, 5_000)
    keeper = make.by(session, house, Role.ACCOUNTANT)
    receivables.set_write_off_limit(session, house, limit=euros(1_000), by=by)
    with pytest.raises(receivables.AboveTheLimit, match=r"€10.00 at most"):
        receivables.write_off_item(session, item, reason="Insolvent", by=keeper)
    with pytest.raises(receivables.MoreThanOpen):
        receivables.write_off_item(session, item, amount=euros(5_001), reason="x", by=by)
    with pytest.raises(NotAllowed):
        desk = make.by(session, house, Role.FRONT_DESK)
        receivables.write_off_item(session, item, amount=euros(1), reason="x", by=desk)
    small = receivables.write_off_item(
        session, item, amount=euros(1_000), reason="Bank charges", by=keeper
    )
    with pytest.raises(receivables.AboveTheLimit):
        receivables.write_off_item(session, item, amount=euros(1), reason="More", by=keeper)

    receivables.write_off_item(session, item, reason="Insolvent", by=by)

    loss = "revenue/miscellaneous/bad-debts"
    assert item.open == 0
    assert receivables.balance_of(session, house, firm) == euros(0)
    assert ledger.open_balances(session, house, ledger.Ledger.REVENUE)[loss] == 5_000
    receivables.undo_write_off(session, small, reason="They paid it", by=keeper)
    assert (item.open, small.open) == (1_000, 0)
    assert ledger.open_balances(session, house, ledger.Ledger.REVENUE)[loss] == 4_000
    with pytest.raises(receivables.NotAWriteOff):
        receivables.undo_write_off(session, small, reason="Again", by=keeper)
    [allocation] = of_items(session, house, [small.id])[small.id]
    with pytest.raises(receivables.SetByItsDeed):
        receivables.unallocate(session, allocation.allocation, reason="x", by=by)
    assert wrong(session, house) == []


@SQLITE
def test_a_payment_is_voided_today_or_given_back_where_it_is_on_account(session, house, by, firm):
    item = billed(session, house, firm, 5_000)
    money = paid(session, house, firm, 6_000, oldest_first=True)
    with pytest.raises(receivables.StillAllocated):
        receivables.void_payment(session, money, reason="Wrong firm", by=by)
    with pytest.raises(receivables.MoreThanOpen):
        receivables.refund_payment(
            session, money, amount=euros(1_001), method=Method.TRANSFER, reason="x", by=by
        )
    back = {"amount": euros(1_000), "method": Method.TRANSFER, "reason": "Paid twice"}

    given = receivables.refund_payment(session, money, **back, by=by)

    with pytest.raises(payments.OfAnAccount):
        payments.void(session, given, reason="x", by=by)
    with pytest.raises(receivables.MoreThanOpen):
        receivables.refund_payment(session, money, **back, by=by)
    assert (money.open, item.open) == (0, 0)
    other = paid(session, house, firm, 700)
    kept = payments.by_entry(session, house, other.id)
    with pytest.raises(payments.OfAnAccount):
        payments.void(session, kept, reason="x", by=by)
    receivables.void_payment(session, other, reason="Wrong firm", by=by)
    assert other.open == 0
    with pytest.raises(payments.VoidedAlready):
        receivables.void_payment(session, other, reason="Again", by=by)
    with pytest.raises(receivables.NotAPayment):
        receivables.void_payment(session, item, reason="x", by=by)
    assert receivables.balance_of(session, house, firm) == euros(0)
    assert wrong(session, house) == []


@SQLITE
def test_a_dispute_is_raised_once_on_what_is_owed_and_resolved_with_its_outcome(
    session, house, by, firm
):
    item = billed(session, house, firm, 5_000, days=50)
    settled = billed(session, house, firm, 10, days=60)
    paid(session, house, firm, 10, oldest_first=True)
    receivables.dispute(session, item, reason="Never came", by=by)

    with pytest.raises(receivables.DisputedAlready):
        receivables.dispute(session, item, reason="Again", by=by)
    with pytest.raises(receivables.NothingToDispute):
        receivables.dispute(session, settled, reason="x", by=by)
    with pytest.raises(NotAllowed):
        receivables.resolve(session, item, outcome="x", by=make.by(session, house, Role.FRONT_DESK))
    with pytest.raises(receivables.NothingToTell, match="Nothing is overdue"):
        statements.issue(session, house, firm, tells=Tells.REMINDER, by=by)
    done = receivables.resolve(session, item, outcome="They came", by=by)
    assert (done.outcome, done.resolved_on) == ("They came", make.DAY)
    with pytest.raises(receivables.NotInDispute):
        receivables.resolve(session, item, outcome="x", by=by)


@SQLITE
def test_a_statement_says_what_is_open_in_the_companys_language_and_goes_once_to_an_address(
    session, house, by, firm
):
    with pytest.raises(receivables.NothingToTell, match="Nothing is open"):
        statements.issue(session, house, firm, by=by)
    billed(session, house, firm, 5_000, days=50)
    billed(session, house, firm, 900)
    paid(session, house, firm, 100)

    made = statements.issue(session, house, firm, by=by)
    reminder = statements.issue(session, house, firm, tells=Tells.REMINDER, by=by)

    assert (made.no, made.language, made.balance) == (1, "de", 5_800)
    assert [(line["kind"], line["open"]) for line in made.data["items"]] == [
        ("opening", 5_000), ("bill", 900), ("payment", -100),
    ]  # fmt: skip
    assert made.data["columns"] == [900, 5_000, 0, 0, 0]
    assert [line["overdue"] for line in reminder.data["items"]] == [36]
    mail = {"to": "pay@acme.example", "subject": "S", "text": "T", "pdf": b"%PDF", "by": by}
    letter = statements.mail(session, made, **mail)
    assert statements.mail(session, made, **mail | {"pdf": b"other"}) == letter
    assert statements.kept_of(session, made).content == b"%PDF"
    sent = statements.of(session, house, firm)
    assert [len(each.letters) for each in sent] == [0, 1]
    assert [(each.statement.tells, each.asks) for each in sent] == [
        (Tells.REMINDER, 5_000), (Tells.STATEMENT, 5_800),
    ]  # fmt: skip


@SQLITE
def test_what_was_billed_before_is_brought_forward_once(session, house, by, firm):
    agreements.grant_credit(
        session, firm, direct_bill=True, credit_limit=euros(10), hotel=house, by=by
    )
    item = billed(session, house, firm, 5_000, days=50)

    assert item.dated == make.DAY - timedelta(days=50)
    with pytest.raises(receivables.BroughtForwardAlready):
        billed(session, house, firm, 5_000, days=50)
    with pytest.raises(receivables.NotDatedThen):
        receivables.bring_forward(
            session, house, firm, amount=euros(1), dated=make.DAY, reference="R-1", by=by
        )
    with pytest.raises(Invalid):
        receivables.bring_forward(
            session, house, firm, amount=euros(1), dated=item.dated, reference=" ", by=by
        )
    clearing = ledger.open_balances(session, house, ledger.Ledger.CLEARING)
    assert clearing == {"clearing/brought-forward": -5_000}


DEEDS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "bill",
                "pay",
                "oldest",
                "hand",
                "back",
                "off",
                "on",
                "void",
                "refund",
                "move",
                "home",
            ]
        ),
        st.integers(0, 9),
        st.integers(1, 9_999),
    ),
    max_size=14,
)


@SQLITE
@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(deeds=DEEDS)
def test_whatever_is_done_the_open_items_are_the_ledger(engine, deeds):
    with Session(engine, expire_on_commit=False) as session:
        house = make.hotel(session, f"H{db.new_id():x}"[-9:].upper())
        by = make.by(session, house)
        firm, other = (
            companies.enter(session, house, code=code, name=code, direct_bill=True, by=by)
            for code in "AB"
        )
        for deed, which, minor in deeds:
            try:
                with session.begin_nested():
                    _do(session, house, (firm, other), deed, which, minor, by=by)
            except Refusal:
                session.expire_all()

        items = session.scalars(sa.select(CityItem).where(CityItem.hotel_id == house.id)).all()
        owed = [receivables.balance_of(session, house, each).minor for each in (firm, other)]
        assert sum(each.open for each in items) == sum(owed)
        assert wrong(session, house) == []
        session.rollback()


def _do(session, house, firms, deed, which, minor, *, by):
    """Do something to an account, to whichever item or allocation is meant."""
    firm = firms[which % 2]
    if deed == "bill":
        billed(session, house, firm, minor)
    if deed == "pay":
        paid(session, house, firm, minor, oldest_first=which > 5)
    items = session.scalars(
        sa.select(CityItem).where(CityItem.hotel_id == house.id).order_by(CityItem.id)
    ).all()
    if deed in {"bill", "pay"} or not items:
        return
    item, part, why = items[which % len(items)], euros(minor), {"reason": "x", "by": by}
    to_item = {
        "oldest": lambda: receivables.allocate_oldest(session, item, by=by),
        "hand": lambda: receivables.allocate(session, item, to={items[0].id: part}, by=by),
        "back": lambda: [
            receivables.unallocate(session, each.allocation, **why)
            for each in of_items(session, house, [item.id])[item.id][:1]
        ],
        "off": lambda: receivables.write_off_item(session, item, amount=part, **why),
        "move": lambda: receivables.move_to(session, item, to=firms[minor % 2], **why),
        "home": lambda: receivables.undo_move(session, item, **why),
        "on": lambda: receivables.undo_write_off(session, item, **why),
        "void": lambda: receivables.void_payment(session, item, **why),
        "refund": lambda: receivables.refund_payment(
            session, item, amount=part, method=Method.TRANSFER, **why
        ),
    }
    to_item[deed]()
