"""Pricing: every part of a price has a source, and the parts are the price."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError

from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.guests import companies
from pms.hotel.house.logbook import Line
from pms.hotel.house.staff import NotAllowed, Role
from pms.hotel.rooms import (
    calendar,
    derivations,
    negotiated,
    offers,
    pricing,
    quotes,
    rates,
    season_changes,
    seasons,
    supplements,
)
from pms.hotel.rooms.derivations import DerivedPlan, Difference, Follows, GoesRound, TooDeep
from pms.hotel.rooms.negotiated import NotAgreed, PlanCompany
from pms.hotel.rooms.pricing import (
    Derivation,
    Effect,
    Party,
    Recipe,
    Rounding,
    Supplement,
    Supplements,
    Who,
    Why,
)
from pms.hotel.rooms.rate_changes import ChangedMeanwhile, UndoneAlready
from pms.hotel.rooms.rates import NightPrice
from pms.hotel.rooms.season_changes import Wish
from pms.hotel.rooms.seasons import Season, SeasonsOverlap, Span, TypePrice
from pms.hotel.stays import reservations
from tests import make

DAY = make.DAY
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TEN_LESS = Difference(points=-1_000)


def night(n):
    return DAY + timedelta(days=n)


def quoted(session, house, *, arrives=0, leaves=1, adults=2, **party):
    """Each plan's quote of a double."""
    found = quotes.quote(session, house, night(arrives), night(leaves), adults=adults, **party)
    return {quote.plan.code: quote for quote in found if quote.room_type.code == "DBL"}


def offered(session, house, *, arrives=0, leaves=1, adults=2, **party):
    found = offers.offers(session, house, night(arrives), night(leaves), adults=adults, **party)
    return dict(next(offer for offer in found if offer.room_type == "DBL").totals)


def parts(quote):
    return [(part.why, part.words, part.amount) for part in quote.nights[0].parts]


# --- without a database -------------------------------------------------------------------------

steps = st.builds(
    Derivation,
    parent=st.just("P"),
    points=st.integers(-9_000, 20_000),
    amount=st.none(),
    step=st.sampled_from([1, 5, 50, 100]),
    rounding=st.sampled_from(list(Rounding)),
) | st.builds(Derivation, parent=st.just("P"), points=st.none(), amount=st.integers(-9_000, 20_000))
rows = st.builds(
    Supplement, who=st.just(Who.ADULTS), number=st.integers(1, 4), amount=st.integers(-9_000, 9_000)
) | st.builds(
    Supplement, who=st.just(Who.CHILD), number=st.integers(0, 17), amount=st.integers(0, 9_000)
)
ages = st.lists(st.integers(0, 17), max_size=3).map(tuple)


@given(
    base=st.integers(0, 100_000),
    chain=st.lists(steps, max_size=4).map(tuple),
    who=st.lists(rows, max_size=6, unique_by=lambda each: (each.who, each.number)),
    heads=st.tuples(st.integers(1, 6), st.integers(0, 3), ages),
    effects=st.lists(
        st.builds(Effect, words=st.just("r"), points=st.integers(-5_000, 5_000), amount=st.none()),
        max_size=2,
    ).map(tuple),
)
def test_the_parts_are_the_price_and_the_price_is_not_below_zero(
    base, chain, who, heads, effects
) -> None:
    recipe = Recipe(1, "P", "Plan", "EUR", 1, None, chain, {None: Supplements.made_of(who)})
    adults, children, known = heads
    party = Party(adults, max(children, len(known)), known)

    made = pricing.price(base, None, recipe, 7, party, effects)

    assert sum(part.amount for part in made.parts) == made.price >= 0
    assert made.parts[0] == pricing.Part(Why.DAY, "Price of the day", base)
    assert all(part.words for part in made.parts)


@pytest.mark.parametrize(
    ("price", "step", "rounding", "is_"),
    [
        (9_995, 1, Rounding.NEAREST, 8_996),  # 8,995.5: halves go up
        (9_995, 100, Rounding.NEAREST, 9_000),
        (9_995, 100, Rounding.DOWN, 8_900),
        (9_801, 100, Rounding.UP, 8_900),
        (10_000, 100, Rounding.UP, 9_000),
    ],
)
def test_a_derived_price_comes_to_a_whole_step(price, step, rounding, is_):
    assert Derivation("P", -1_000, None, step, rounding).of(price) == is_


