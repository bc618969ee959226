"""Money verbs in any order, with kills in between, answers lost and events shuffled and doubled.

At the gateway, in cash, in the drawer, on folios, on account, on paper and on pay day, by day and
at night. Any deed may be killed at a statement or at a commit: then the database is as it was
before, or as the deed committed it. After every step every rule of verify holds that speaks of
rows; at the end, when the reconciler has asked about all that was left, the others do too, and the
books are those of the gateway, payment by payment.

More of it: PMS_SWEEP=all, with PMS_EXAMPLES and PMS_STEPS, from PMS_SEED on; `-s` shows what came
of each verb, which steps never did anything (of those more seeds are wanted: PMS_OFTEN names steps
that half of what is done is to be) and at which it was killed.
"""

import os
from pathlib import Path

import hypothesis
import pytest
from hypothesis.stateful import run_state_machine_as_test

from tests.conftest import BOTH, fresh_database
from tests.hotel.service.machine import inventory
from tests.hotel.service.machine.accounts import Accounts
from tests.hotel.service.machine.ahead import Ahead
from tests.hotel.service.machine.desk import Moves
from tests.hotel.service.machine.drawers import Drawers
from tests.hotel.service.machine.nights import Nights
from tests.hotel.service.machine.parties import Parties
from tests.hotel.service.machine.services import Services
from tests.hotel.service.machine.tips import Tips
from tests.hotel.service.machine.together import Together
from tests.hotel.service.machine.web import Web
from tests.sweeping import ALL

EXAMPLES = int(os.environ.get("PMS_EXAMPLES", "30")) if ALL else 2
STEPS = int(os.environ.get("PMS_STEPS", "60")) if ALL else 25
SEED = int(os.environ.get("PMS_SEED", "1"))

HERE = Path(__file__).parent


class Money(Ahead, Together, Web, Moves, Accounts, Drawers, Services, Tips, Nights, Parties):
    """A hotel, its guests, its companies, and a gateway that forgets to answer."""


@pytest.fixture(params=BOTH)
def fresh(request, tmp_path):
    """What gives fresh databases of an engine, one after the other."""
    return lambda: fresh_database(request, tmp_path)


@pytest.mark.timeout(7200 if ALL else 300)
def test_money_verbs_in_any_order_leave_the_books_right(fresh, tmp_path):
    Money.fresh, Money.folder = staticmethod(fresh), tmp_path
    Money.forget()
    settings = hypothesis.settings(
        max_examples=1,  # each with a seed of its own: of many, most repeat a part of those before
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
        phases=[hypothesis.Phase.generate],
    )

    try:
        for seed in range(SEED, SEED + EXAMPLES):
            print("seed", seed, flush=True)
            Money.before = seed * STEPS // 2
            run_state_machine_as_test(hypothesis.seed(seed)(Money), settings=settings)
    finally:
        print(*Money.told(), sep="\n")


def test_every_verb_that_moves_money_is_driven():
    assert inventory.left_out([*HERE.glob("machine/*.py"), HERE / "paying.py"]) == set()
