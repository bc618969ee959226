"""Refreshing: what is posted goes where the routing says by now, within limits, and back."""

import random
from collections import Counter

import pytest
import sqlalchemy as sa

from pms.hotel.books import folios, papers, routing
from pms.hotel.books.folios import RoutedAmount
from pms.hotel.books.papers import issuers
from pms.hotel.books.routing import Takes
from pms.hotel.house import logbook
from pms.hotel.house.staff import NotAllowed, Role
from pms.hotel.tariff.charges import Department
from pms.hotel.tariff.taxes import Levies
from tests import make, papered
from tests.engines import ONE_ENGINE
from tests.hotel.books.bills import clean, euros, stands

FOOD = Department.FOOD_AND_BEVERAGE


def test_what_is_posted_follows_the_rules_within_their_limits_and_comes_back(session, house, by):
    folio, master = make.folio(session, house, windows=2), make.folio(session, house)
    lodging = make.taxed_code(session, house)
    for _ in range(2):  # 102.00 each, 2.00 of it city tax
        night = folios.charge(session, folio, code=lodging, amount=euros(10_000), by=by)
    folios.adjust(
        session, folio, code=lodging, amount=euros(-1_000), reason="Cold", concerns=night, by=by
    )
    takes = Takes(code=lodging, night_limit=euros(5_100))
    routing.route(session, folio, to_folio=master, to_window=1, takes=takes, by=by)
    half = Takes(department=Department.ROOMS, percent=5_000)
    routing.route(session, folio, to_window=2, takes=half, by=by)

    shown = folios.routing_refresh(session, folio)
    number, done = folios.refresh_routing(session, folio, expects=shown.digest, by=by)

    assert done == shown
    # The master takes 51.00 of the day, window 2 half of each; of what was adjusted half too.
    assert (stands(session, folio), stands(session, master)) == (
        {1: 19_400 - 5_100 - 9_700, 2: 10_200 - 500},
        {1: 5_100},
    )
    assert sum(session.scalars(sa.select(RoutedAmount.amount))) == 5_100 + 10_200
    assert folios.routing_refresh(session, folio).moves == ()
    with pytest.raises(folios.NothingToMove):
        folios.refresh_routing(session, folio, by=by)
    assert logbook.history(session, folio)[0].verb == "refreshed routing"
    assert logbook.history(session, master)[0].verb == "was routed"
    assert clean(session, house) == []

    assert folios.take_back_refresh(session, folio, number, by=by) == len(done.moves)
    assert (stands(session, folio), stands(session, master)) == ({1: 19_400, 2: 0}, {1: 0})
    assert folios.routing_refresh(session, folio) == shown  # the limits are free again
    with pytest.raises(folios.NothingToTakeBack):
        folios.take_back_refresh(session, folio, number, by=by)
    assert clean(session, house) == []


@pytest.mark.parametrize("seed", range(6))
@ONE_ENGINE
def test_refreshed_is_as_if_the_rules_had_been_there_before(session, house, by, bar, seed):
    dice = random.Random(seed)  # noqa: S311 - a seed
    lodging = make.taxed_code(session, house)
    before, after = (make.folio(session, house, windows=3) for _ in range(2))
    posted = [(dice.choice([bar, lodging]), dice.randint(1, 20_000)) for _ in range(5)]
    for code, minor in posted:
        folios.charge(session, after, code=code, amount=euros(minor), by=by)
    levies = list(Levies) if seed % 2 else [Levies.ALONG]
    for _ in range(dice.randint(1, 4)):
        takes = Takes(
            codes=dice.choice([(), (bar,), (lodging,), (bar, lodging)]),
            levies=dice.choice(levies),
            percent=dice.choice([folios.WHOLE, dice.randint(1, folios.WHOLE)]),
            night_limit=dice.choice([None, euros(dice.randint(1, 9_000))]),
            total_limit=dice.choice([None, euros(dice.randint(1, 20_000))]),
        )
        window = dice.choice([2, 3])
        for folio in (before, after):
            routing.route(session, folio, to_window=window, takes=takes, by=by)
    for code, minor in posted:
        folios.charge(session, before, code=code, amount=euros(minor), by=by)

    if folios.routing_refresh(session, after).moves:
        folios.refresh_routing(session, after, by=by)

    assert stands(session, after) == stands(session, before)
    assert folios.routing_refresh(session, after).moves == ()
    assert folios.routing_refresh(session, before).moves == ()
    assert clean(session, house) == []