def test_each_party_pays_by_who_comes():
    asked = Supplements.made_of(
        [
            Supplement(Who.ADULTS, 1, -1_500),
            Supplement(Who.ADULTS, 3, 4_000),
            Supplement(Who.EXTRA_ADULT, 0, 3_000),
            Supplement(Who.CHILD, 5, 0),
            Supplement(Who.CHILD, 12, 2_000),
        ]
    )

    def more(*heads):
        return sum(part.amount for part in asked.parts(Party(*heads)))

    assert [more(n) for n in (1, 2, 3, 4, 5)] == [-1_500, 0, 4_000, 7_000, 10_000]
    assert more(2, 2, (3, 9)) == 2_000
    assert more(2, 1, (14,)) == 4_000  # older than the oldest listed: an adult
    assert more(2, 2) == 4_000  # ages unknown: as the oldest
    assert Supplements.made_of([]).parts(Party(4, 2, (3,))) == []


# --- plans that follow --------------------------------------------------------------------------


def test_a_plan_follows_another_and_explains_itself(session):
    house = make.furnished(session)
    by, bar, strict = make.by(session, house), rates.by_code(session, house, "BAR"), None
    strict = make.plan(session, house, code="NRF", price="1.00")

    derivations.derive(session, strict, bar, Difference(points=-1_000, step=100), by=by)
    rates.set_prices(
        session, bar, make.room_type(session, house), {DAY: Money(9_990, "EUR")}, by=by
    )

    now = quoted(session, house)["NRF"]
    assert parts(now) == [
        (Why.DAY, "Price of the day", 9_990),
        (Why.DERIVED, "Best available -10 %", -990),
    ]
    assert now.total == Money(9_000, "EUR")
    assert offered(session, house)["NRF"] == 9_000
    booked = make.reservation(session, house, nights=1)
    promised = reservations.book(
        session, house, guest=booked.guest, room_type=booked.room_type, plan=strict, arrival=DAY,
        departure=night(1), adults=2, by=by,
    )  # fmt: skip
    assert promised.nights[0].price == 9_000
    assert session.scalar(sa.select(Line.verb).where(Line.verb == "derived plan"))
    # let go again, it keeps the prices it had
    assert derivations.stand_alone(session, strict, by=by) == 61
    assert quoted(session, house)["NRF"].total == Money(9_000, "EUR")
    with pytest.raises(derivations.StandsAlone, match="follows no other"):
        derivations.stand_alone(session, strict, by=by)


def test_no_plan_follows_itself_by_any_way(session):
    house = make.furnished(session)
    by = make.by(session, house)
    a, b, c = (make.plan(session, house, code=code) for code in "ABC")
    derivations.derive(session, b, a, TEN_LESS, by=by)
    derivations.derive(session, c, b, TEN_LESS, by=by)

    for plan, parent in ((a, c), (a, b), (b, c), (a, a)):
        with pytest.raises(GoesRound, match="follows"):
            derivations.derive(session, plan, parent, TEN_LESS, by=by)

    # a chain moves down as a whole when its head begins to follow
    derivations.derive(session, a, rates.by_code(session, house, "BAR"), TEN_LESS, by=by)
    levels = sa.select(DerivedPlan.plan_id, DerivedPlan.level)
    assert dict(session.execute(levels).all()) == {a.id: 1, b.id: 2, c.id: 3}
    assert offered(session, house)["C"] == 7_290
    for sql in (
        f"UPDATE derived_plans SET parent_id = {c.id} WHERE plan_id = {a.id}",
        f"UPDATE derived_plans SET level = 3 WHERE plan_id = {b.id}",
        f"UPDATE derived_plans SET parent_id = plan_id WHERE plan_id = {c.id}",
    ):
        with pytest.raises(DBAPIError), session.begin_nested():
            session.execute(sa.text(sql))


