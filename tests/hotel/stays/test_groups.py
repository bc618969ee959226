"""Groups: a code, a master folio, and parties whose charges are routed to it."""

import pytest

from pms.base.money import Money
from pms.hotel.books import folios, routing
from pms.hotel.books.folios import Folio
from pms.hotel.stays import groups, settlements
from tests import make


def test_a_partys_charges_go_to_the_groups_master(session):
    house = make.furnished(session)
    manager = make.by(session, house)
    group = groups.open_group(session, house, code="wedding", name="Åkesson wedding", by=manager)
    party = make.reservation(session, house, group=group)
    own = settlements.folio_of(session, party, by=manager)
    master = session.get_one(Folio, (house.id, group.folio_id))
    routing.route(session, own, to_folio=master, to_window=1, by=manager)

    code = make.charge_code(session, house, "BAR")
    folios.charge(session, own, code=code, amount=Money(4200, "EUR"), by=manager)

    assert folios.balance_of(session, master) == {1: Money(4200, "EUR")}
    assert settlements.settled(session, party)
    with pytest.raises(groups.GroupCodeTaken, match="There is a group WEDDING already"):
        groups.open_group(session, house, code="Wedding", name="Another", by=manager)
