"""Splitting: a posting in parts on several windows, its papers, its undoing; who may adjust it."""

from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.books import folios, ledger, papers, routing
from pms.hotel.books.folios import FolioWindow
from pms.hotel.books.papers import issuers
from pms.hotel.books.papers.reading import postings
from pms.hotel.books.routing import Takes
from pms.hotel.close.verify import papers as rules
from pms.hotel.house import logbook
from pms.hotel.house.staff import NotAllowed, Role
from tests import make, papered
from tests.hotel.books.days import roll

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
def folio(session, house):
    return make.folio(session, house, windows=3)


@pytest.fixture
def room(session, house, folio, by):
    """100.00 with 7 % inside and 2.00 of city tax on top, in window 1."""
    return folios.charge(
        session, folio, code=make.taxed_code(session, house), amount=euros(10_000), by=by
    )


def stands(session, folio):
    return {no: balance.minor for no, balance in folios.balance_of(session, folio).items()}


def window(session, folio, no):
    return session.get_one(FolioWindow, (folio.hotel_id, folio.id, no))


def read(session, house, folio, no):
    """What a paper of a window would say: net, and each tax."""
    account = folios.window_account(session, folio, no)
    return [
        (each.net, [tax.amount for tax in (*each.vat, *each.levies)])
        for each in postings(session, house, account)
    ]


def test_a_posting_is_split_by_percent_and_amount_and_put_together_again(
    session, house, folio, room, by
):
    half = folios.split(session, room, percent=Decimal(50), to_folio=folio, to_window=2, by=by)
    more = folios.split(session, room, amount=euros(1_000), to_folio=folio, to_window=3, by=by)

    assert stands(session, folio) == {1: 4_100, 2: 5_100, 3: 1_000}
    assert read(session, house, folio, 1) == [(3_757, [263, 80])]
    assert read(session, house, folio, 2) == [(4_673, [327, 100])]
    assert read(session, house, folio, 3) == [(916, [64, 20])]
    assert logbook.history(session, folio)[0].verb == "split"
    with pytest.raises(folios.MovedOn):
        folios.void(session, room, reason="x", by=by)

    folios.void(session, half, reason="all on one", by=by)
    rest = folios.transfer(session, room, to_folio=folio, to_window=2, by=by)
    assert stands(session, folio) == {1: 0, 2: 9_200, 3: 1_000}
    assert read(session, house, folio, 1) == []
    with pytest.raises(folios.MovedOn):
        folios.split(session, room, amount=euros(1), to_folio=folio, to_window=2, by=by)
    for each in (rest, more):
        folios.void(session, each, reason="all on one", by=by)
    assert read(session, house, folio, 1) == [(9_346, [654, 200])]


def test_one_of_several_payers_parts_moves_and_the_others_stay(session, house, folio, by):
    routing.route(session, folio, to_window=2, takes=Takes(percent=6_000), by=by)
    bar = make.charge_code(session, house, "BAR")
    entry = folios.charge(session, folio, code=bar, amount=euros(1_001), by=by)

    with pytest.raises(folios.SeveralPay, match="Move it from one of them"):
        folios.transfer(session, entry, to_folio=folio, to_window=3, by=by)
    with pytest.raises(folios.NotOnAFolio):
        folios.transfer(session, entry, to_folio=folio, leaving=window(session, folio, 3), by=by)
    folios.transfer(
        session, entry, to_folio=folio, to_window=3, leaving=window(session, folio, 1), by=by
    )

    assert stands(session, folio) == {1: 0, 2: 601, 3: 400}
    folios.split(
        session, entry, amount=euros(1), to_folio=folio, to_window=1,
        leaving=window(session, folio, 2), by=by,
    )  # fmt: skip
    assert stands(session, folio) == {1: 1, 2: 600, 3: 400}
    assert read(session, house, folio, 1) == [(1, [])]


def test_what_one_payer_has_on_paper_leaves_the_others_part_free(session, house, folio, by):
    issuers.write(session, house, papered.ISSUER, by=by)
    routing.route(session, folio, to_window=2, takes=Takes(percent=6_000), by=by)
    bar = make.charge_code(session, house, "BAR")
    entry = folios.charge(session, folio, code=bar, amount=euros(1_000), by=by)
    half = folios.split(
        session, entry, percent=Decimal(50), to_folio=folio, to_window=3,
        leaving=window(session, folio, 2), by=by,
    )  # fmt: skip

    invoice = papers.invoice(session, folio, window=2, to=papered.GUEST, by=by)

    assert invoice.gross == 300
    assert [rule.name for rule in rules.RULES if not rule.check(session, house).ok] == []
    folios.transfer(
        session, entry, to_folio=folio, to_window=3, leaving=window(session, folio, 1), by=by
    )
    for deed in (
        lambda: folios.transfer(
            session, entry, to_folio=folio, leaving=window(session, folio, 2), by=by
        ),
        lambda: folios.void(session, half, reason="x", by=by),
    ):
        with pytest.raises(folios.OnPaper):
            deed()
    with pytest.raises(IntegrityError, match="credited before"), session.begin_nested():
        ledger.reverse(session, house, half, reason="round the verb", by=by)
    papers.credit(session, invoice, reason="together after all", by=by)
    folios.void(session, half, reason="together after all", by=by)
    assert stands(session, folio) == {1: 0, 2: 600, 3: 400}
    assert [rule.name for rule in rules.RULES if not rule.check(session, house).ok] == []