@SQLITE
def test_what_no_plan_can_follow_is_refused(session):
    house = make.furnished(session)
    by, bar = make.by(session, house), rates.by_code(session, house, "BAR")
    plans = [make.plan(session, house, code=f"P{n}") for n in range(6)]
    for plan, parent in zip(plans[:5], [bar, *plans], strict=False):
        derivations.derive(session, plan, parent, TEN_LESS, by=by)

    with pytest.raises(TooDeep):
        derivations.derive(session, plans[5], plans[4], TEN_LESS, by=by)
    for wrong in (
        Difference(),
        Difference(points=1, amount=Money(1, "EUR")),
        Difference(points=-10_001),
        Difference(points=1, step=0),
    ):
        with pytest.raises(Invalid):
            derivations.derive(session, plans[5], bar, wrong, by=by)
    with pytest.raises(NotAllowed):
        clerk = make.by(session, house, Role.FRONT_DESK)
        derivations.derive(session, plans[5], bar, TEN_LESS, by=clerk)
    # in the calendar it can't be priced, and is left out where all are
    hundred = {"how": calendar.How.SET, "amount": Money(7_700, "EUR")}
    kinds = [make.room_type(session, house)]
    with pytest.raises(Follows, match="follows Best available"):
        calendar.work_out(session, house, [DAY], types=kinds, plans=plans[:1], **hundred)
    changes = calendar.work_out(
        session, house, [DAY], types=kinds, plans=[bar, *plans[:5]], **hundred
    )
    assert [each.plan_id for each in changes] == [bar.id]


# --- seasons ------------------------------------------------------------------------------------


def test_a_season_sets_its_nights_and_leaves_what_was_set_by_hand(session):
    house = make.furnished(session)
    by, bar, kind = make.by(session, house), rates.by_code(session, house, "BAR"), None
    kind = make.room_type(session, house)
    costs = {kind: TypePrice(Money(15_000, "EUR"), Money(18_000, "EUR"))}
    season = seasons.put(session, bar, Span("Fair", night(0), night(6)), costs, by=by)

    stay = quoted(session, house, leaves=8)["BAR"]
    weekend = [n.night.weekday() in {4, 5} for n in stay.nights]
    assert [n.price.minor for n in stay.nights] == [
        10_000 if n == 7 else (18_000 if weekend[n] else 15_000) for n in range(8)
    ]
    assert stay.nights[0].parts[0].words == "Fair"
    assert stay.nights[0].parts[0].why is Why.SEASON
    # by hand after that: it stands when the season is changed, unless it is told to go
    rates.set_prices(session, bar, kind, {night(1): Money(9_000, "EUR")}, by=by)
    cheaper = {kind: TypePrice(Money(14_000, "EUR"))}
    seasons.put(session, bar, Span("Fair", night(0), night(3)), cheaper, season=season, by=by)
    prices = [n.price.minor for n in quoted(session, house, leaves=4)["BAR"].nights]
    assert prices == [14_000, 9_000, 14_000, 14_000]
    everything = {"season": season, "over_hand": True, "by": by}
    seasons.put(session, bar, Span("Fair", night(0), night(3)), cheaper, **everything)
    assert quoted(session, house, arrives=1, leaves=2)["BAR"].total.minor == 14_000
    # the nights it lost have their price, and no season
    of_none = sa.select(NightPrice.season_id).where(NightPrice.night == night(5))
    assert session.scalar(of_none) is None

    seasons.remove(session, season, by=by)
    assert quoted(session, house)["BAR"].nights[0].parts[0].why is Why.DAY


