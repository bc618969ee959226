"""The description is true: schemathesis reads it and asks what it promises, in process.

The bounded run is part of the suite. By name and for longer:
`PMS_SCHEMATHESIS=300 pytest -n0 --timeout=3600 tests/api/test_description.py`.
"""

import os
from typing import Any

import hypothesis
import pytest
import schemathesis
from hypothesis import strategies as st
from schemathesis import checks
from sqlalchemy.orm import Session

from pms.base.db import transaction
from pms.hotel.house.hotels import Hotel
from pms.hotel.service import requests
from pms.hotel.service.requests import categories
from tests import make
from tests.api.calling import Machine, booking

USUAL = 6
EXAMPLES = int(os.environ.get("PMS_SCHEMATHESIS", USUAL))
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
SETTINGS = hypothesis.settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=EXAMPLES == USUAL,
    phases=[hypothesis.Phase.generate],
    suppress_health_check=list(hypothesis.HealthCheck),
)


def described(checked: str) -> list[Any]:
    """The named checks of schemathesis."""
    return [getattr(checks, name) for name in checked.split()]


CHECKS = described(
    "not_a_server_error status_code_conformance content_type_conformance "
    "response_schema_conformance"
)
# Of an address it also calls wrong what it then leaves out of it.
CHECKS_OF_DEEDS = [*CHECKS, checks.negative_data_rejection]


@pytest.fixture
def real(machine: Machine, inside: Session, house: Hotel) -> dict[str, list[str]]:
    """Ids that are there, beside which those made up are nothing."""
    with transaction(inside):
        made = [make.reservation(inside, house, nights=1, adults=1) for _ in range(2)]
        make.charge_code(inside, house, "MINIBAR")
        folio = make.folio(inside, house)
        by = make.by(inside, house)
        categories.furnish(inside, house, by=by)
        kind = categories.by_code(inside, house, "TOWELS")
        assert kind is not None
        asked = requests.enter(
            inside, house, category=kind, words="Two", where=requests.Where(place="Bar"), by=by
        )
        return {
            "code": ["TEST"],
            "reservation_id": [str(each.id) for each in made],
            "guest_id": [str(made[0].guest_id)],
            "folio_id": [str(folio.id)],
            "number": ["101"],
            "request_id": [str(asked.id)],
        }


def ask_everything(machine: Machine, real: dict[str, list[str]]) -> int:
    """Ask each operation what its description allows and forbids; how many questions that was."""
    # Flask's client, unlike a real one, doesn't unpack what was compressed
    headers = machine.headers | {"Accept-Encoding": "identity"}
    schema = schemathesis.openapi.from_wsgi("/openapi.json", machine.client.application)
    asked = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        for mode in schemathesis.GenerationMode:

            @SETTINGS
            @hypothesis.given(case=operation.as_strategy(generation_mode=mode), choice=st.randoms())
            def ask(case: Any, choice: Any) -> None:
                nonlocal asked
                asked += 1
                _come_near(case, choice, real)
                if case.meta.generation.mode.is_positive:  # else it would mend what was broken
                    _say_what_is_there(case, choice)
                wanted = CHECKS if case.method == "GET" else CHECKS_OF_DEEDS
                case.call_and_validate(headers=headers, checks=wanted)

            ask()
    return asked


def _come_near(case: Any, choice: Any, real: dict[str, list[str]]) -> None:
    """Put what is really there in three of four questions, or all would end at the door.

    A body that is to be wrong stays so: what is put there might be what was wrong with it.
    """
    for name in case.path_parameters or {}:
        if choice.random() < 0.75 and name in real:
            case.path_parameters[name] = choice.choice(real[name])


def _say_what_is_there(case: Any, choice: Any) -> None:
    """Name in a body what is really there in three of four questions."""
    if isinstance(case.body, dict):
        near = booking() | {"charge_code": "MINIBAR", "category": "TOWELS", "room": "101"}
        for name in case.body:
            if name in near and choice.random() < 0.75 and isinstance(case.body[name], str):
                case.body[name] = near[name]


@SQLITE
@pytest.mark.timeout(max(120, EXAMPLES * 30))
def test_schemathesis_finds_no_lie(machine: Machine, real: dict[str, list[str]]) -> None:
    assert ask_everything(machine, real) > 100


@POSTGRESQL
@pytest.mark.timeout(max(120, EXAMPLES * 30))
def test_schemathesis_finds_no_lie_on_postgresql(
    machine: Machine, real: dict[str, list[str]]
) -> None:
    assert ask_everything(machine, real) > 100


@SQLITE
def test_the_description_names_what_the_issue_asks_for(machine: Machine) -> None:
    told = machine.client.get("/openapi.json").json

    assert told["openapi"].startswith("3.1")
    v1 = "/api/v1/hotels/{code}"
    assert {"get", "post"} <= told["paths"][f"{v1}/reservations"].keys()
    assert {"get", "patch"} <= told["paths"][f"{v1}/reservations/{{reservation_id}}"].keys()
    for part in ("availability", "quotes", "guests", "rooms", "folios", "requests"):
        assert "get" in told["paths"][f"{v1}/{part}"]
    names = [
        operation["operationId"] for path in told["paths"].values() for operation in path.values()
    ]
    assert len(names) == len(set(names))
