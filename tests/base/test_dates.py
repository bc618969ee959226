"""Dates: a night is a night, whatever the clocks did in it."""

import json
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from pms.base import dates
from pms.base.refusal import Invalid

CASES: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "data" / "time_currency.json").read_text(encoding="utf-8")
)


def wall(text: str) -> datetime:
    """A time on a wall, of no zone; a date alone is its midnight."""
    return datetime.fromisoformat(text)


@pytest.mark.parametrize("case", CASES["stays_across_a_clock_change"], ids=lambda case: case["id"])
def test_a_stay_across_a_clock_change_is_one_night(case: dict[str, Any]) -> None:
    arrived = dates.instant(wall(case["checkin_local"]), case["zone"])
    left = dates.instant(wall(case["checkout_local"]), case["zone"])

    assert arrived == datetime.fromisoformat(case["checkin_utc"])
    assert left == datetime.fromisoformat(case["checkout_utc"])
    assert (left - arrived).total_seconds() == case["elapsed_hours"] * 3600
    stay = dates.nights(wall(case["checkin_local"]).date(), wall(case["checkout_local"]).date())
    assert len(stay) == case["nights"]


@pytest.mark.parametrize("case", CASES["wall_times"], ids=lambda case: case["id"])
def test_a_time_that_comes_twice_or_never_has_one_reading(case: dict[str, str]) -> None:
    shown = wall(case["local"])

    assert dates.instant(shown, case["zone"]) == datetime.fromisoformat(case["utc_fold0"])
    assert dates.instant(shown.replace(fold=1), case["zone"]) == datetime.fromisoformat(
        case["utc_fold1"]
    )
    assert dates.exists(shown, case["zone"]) is (case["kind"] != "nonexistent")


@pytest.mark.parametrize("case", CASES["instants"], ids=lambda case: case["id"])
def test_an_instant_and_what_clocks_show_are_the_same_moment(case: dict[str, str]) -> None:
    at = datetime.fromisoformat(case["utc"])

    assert dates.instant(wall(case["local"]), case["zone"]) == at
    assert dates.local(at, case["zone"]).replace(tzinfo=None) == wall(case["local"])


@pytest.mark.parametrize(("shown", "day"), CASES["rollover_at_three"])
def test_who_comes_before_the_rollover_belongs_to_the_day_before(shown: str, day: str) -> None:
    assert dates.day_by_rollover(wall(shown), time(3)) == date.fromisoformat(day)


def test_a_stay_has_no_night_when_it_leaves_the_day_it_comes() -> None:
    assert dates.nights(date(2026, 3, 2), date(2026, 3, 2)) == []
    assert dates.nights(date(2026, 2, 28), date(2026, 3, 2)) == [
        date(2026, 2, 28),
        date(2026, 3, 1),
    ]


def test_days_count_both_ends() -> None:
    assert list(dates.days(date(2026, 3, 1), date(2026, 3, 3)))[-1] == date(2026, 3, 3)
    assert list(dates.days(date(2026, 3, 2), date(2026, 3, 1))) == []


@pytest.mark.parametrize("name", ["Europe/Atlantis", "", "../etc/passwd", "/etc/localtime"])
def test_a_zone_that_is_on_no_list_is_refused(name: str) -> None:
    with pytest.raises(Invalid, match="is not a time zone") as refused:
        dates.zone(name)

    assert refused.value.field == "time_zone"


def test_an_instant_in_any_zone_is_the_same_instant() -> None:
    at = datetime(2026, 7, 1, 12, tzinfo=UTC)

    assert dates.local(at, "Asia/Tokyo") == at
