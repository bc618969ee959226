"""The clock: in UTC, and set by the replay without moving anyone else's."""

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
import time_machine

from pms.base import clock

THEN = datetime(2016, 7, 1, 12, tzinfo=UTC)


def test_now_is_this_instant_in_utc() -> None:
    with time_machine.travel(THEN, tick=False):
        assert clock.now() == THEN
        assert clock.now().tzinfo is UTC


def test_inside_the_block_it_is_the_time_it_was_set_to() -> None:
    with clock.set_to(THEN):
        assert clock.now() == THEN
        with clock.set_to(THEN + timedelta(days=1)):
            assert clock.now() == THEN + timedelta(days=1)
        assert clock.now() == THEN

    assert clock.now() > THEN


def test_a_clock_set_in_another_zone_still_answers_in_utc() -> None:
    with clock.set_to(datetime(2016, 7, 1, 14, tzinfo=timezone(timedelta(hours=2)))):
        assert clock.now() == THEN
        assert clock.now().tzinfo is UTC


def test_another_thread_keeps_its_own_time() -> None:
    seen: list[datetime] = []

    with clock.set_to(THEN):
        thread = threading.Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()

    assert seen[0] > THEN


def test_a_time_without_a_zone_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="time zone"), clock.set_to(datetime(2016, 7, 1)):  # noqa: DTZ001
        pass
