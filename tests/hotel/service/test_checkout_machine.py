"""Money verbs in any order, with kills in between, answers lost and events shuffled and doubled.

At the gateway, in cash, in the drawer, on folios, on account and on paper, by day and at night.
Any deed may be killed at a statement or at a commit: then the database is as it was before, or as
the deed committed it. After every step every rule of verify holds that speaks of rows; at the end,
when the reconciler has asked about all that was left, the others do too, and the books are those of
the gateway, payment by payment. More of it: PMS_SWEEP=all, PMS_EXAMPLES and --hypothesis-seed.
"""

import os

import hypothesis
import pytest
from hypothesis.stateful import run_state_machine_as_test

from tests.conftest import BOTH, fresh_database
from tests.hotel.service.machine.accounts import Accounts
from tests.hotel.service.machine.desk import Bills, Moves
from tests.hotel.service.machine.drawers import Drawers
from tests.hotel.service.machine.gateway import Gateway
from tests.hotel.service.machine.nights import Nights
from tests.sweeping import ALL

EXAMPLES = int(os.environ.get("PMS_EXAMPLES", "100"))


class Money(Gateway, Bills, Moves, Accounts, Drawers, Nights):
    """A hotel, its guests, its companies, and a gateway that forgets to answer."""


@pytest.fixture(params=BOTH)
def fresh(request, tmp_path):
    """What gives fresh databases of an engine, one after the other."""
    return lambda: fresh_database(request, tmp_path)


@pytest.mark.timeout(7200 if ALL else 300)
def test_money_verbs_in_any_order_leave_the_books_right(fresh, tmp_path):
    Money.fresh, Money.folder = staticmethod(fresh), tmp_path
    Money.came_of.clear()
    settings = hypothesis.settings(
        max_examples=EXAMPLES if ALL else 3,
        stateful_step_count=40 if ALL else 20,
        deadline=None,
        derandomize=not ALL,
        suppress_health_check=list(hypothesis.HealthCheck),
        phases=[hypothesis.Phase.generate],
    )

    run_state_machine_as_test(Money, settings=settings)

    print(*sorted(Money.came_of.items()), sep="\n")