@SQLITE
def test_odd_parts_are_refused(session, folio, room, by):
    for refusal, details in (
        (folios.NotAPart, {"amount": euros(0)}),
        (folios.NotAPart, {"amount": euros(10_200)}),
        (folios.NotAPart, {"amount": euros(-1)}),
        (folios.NotAPart, {"amount": Money(1, "USD")}),
        (folios.NotAPart, {"percent": Decimal(100)}),
        (Invalid, {}),
        (Invalid, {"amount": euros(1), "percent": Decimal(1)}),
    ):
        with pytest.raises(refusal):
            folios.split(session, room, **details, to_folio=folio, to_window=2, by=by)


def test_the_database_itself_lets_no_more_leave_than_stands(session, house, folio, room, by):
    folios.split(session, room, amount=euros(10_000), to_folio=folio, to_window=2, by=by)
    here, there = (folios.window_account(session, folio, no) for no in (1, 2))
    for amount, no in ((201, 1), (-201, 2)):
        draft = ledger.Draft(
            kind=ledger.Kind.TRANSFER, text="Too much", concerns_id=room.id, turn=no,
            lines=(ledger.Side(here, -amount), ledger.Side(there, amount)),
        )  # fmt: skip

        with pytest.raises(IntegrityError, match="no more is moved"), session.begin_nested():
            ledger.post(session, house, [draft], by=by)


# --- who may adjust how much ----------------------------------------------------------------------


def test_a_role_adjusts_a_bill_up_to_its_limit_in_a_day(session, house, folio, room, by):
    auditor = make.by(session, house, Role.NIGHT_AUDITOR)
    code = make.charge_code(session, house, "BAR")
    folios.charge(session, folio, code=code, amount=euros(20_000), by=by)

    def adjust(minor, who=auditor):
        return folios.adjust(
            session, folio, code=code, amount=euros(minor), reason="cold soup", by=who
        )

    folios.set_limits(session, house, {Role.NIGHT_AUDITOR: euros(5_000)}, by=by)
    first = adjust(-3_000)
    with pytest.raises(folios.OverLimit, match=r"night auditor\) adjusts a bill by €50\.00 a"):
        adjust(2_001)
    adjust(-2_001, by)
    folios.void(session, first, reason="no soup", by=auditor)
    adjust(-5_000)
    roll(session, house)
    adjust(-5_000)
    with pytest.raises(folios.OverLimit):
        folios.void(session, room, reason="of yesterday", by=auditor)

    folios.set_limits(session, house, {Role.NIGHT_AUDITOR: None}, by=by)
    folios.void(session, room, reason="of yesterday", by=auditor)
    assert folios.limits(session, house) == {}
    said = session.scalars(
        sa.select(logbook.Line).where(logbook.Line.verb == "set adjustment limits")
    ).all()
    assert [line.before for line in said] == [None, {"night_auditor": "50.00"}]


@SQLITE
def test_what_a_role_voids_of_earlier_days_counts_to_its_limit(session, house, by):
    auditor = make.by(session, house, Role.NIGHT_AUDITOR)
    folio, code = make.folio(session, house), make.charge_code(session, house, "BAR")
    first, second, third = (
        folios.charge(session, folio, code=code, amount=euros(3_000), by=by) for _ in range(3)
    )
    folios.set_limits(session, house, {Role.NIGHT_AUDITOR: euros(5_000)}, by=by)
    folios.void(session, first, reason="of today", by=auditor)
    roll(session, house)
    folios.void(session, second, reason="of yesterday", by=auditor)

    with pytest.raises(folios.OverLimit):
        folios.void(session, third, reason="of yesterday", by=auditor)
    with pytest.raises(folios.OverLimit):
        folios.adjust(session, folio, code=code, amount=euros(-2_001), reason="x", by=auditor)


@SQLITE
def test_limits_are_set_by_who_sets_up_in_amounts_that_are_any(session, house, by):
    with pytest.raises(NotAllowed):
        folios.set_limits(session, house, {}, by=make.by(session, house, Role.NIGHT_AUDITOR))
    with pytest.raises(Invalid):
        folios.set_limits(session, house, {Role.NIGHT_AUDITOR: euros(-1)}, by=by)
    with pytest.raises(IntegrityError):
        session.execute(
            sa.insert(folios.AdjustmentLimit).values(hotel_id=house.id, role=Role.MANAGER, most=-1)
        )
