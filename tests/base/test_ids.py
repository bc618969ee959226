"""Ids: in order, and never twice."""

import threading
from multiprocessing import get_context

import time_machine

from pms.base.ids import new_id


def many(count: int) -> list[int]:
    """Make ids in a row."""
    return [new_id() for _ in range(count)]


def test_ids_are_positive_63_bits_and_rise() -> None:
    ids = many(10_000)

    assert ids == sorted(set(ids))
    assert 0 < ids[0] < ids[-1] < 2**63


def test_ids_rise_even_when_the_clock_goes_back() -> None:
    first = new_id()

    with time_machine.travel("2025-01-01T00:00:00Z"):
        second = new_id()

    assert second > first


def test_threads_never_make_the_same_id() -> None:
    made: list[int] = []
    threads = [threading.Thread(target=lambda: made.extend(many(2_000))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(made)) == 8_000


def test_a_process_of_its_own_starts_at_random() -> None:
    with get_context("spawn").Pool(2) as pool:
        first, second = pool.map(many, [500, 500])

    assert not set(first) & set(second)
