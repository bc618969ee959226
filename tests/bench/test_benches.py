"""Every bench runs at its smallest size, says what it was run on, and finds nothing wrong."""

import orjson
import pytest
from click.testing import CliRunner

from pms.bench import BENCHES
from pms.cli import main

NEEDS_DATA = {"replay"}


@pytest.mark.parametrize("name", sorted(BENCHES.keys() - NEEDS_DATA))
def test_a_bench_runs_beside_its_raw_limit(name: str) -> None:
    done = CliRunner().invoke(main, ["bench", name, "--size", "tiny", "--json"])

    assert done.exception is None, done.output
    answer = orjson.loads(done.stdout)
    assert answer["ok"], answer
    assert {"bench", "machine", "engine", "load_before"} <= answer.keys()
    assert b"raw" in done.stdout_bytes or name == "memory"
    assert not answer.get("wrong")


def test_the_benches_are_listed_with_what_they_measure() -> None:
    done = CliRunner().invoke(main, ["bench"])

    lines = dict(line.split(None, 1) for line in done.output.splitlines())
    assert lines.keys() == BENCHES.keys()
    assert all(words.strip() for words in lines.values())