@ONE_ENGINE
def test_a_rule_that_takes_more_now_moves_only_the_difference(session, house, by, bar):
    folio = make.folio(session, house, windows=3)
    first = routing.route(session, folio, to_window=2, takes=Takes(percent=6_000), by=by)
    folios.charge(session, folio, code=bar, amount=euros(10_000), by=by)
    routing.change(session, first, takes=Takes(percent=8_000), by=by)

    folios.refresh_routing(session, folio, by=by)

    assert stands(session, folio) == {1: 2_000, 2: 8_000, 3: 0}
    routing.stop(session, first, by=by)
    routing.route(session, folio, to_window=2, takes=Takes(percent=8_500), by=by)
    routing.route(session, folio, to_window=3, takes=Takes(percent=1_000), by=by)
    folios.refresh_routing(session, folio, by=by)
    assert stands(session, folio) == {1: 500, 2: 8_500, 3: 1_000}  # what is there counts


@ONE_ENGINE
def test_what_is_invoiced_put_there_or_routed_here_stays(session, house, by, bar):
    issuers.write(session, house, papered.ISSUER, by=by)
    folio, party = make.folio(session, house, windows=2), make.folio(session, house)
    routing.route(session, party, to_folio=folio, to_window=1, by=by)
    folios.charge(session, party, code=bar, amount=euros(700), by=by)
    folios.charge(session, folio, code=bar, amount=euros(300), by=by)
    papers.invoice(session, folio, to=papered.GUEST, by=by)
    there = folios.charge(session, folio, code=bar, amount=euros(50), window=2, by=by)
    folios.transfer(session, there, to_folio=folio, to_window=1, by=by)
    folios.charge(session, folio, code=bar, amount=euros(20), by=by)
    routing.route(session, folio, to_window=2, by=by)

    shown = folios.routing_refresh(session, folio)
    folios.refresh_routing(session, folio, by=by)

    assert [move.minor for move in shown.moves] == [20]
    assert [each.minor for each in shown.invoiced] == [300]
    assert stands(session, folio) == {1: 1_050, 2: 20}
    assert Counter(line.verb for line in logbook.history(session, folio))["refreshed routing"] == 1


@ONE_ENGINE
def test_refreshing_is_refused(session, house, by, bar):
    folio = make.folio(session, house, windows=2)
    routing.route(session, folio, to_window=2, by=by)
    folios.charge(session, folio, code=bar, amount=euros(300), window=1, by=by)
    shown = folios.routing_refresh(session, folio)
    folios.charge(session, folio, code=bar, amount=euros(20), window=1, by=by)

    with pytest.raises(folios.PostedMeanwhile):
        folios.refresh_routing(session, folio, expects=shown.digest, by=by)
    with pytest.raises(NotAllowed):
        folios.refresh_routing(session, folio, by=make.by(session, house, Role.HOUSEKEEPER))
    number, done = folios.refresh_routing(session, folio, by=by)
    moved = session.scalars(sa.select(folios.Folio).where(folios.Folio.id == folio.id)).one()
    assert len(done.moves) == 2
    issuers.write(session, house, papered.ISSUER, by=by)
    papers.invoice(session, moved, window=2, to=papered.GUEST, by=by)
    with pytest.raises(folios.OnPaper):
        folios.take_back_refresh(session, folio, number, by=by)
