"""The checks of `python3 -m pms test`: style, types, templates, then every test."""

import os
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from pms.bootstrap.places import PYTHON, ROOT
from pms.bootstrap.steps import say


class Check(NamedTuple):
    """A named program of the environment, and the arguments it is run with."""

    name: str
    arguments: list[str]


READINGS = [
    Check("style", ["ruff", "check", "--quiet", "."]),
    Check("layout", ["ruff", "format", "--quiet", "--check", "."]),
    Check("templates", ["djlint", "--lint", "--quiet", "templates"]),
    Check("types", ["mypy", "--no-error-summary"]),
]
# Three workers for the smallest machine's two cores: each waits for its database at times.
TESTS = Check("tests", ["pytest", "-n", "3", "--dist", "worksteal"])


def run_all() -> int:
    """Run every check, whatever the others said; give 0 only if all are content."""
    with ThreadPoolExecutor() as at_once:
        outcomes = list(at_once.map(_read, READINGS))
    outcomes.append(_timed(TESTS))
    say("")
    for name, code, seconds in outcomes:
        say(f"{'failed' if code else 'passed':>8}  {name}  ({seconds:.0f} s)")
    return int(any(code for _, code, _ in outcomes))


def run_tests(arguments: list[str]) -> int:
    """Run pytest alone, with the caller's arguments."""
    return _run(Check("tests", ["pytest", *arguments])).returncode


Outcome = tuple[str, int, float]


def _timed(check: Check) -> Outcome:
    """Run a check that speaks for itself."""
    say(f"\n{check.name}: {' '.join(check.arguments)}")
    started = time.monotonic()
    return check.name, _run(check).returncode, time.monotonic() - started


def _read(check: Check) -> Outcome:
    """Run a check beside others, and say what it said when it is done."""
    started = time.monotonic()
    done = _run(check, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8")
    say(f"\n{check.name}: {' '.join(check.arguments)}\n{done.stdout}".rstrip())
    return check.name, done.returncode, time.monotonic() - started


def _run(check: Check, **options: Any) -> "subprocess.CompletedProcess[str]":
    command: list[str | Path] = [PYTHON, "-m", *check.arguments]
    # Standard input is closed: a check that asks a question would wait for ever in CI.
    return subprocess.run(
        command, cwd=ROOT, env=os.environ | {"PYTHONUTF8": "1"}, check=False, **options
    )