@SQLITE
def test_a_season_is_shown_before_it_changes_applied_as_shown_and_taken_back(session):
    house = make.furnished(session)
    by, bar = make.by(session, house), rates.by_code(session, house, "BAR")
    kind = make.room_type(session, house)
    rates.set_prices(session, bar, kind, {night(1): Money(9_000, "EUR")}, by=by)

    def wish(minor, nights, season=None):
        costs = {kind: TypePrice(Money(minor, "EUR"))}
        return Wish(Span("Fair", night(0), night(nights)), costs, season)

    def prices():
        return [n.price.minor for n in quoted(session, house, leaves=4)["BAR"].nights]

    shown = season_changes.preview(session, bar, wish(15_000, 2), by=by)
    assert [(each.before, each.after) for each in shown] == [
        (10_000, 15_000), (9_000, 15_000), (10_000, 15_000)
    ]  # fmt: skip
    assert prices() == [10_000, 9_000, 10_000, 10_000]  # it was only looked at
    seen = season_changes.digest(shown)
    with pytest.raises(ChangedMeanwhile), session.begin_nested():
        season_changes.put(session, bar, wish(16_000, 2), seen=seen, by=by)
    made = season_changes.put(session, bar, wish(15_000, 2), seen=seen, by=by)
    season = session.get_one(Season, (house.id, made.season_id))
    longer = season_changes.put(session, bar, wish(17_000, 3, season), by=by)
    assert prices() == [17_000] * 4

    with pytest.raises(season_changes.NewerChange):
        season_changes.undo(session, made, by=by)
    season_changes.undo(session, longer, by=by)
    assert (prices(), season.last) == ([15_000] * 3 + [10_000], night(2))
    season_changes.undo(session, made, by=by)
    assert prices() == [10_000, 9_000, 10_000, 10_000]
    assert session.get(Season, (house.id, made.season_id)) is None
    with pytest.raises(UndoneAlready):
        season_changes.undo(session, made, by=by)

    again = season_changes.put(session, bar, wish(15_000, 2), by=by)
    season = session.get_one(Season, (house.id, again.season_id))
    gone = season_changes.remove(session, season, by=by)
    assert prices() == [15_000] * 3 + [10_000]
    season_changes.undo(session, gone, by=by)
    back = session.get_one(Season, (house.id, again.season_id))
    assert (back.name, back.last, seasons.prices_of(session, back)) == (
        "Fair", night(2), {kind.id: (15_000, 15_000)}
    )  # fmt: skip
    assert quoted(session, house)["BAR"].nights[0].parts[0].why is Why.SEASON
    gone = season_changes.remove(session, back, by=by)
    other = season_changes.put(session, bar, wish(12_000, 1), by=by)
    with pytest.raises(seasons.SeasonsOverlap), session.begin_nested():
        season_changes.undo(session, gone, by=by)
    season_changes.undo(session, other, by=by)
    season_changes.undo(session, gone, by=by)
    assert prices() == [15_000] * 3 + [10_000]
    rates.set_prices(session, bar, kind, {night(2): Money(1_000, "EUR")}, by=by)
    with pytest.raises(ChangedMeanwhile):
        season_changes.undo(session, again, by=by)


@SQLITE
def test_a_changed_season_leaves_only_the_prices_that_were_set_by_hand_since(session):
    """Not the whole night, and not those of a type that the season hadn't had."""
    house = make.furnished(session)
    by, bar = make.by(session, house), rates.by_code(session, house, "BAR")
    double, suite, single = (make.room_type(session, house, code) for code in ("DBL", "STE", "SGL"))
    span = Span("Fair", night(1), night(2))

    def by_hand(kind, price):
        rates.set_prices(session, bar, kind, {night(1): Money(price, "EUR")}, by=by)

    def costs(**prices):
        kinds = {"double": double, "suite": suite, "single": single}
        return {kinds[name]: TypePrice(Money(each, "EUR")) for name, each in prices.items()}

    by_hand(single, 7_000)
    season = seasons.put(session, bar, span, costs(double=15_000, suite=30_000), by=by)
    by_hand(suite, 33_300)
    every = costs(double=20_000, suite=40_000, single=9_000)
    seasons.put(session, bar, span, every, season=season, by=by)

    stand = session.execute(
        sa.select(NightPrice.type_id, NightPrice.price).where(NightPrice.night == night(1))
    ).all()
    assert dict(tuple(row) for row in stand) == {
        double.id: 20_000, suite.id: 33_300, single.id: 9_000,
    }  # fmt: skip


def test_two_seasons_of_a_plan_have_no_night_together(session):
    house = make.furnished(session)
    by, bar = make.by(session, house), rates.by_code(session, house, "BAR")
    costs = {make.room_type(session, house): TypePrice(Money(15_000, "EUR"))}
    made = seasons.put(session, bar, Span("A", night(0), night(3)), costs, by=by)

    with pytest.raises(SeasonsOverlap, match="A has nights of these"):
        seasons.put(session, bar, Span("B", night(3), night(5)), costs, by=by)

    other = seasons.put(session, bar, Span("B", night(4), night(5)), costs, by=by)
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(sa.update(Season).where(Season.id == other.id).values(first=made.last))


