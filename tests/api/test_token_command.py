"""`pms token`: from the terminal to the door and out again."""

from typing import Any

import click.testing
from sqlalchemy.orm import Session

from pms.cli import main
from pms.hotel.house import tokens
from pms.hotel.house.hotels import Hotel


def pms(url: str, *words: str) -> click.testing.Result:
    """Run a command on a database."""
    return click.testing.CliRunner().invoke(main, ["token", *words, "--database", url])


def test_a_token_is_made_listed_and_ended(
    database_url: str, client: Any, inside: Session, house: Hotel
) -> None:
    added = pms(database_url, "add", "--hotel", "TEST", "--scopes", "availability, rooms")

    assert added.exit_code == 0, added.output
    secret = added.output.splitlines()[-1]
    headers = {"Authorization": f"Bearer {secret}"}
    assert client.get("/api/v1/hotels/TEST/rooms", headers=headers).status_code == 200
    [token] = tokens.of_hotel(inside, house)
    listed = pms(database_url, "list", "--hotel", "TEST").output
    assert "availability, rooms" in listed
    assert secret not in listed

    ended = pms(database_url, "end", str(token.id), "--hotel", "TEST")

    assert ended.exit_code == 0, ended.output
    assert client.get("/api/v1/hotels/TEST/rooms", headers=headers).status_code == 401
    assert "ended" in pms(database_url, "list", "--hotel", "TEST").output


def test_what_is_no_scope_no_hotel_and_no_token_is_said(database_url: str, house: Hotel) -> None:
    cases = {
        ("add", "--hotel", "TEST", "--scopes", "everything"): "not a scope",
        ("add", "--hotel", "TEST", "--scopes", ","): "not a scope",
        ("add", "--hotel", "NOPE", "--scopes", "rooms"): "no hotel NOPE",
        ("end", "1", "--hotel", "TEST"): "no token 1",
    }
    for words, said in cases.items():
        result = pms(database_url, *words)
        assert result.exit_code == 1
        assert said in result.output
