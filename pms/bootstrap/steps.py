"""Steps: plain numbered lines that say what is being done, and how long it took."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from pms.bootstrap import places


class SetupFailed(Exception):
    """The set-up cannot go on; the sentence says why and what to do."""


class Step(NamedTuple):
    """A piece of set-up: its name, whether it is done already, and how it is done."""

    name: str
    is_done: Callable[[], bool]
    do: Callable[[], str | None]


def climb(steps: list[Step]) -> None:
    """Take the steps in order, each with its number and its seconds; skip what is done."""
    for number, step in enumerate(steps, start=1):
        label = f"{number}/{len(steps)}  {step.name}"
        started = time.monotonic()
        if step.is_done():
            say(f"{label}: ready")
            continue
        say(f"{label} ...")
        remark = step.do()
        say(f"     {remark or 'done'} ({time.monotonic() - started:.1f} s)")


def say(sentence: str) -> None:
    """Print a line at once, so that it stands before whatever the next program prints."""
    print(sentence, flush=True)


def call(
    command: list[str | Path],
    *,
    why: str,
    cwd: Path = places.ROOT,
    env: dict[str, str] | None = None,
) -> None:
    """Run a program quietly; where it fails, show its last words and stop with a sentence."""
    done = subprocess.run(
        command,
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        print(*done.stdout.strip().splitlines()[-12:], sep="\n", file=sys.stderr)
        raise SetupFailed(why)
