"""Who may enter: tokens, their hotel and their scopes; and how a "no" is said."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.api.calls import CALLS
from pms.base.db import transaction
from pms.hotel.house import logbook, tokens
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.house.tokens import ApiToken, Scope
from tests import make
from tests.api import calling
from tests.api.calling import V1, Machine


def problem(answer: Any, status: int, message_id: str) -> dict[str, Any]:
    """The problem an answer tells, once it is the one that was expected."""
    assert answer.status_code == status, answer.data
    assert answer.content_type == "application/problem+json"
    told: dict[str, Any] = answer.json
    assert told["message_id"] == message_id
    assert told["status"] == status
    assert told["sentence"] == told["detail"]
    return told


def test_every_view_names_its_scope_in_its_declaration(app: Any) -> None:
    for call in CALLS:
        assert call.view.scopes, call.rule  # type: ignore[attr-defined]
    views = {end: view for end, view in app.view_functions.items() if end.startswith("api.")}
    assert [end for end, view in views.items() if not view.scopes] == ["api.openapi"]


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer nonsense", "Basic YTpi"])
def test_without_a_living_token_nobody_enters(client: Any, house: Hotel, header: str) -> None:
    headers = {} if header is None else {"Authorization": header}

    answer = client.get("/api/v1/hotels", headers=headers)

    problem(answer, 401, "token_needed")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_an_ended_token_opens_nothing_any_more(
    machine: Machine, inside: Session, house: Hotel
) -> None:
    assert machine.get("/api/v1/hotels").status_code == 200

    with transaction(inside):
        tokens.end(inside, tokens.of_hotel(inside, house)[0], by=make.by(inside, house))

    problem(machine.get("/api/v1/hotels"), 401, "token_needed")


def test_a_session_cookie_opens_nothing(client: Any, house: Hotel) -> None:
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "somebody"

    problem(client.get("/api/v1/hotels"), 401, "token_needed")


def test_another_hotels_code_is_not_found(machine: Machine, inside: Session, house: Hotel) -> None:
    with transaction(inside):
        make.furnished(inside, "OTHER")

    problem(machine.get("/api/v1/hotels/OTHER"), 404, "not_here")
    problem(machine.get("/api/v1/hotels/NOSUCH"), 404, "not_here")
    problem(machine.get("/api/v1/hotels/OTHER/reservations"), 404, "not_here")
    assert [hotel["code"] for hotel in machine.get("/api/v1/hotels").json["hotels"]] == ["TEST"]


def test_a_strangers_reservation_and_folio_are_not_found(
    machine: Machine, inside: Session, house: Hotel
) -> None:
    with transaction(inside):
        other = make.furnished(inside, "OTHER")
        strange = make.reservation(inside, other)
        folio = make.folio(inside, other)

    problem(machine.get(f"{V1}/reservations/{strange.id}"), 404, "not_here")
    problem(machine.patch(f"{V1}/reservations/{strange.id}", {"adults": 1}), 404, "not_here")
    problem(machine.get(f"{V1}/folios/{folio.id}"), 404, "not_here")


def test_a_token_does_what_its_scopes_say(client: Any, inside: Session, house: Hotel) -> None:
    with transaction(inside):
        looker = Machine(client, calling.token(inside, house, Scope.AVAILABILITY))
    stay = {"arrival": calling.day(0), "departure": calling.day(1)}

    assert looker.get(f"{V1}/availability", **stay).status_code == 200
    assert looker.get(f"{V1}/quotes", **stay).status_code == 200
    answer = looker.book()

    problem(answer, 403, "scope_needed")
    assert "reservations" in answer.headers["WWW-Authenticate"]
    for path in ("reservations", "guests", "rooms", "folios"):
        problem(looker.get(f"{V1}/{path}"), 403, "scope_needed")


def test_a_token_acts_with_the_least_role(inside: Session, house: Hotel) -> None:
    roles = {}
    with transaction(inside):
        for scope in Scope:
            by = make.by(inside, house)
            made, _ = tokens.issue(inside, house, name=scope, scopes=[scope], by=by)
            person = inside.get_one(Staff, {"chain_id": house.chain_id, "id": made.staff_id})
            roles[scope.value] = person.role_in(house.id)

    keeping = ("account-keeping", "cash-keeping", "payroll")
    at_the_books = {roles.pop(scope) for scope in keeping}
    assert at_the_books == {"accountant"}
    at_the_desk = {roles.pop(scope) for scope in ("accounts", "cashiers", "folios", "housekeeping")}
    assert at_the_desk == {"front_desk"}
    assert set(roles.values()) == {"reservations"}


def test_the_logbook_says_which_machine_it_was(machine: Machine, inside: Session) -> None:
    made = machine.book().json

    token = inside.scalars(sa.select(ApiToken)).one()
    line = inside.scalars(
        sa.select(logbook.Line).where(logbook.Line.noun_id == int(made["id"]))
    ).one()
    assert line.staff_id == token.staff_id
    assert line.origin == "api 127.0.0.1"


def test_only_the_digest_of_a_token_is_kept(inside: Session, house: Hotel) -> None:
    with transaction(inside):
        secret = calling.token(inside, house)

    assert len(secret) == len(tokens.MARK) + 43
    row = inside.execute(sa.select(ApiToken.__table__)).one()
    assert secret not in str(row)
    assert row.digest == tokens.digest(secret)


def test_the_day_of_its_last_use_is_noted_after_the_answer(
    machine: Machine, inside: Session
) -> None:
    with machine.get("/api/v1/hotels") as answer:
        assert answer.status_code == 200

    inside.expire_all()
    assert inside.scalars(sa.select(ApiToken.used_on)).one() is not None


def test_wrong_doors_are_problems_too(machine: Machine) -> None:
    problem(machine.get("/api/v1/nowhere"), 404, "not_found")
    refused = machine.post(f"{V1}/availability", {})
    problem(refused, 405, "method_not_allowed")
    assert "GET" in refused.headers["Allow"]
    form = machine.client.post(f"{V1}/reservations", data={"adults": "2"}, headers=machine.headers)
    problem(form, 415, "unsupported_media_type")


def test_a_form_of_the_house_is_not_mistaken_for_the_api(client: Any, house: Hotel) -> None:
    assert client.get("/nowhere").content_type.startswith("text/html")


def test_who_waits_too_long_is_told_to_come_back(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pms.api import calls
    from pms.base.refusal import Busy

    def busy(_session: Session, _deed: object) -> None:
        raise Busy

    monkeypatch.setattr(calls, "perform", busy)
    answer = machine.book()

    problem(answer, 503, "busy")
    assert answer.headers["Retry-After"] == "1"
