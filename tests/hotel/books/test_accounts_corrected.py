"""Accounts put right: what was booked to the wrong company, and what a credit note takes off."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pms.base import db
from pms.base.db import transaction
from pms.base.refusal import Refusal
from pms.hotel.books import folios, payments, receivables
from pms.hotel.books.papers import Paper, PaperKind, issuers
from pms.hotel.books.payments import Method
from pms.hotel.books.receivables import CityItem, ItemKind, reading
from pms.hotel.books.receivables.allocating import of_items
from pms.hotel.close.verify import accounts
from pms.hotel.close.verify import papers as paper_rules
from pms.hotel.guests import agreements, companies
from pms.hotel.house.staff import NotAllowed, Role
from pms.web.letters.accounts import Bookkeeper
from tests import make, papered
from tests.hotel.books.days import roll
from tests.hotel.books.races import at_once
from tests.hotel.books.test_accounts import SQLITE, billed, euros, paid, wrong


@pytest.fixture
def house(session):
    return papered.hotel(session)


@pytest.fixture
def by(session, house):
    return make.by(session, house)


@pytest.fixture
def firm(session, house, by):
    return companies.enter(session, house, code="ACME", name="Acme", direct_bill=True, by=by)


@pytest.fixture
def other(session, house, by):
    return companies.enter(session, house, code="BOLT", name="Bolt", direct_bill=True, by=by)


def stands(session, house, *firms):
    """What each of these owes, in minor units."""
    return [receivables.balance_of(session, house, each).minor for each in firms]


def test_an_item_moves_to_the_right_company_and_back(session, house, by, firm, other):
    bill, credit = billed(session, house, firm, 5_000), paid(session, house, firm, 3_000)
    receivables.allocate(session, credit, to={bill.id: euros(1_000)}, by=by)
    roll(session, house)

    moved = receivables.move_to(session, bill, to=other, reason="Bolt's guest", by=by)
    money = receivables.move_to(session, credit, to=other, reason="Bolt paid", by=by)
    receivables.allocate_oldest(session, money, by=by)

    assert stands(session, house, firm, other) == [0, 2_000]
    assert (moved.dated, moved.open) == (bill.dated, 2_000)
    shown = reading.by_id(session, house, [moved.id])[moved.id]
    assert (shown.text.split()[0], shown.moved) == ("Folio", "Moved from ACME")
    assert wrong(session, house) == []
    with pytest.raises(receivables.StillAllocated):
        receivables.undo_move(session, moved, reason="No", by=by)
    [allocation] = of_items(session, house, [money.id])[money.id]
    receivables.unallocate(session, allocation.allocation, reason="Back", by=by)
    assert receivables.undo_move(session, moved, reason="Acme's after all", by=by) is bill
    receivables.undo_move(session, money, reason="Acme's after all", by=by)
    assert stands(session, house, firm, other) == [2_000, 0]
    assert (bill.open, credit.open, moved.open) == (4_000, -2_000, 0)
    assert wrong(session, house) == []
    with pytest.raises(receivables.NotAMove):
        receivables.undo_move(session, moved, reason="Again", by=by)


@SQLITE
def test_what_may_not_move_says_why(session, house, by, firm, other):
    bill, old = billed(session, house, firm, 5_000), billed(session, house, firm, 900, days=40)
    receivables.dispute(session, old, reason="Never came", by=by)
    lost = receivables.write_off_item(session, bill, amount=euros(100), reason="Bank", by=by)
    agreements.grant_credit(
        session, other, direct_bill=True, credit_limit=euros(4_000), hotel=house, by=by
    )
    cash = companies.enter(session, house, code="CASH", name="Cash", by=by)
    clerk = make.by(session, house, Role.FRONT_DESK)

    for item, to, refused in (
        (bill, firm, receivables.SameAccount),
        (bill, cash, receivables.NoDirectBill),
        (bill, other, receivables.OverCreditLimit),
        (old, other, receivables.InDispute),
        (lost, other, receivables.SetByItsDeed),
    ):
        with pytest.raises(refused):
            receivables.move_to(session, item, to=to, reason="x", by=by)
    with pytest.raises(receivables.InDispute, match="Never came"):
        receivables.move_to(session, old, to=other, reason="x", by=by)
    with pytest.raises(NotAllowed):
        receivables.move_to(session, bill, to=other, reason="x", by=clerk)
    assert stands(session, house, firm, other) == [5_800, 0]


def invoiced(session, house, firm, by, *, first):
    """Two nights of 100.00 and 200.00, invoiced and billed to a firm; `first` is which of both."""
    folio = papered.charged(session, house, 9_800, 19_800)
    if first == "bill":
        receivables.direct_bill(session, folio, company=firm, by=by)
        paper = papered.invoice(session, folio, to=papered.FIRM)
    else:
        paper = papered.invoice(session, folio, to=papered.FIRM)
        receivables.direct_bill(session, folio, company=firm, by=by)
    item = session.scalars(
        sa.select(CityItem).where(CityItem.company_id == firm.id).order_by(CityItem.id.desc())
    ).first()
    return folio, paper, item


@pytest.mark.parametrize("first", ["bill", "invoice"])
def test_a_credit_note_comes_off_the_account_of_who_was_billed(session, house, by, firm, first):
    folio, paper, item = invoiced(session, house, firm, by, first=first)
    [night, _] = papered_lines(paper)

    receivables.credit_amount(session, paper, line=2, amount=euros(1_000), reason="Noise", by=by)
    assert (item.open, folios.balance_of(session, folio)[1]) == (29_000, euros(0))
    receivables.credit(session, paper, lines=[1], reason="Not slept", by=by)
    assert (item.open, folios.balance_of(session, folio)[1]) == (29_000 - night, euros(night))
    assert wrong(session, house) == []
    rest = receivables.credit(session, paper, reason="All of it", by=by)

    assert item.open == 0
    assert stands(session, house, firm) == [0]
    assert rest.gross == 29_000 - night
    assert folios.balance_of(session, folio)[1] == euros(29_000)
    anew = papered.invoice(session, folio)
    assert (anew.gross, anew.due) == (29_000, 29_000)
    assert anew.data["payments"] == []  # whom it was billed to before is nobody's business
    receivables.direct_bill(session, folio, company=firm, by=by)
    receivables.credit(session, anew, reason="Once more", by=by)
    assert stands(session, house, firm) == [0]
    assert wrong(session, house) == []


@SQLITE
def test_what_was_moved_is_said_on_a_statement_as_it_was_first_entered(
    session, house, by, firm, other
):
    details = {"amount": euros(5_000), "reference": "R-2241", "by": by}
    dated = house.business_date - timedelta(days=9)
    old = receivables.bring_forward(session, house, firm, dated=dated, **details)
    receivables.move_to(session, old, to=other, reason="Wrong firm", by=by)

    [line] = receivables.statements.issue(session, house, other, by=by).data["items"]

    assert (line["kind"], Bookkeeper("de", "EUR").item(line)) == ("opening", "Vortrag")


def papered_lines(paper):
    """What each line of a paper comes to."""
    return [line["gross"] for line in paper.data["lines"]]


@SQLITE
def test_a_note_follows_its_bill_and_what_was_paid_is_given_back(session, house, by, firm, other):
    folio, paper, item = invoiced(session, house, firm, by, first="bill")
    moved = receivables.move_to(session, item, to=other, reason="Bolt's guest", by=by)
    money = paid(session, house, other, 30_000, oldest_first=True)
    assert (moved.open, money.open) == (0, 0)

    note = receivables.credit(session, paper, reason="Never came", by=by)

    assert stands(session, house, firm, other) == [0, -30_000]
    credit = session.scalars(sa.select(CityItem).where(CityItem.kind == ItemKind.CREDIT_NOTE)).one()
    assert (credit.company_id, credit.open) == (other.id, -30_000)
    assert reading.by_id(session, house, [credit.id])[credit.id].paper == (note.id, note.label)
    receivables.refund_payment(
        session, credit, amount=euros(30_000), method=Method.TRANSFER, reason="Never came", by=by
    )
    assert wrong(session, house) == []
    assert folios.balance_of(session, folio)[1] == euros(30_000)


@SQLITE
def test_who_paid_at_the_desk_has_nothing_on_an_account(session, house, by, firm):
    folio = papered.charged(session, house, 9_800)
    paper = papered.invoice(session, folio)
    payments.pay(session, folio, amount=euros(10_000), method=Method.CASH, by=by)
    folios.charge(session, folio, code=make.charge_code(session, house), amount=euros(500), by=by)
    receivables.direct_bill(session, folio, company=firm, by=by)

    receivables.credit(session, paper, reason="Never came", by=by)

    assert stands(session, house, firm) == [500]


SPOILS = {
    "UPDATE city_item_moves SET reason = 'x'": "written in ink",
    "DELETE FROM city_credit_notes": "written in ink",
    "INSERT INTO city_item_moves (hotel_id, id, item_id, out_id, in_id, origin_id, reason,"
    " moved_on, staff_id) SELECT hotel_id, 1, in_id, in_id, out_id, origin_id, 'x', moved_on,"
    " staff_id FROM city_item_moves": "moves as it is to another account",
    "INSERT INTO city_credit_notes (hotel_id, id, note_id, claim_id) SELECT hotel_id, claim_id,"
    " note_id, claim_id FROM city_credit_notes": "no more comes off an account",
}


def test_the_database_itself_keeps_moves_and_notes(session, house, by, firm, other):
    _, paper, _ = invoiced(session, house, firm, by, first="bill")
    receivables.credit(session, paper, lines=[1], reason="Not slept", by=by)
    old = billed(session, house, firm, 900, days=40)
    moved = receivables.move_to(session, old, to=other, reason="Bolt's", by=by)
    assert moved.dated == house.business_date - timedelta(days=40)

    for sql, says in SPOILS.items():
        with pytest.raises(IntegrityError, match=says), session.begin_nested():
            session.execute(sa.text(sql))


DEEDS = st.lists(
    st.tuples(
        st.sampled_from(
            ["charge", "invoice", "bill", "credit", "line", "amount", "move", "pay", "cash"]
        ),
        st.integers(0, 9),
    ),
    max_size=16,
)


@SQLITE
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(deeds=DEEDS)
def test_whatever_is_billed_and_credited_verify_finds_nothing(engine, deeds):
    with Session(engine, expire_on_commit=False) as session:
        house = make.hotel(session, f"H{db.new_id():x}"[-9:].upper())
        by = make.by(session, house)
        issuers.write(session, house, papered.ISSUER, by=by)
        firms = [
            companies.enter(session, house, code=code, name=code, direct_bill=True, by=by)
            for code in "AB"
        ]
        folio = papered.charged(session, house, 9_800)
        for deed, which in deeds:
            try:
                with session.begin_nested():
                    _do(session, house, folio, firms, deed, which, by=by)
            except Refusal:
                session.expire_all()

        assert [check.name for check in checks(session, house) if not check.ok] == []
        session.rollback()


def _do(session, house, folio, firms, deed, which, *, by):
    """Do something to the bill, to the newest invoice of it or to an item of an account."""
    why, firm = {"reason": "x", "by": by}, firms[which % 2]
    issued = session.scalars(
        sa.select(Paper)
        .where(Paper.hotel_id == house.id, Paper.kind == PaperKind.INVOICE)
        .order_by(Paper.id)
    ).all()
    items = session.scalars(
        sa.select(CityItem).where(CityItem.hotel_id == house.id, CityItem.open != 0)
    ).all()
    paper, item = issued[which % len(issued)] if issued else None, items[:1]
    to_bill = {
        "charge": lambda: folios.charge(
            session, folio, code=make.taxed_code(session, house), amount=euros(4_800), window=1,
            by=by,
        ),
        "invoice": lambda: papered.invoice(session, folio),
        "bill": lambda: receivables.direct_bill(session, folio, company=firm, by=by),
        "cash": lambda: payments.pay(
            session, folio, amount=euros(700), method=Method.CASH, by=by
        ),
        "pay": lambda: paid(session, house, firm, 3_000, oldest_first=True),
        "move": lambda: [receivables.move_to(session, each, to=firm, **why) for each in item],
    }  # fmt: skip
    of_paper = {
        "credit": lambda: receivables.credit(session, paper, **why),
        "line": lambda: receivables.credit(session, paper, lines=[1 + which % 2], **why),
        "amount": lambda: receivables.credit_amount(
            session, paper, line=1, amount=euros(100 + which), **why
        ),
    }
    if deed in to_bill:
        to_bill[deed]()
    elif paper is not None:
        of_paper[deed]()


def checks(session, house):
    """What verify says of accounts and of papers."""
    return [rule.check(session, house) for rule in (*accounts.RULES, *paper_rules.RULES)]


def test_two_clerks_move_one_item_and_one_of_them_is_told(engine):
    with Session(engine, expire_on_commit=False) as session, transaction(session):
        house = make.hotel(session)
        by = make.by(session, house)
        firms = [
            companies.enter(session, house, code=code, name=code, direct_bill=True, by=by)
            for code in "ABC"
        ]
        item = billed(session, house, firms[0], 5_000, days=9)
    wanted = firms[1:]

    def moves(session):
        found = session.get_one(CityItem, (house.id, item.id))
        to = session.merge(wanted.pop(), load=False)
        return receivables.move_to(session, found, to=to, reason="Theirs", by=by)

    answers = at_once(engine, moves)

    assert sorted(isinstance(each, receivables.NothingToMove) for each in answers) == [False, True]
    with Session(engine) as session:
        house = session.merge(house, load=False)
        assert sorted(stands(session, house, *firms)) == [0, 0, 5_000]
        assert wrong(session, house) == []
