"""Benches: how fast the house is, each beside a raw limit measured in the same run.

A bench is registered here by its name; `pms bench NAME` runs it and prints its answer.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from pms.bench import replay

Answer = dict[str, Any]
Bench = Callable[[Path | None, Callable[[str], None]], Answer]

BENCHES: dict[str, Bench] = {"replay": replay.bench}