# --- who comes, and for whom --------------------------------------------------------------------


def test_supplements_are_a_plans_own_or_those_it_follows(session):
    house = make.furnished(session)
    by, bar = make.by(session, house), rates.by_code(session, house, "BAR")
    strict = make.plan(session, house, code="NRF")
    derivations.derive(session, strict, bar, TEN_LESS, by=by)
    rows = [Supplement(Who.ADULTS, 1, -2_000), Supplement(Who.CHILD, 12, 1_000)]
    supplements.put(session, bar, rows, by=by)

    one = {"adults": 1, "children": 1, "ages": (8,)}
    assert offered(session, house, **one) == {"BAR": 9_000, "NRF": 8_000}
    assert [part[1:] for part in parts(quoted(session, house, **one)["NRF"])] == [
        ("Price of the day", 10_000),
        ("Best available -10 %", -1_000),
        ("1 adult", -2_000),
        ("Child of 8", 1_000),
    ]
    supplements.put(session, strict, [], by=by)  # nothing of its own: still those it follows
    supplements.put(
        session, strict, [Supplement(Who.ADULTS, 1, -500)],
        room_type=make.room_type(session, house), by=by,
    )  # fmt: skip
    assert offered(session, house, **one)["NRF"] == 8_500
    booked = make.reservation(session, house, adults=1, children=1, child_ages=(8,))
    assert [each.price for each in booked.nights] == [9_000, 9_000]
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(sa.text("UPDATE occupancy_supplements SET number = 5 WHERE who = 'adults'"))
    with pytest.raises(Invalid, match="once"):
        supplements.put(session, bar, [rows[0], rows[0]], by=by)


def test_a_negotiated_plan_is_sold_to_its_companies_only(session):
    house = make.furnished(session)
    by, plan = make.by(session, house), make.plan(session, house, code="CORP", price="80.00")
    ours, theirs = (
        companies.enter(session, house, code=code, name=code, by=by) for code in ("OURS", "THEIRS")
    )

    negotiated.agree(session, plan, ours, first=night(0), last=night(9), by=by)

    assert set(offered(session, house)) == set(quoted(session, house)) == {"BAR"}
    assert set(offered(session, house, company_id=theirs.id)) == {"BAR"}
    for_ours = quoted(session, house, company_id=ours.id)
    assert for_ours["CORP"].is_agreed
    assert offered(session, house, company_id=ours.id)["CORP"] == 8_000
    assert set(offered(session, house, arrives=9, leaves=11, company_id=ours.id)) == {"BAR"}
    details = {
        "guest": make.guest(session, house), "room_type": make.room_type(session, house),
        "plan": plan, "arrival": DAY, "departure": night(1), "adults": 2, "by": by,
    }  # fmt: skip
    for company in (None, theirs):
        with pytest.raises(NotAgreed, match="agreed"):
            reservations.book(session, house, company=company, **details)
    assert reservations.book(session, house, company=ours, **details).nights[0].price == 8_000

    negotiated.end(session, plan, ours, last=night(0), by=by)
    assert set(offered(session, house, arrives=1, leaves=2, company_id=ours.id)) == {"BAR"}
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(sa.delete(PlanCompany))


@SQLITE
def test_a_sheet_is_read_again_after_a_change_and_never_after_one_rolled_back(session):
    house = make.furnished(session)
    by, bar = make.by(session, house), rates.by_code(session, house, "BAR")
    assert offered(session, house, adults=1)["BAR"] == 10_000
    begun = session.begin_nested()
    supplements.put(session, bar, [Supplement(Who.ADULTS, 1, -5_000)], by=by)
    assert offered(session, house, adults=1)["BAR"] == 5_000

    begun.rollback()

    assert offered(session, house, adults=1)["BAR"] == 10_000
    supplements.put(session, bar, [Supplement(Who.ADULTS, 1, -1_000)], by=by)
    assert offered(session, house, adults=1)["BAR"] == 9_000
