"""The tally of a replay: what was done, how fast, and what couldn't be."""

import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pms.replay.reading import Refused

_EVERY_SECONDS = 1.0


@dataclass
class Tally:
    """Deeds by name, audits, rooms forced, and the seconds they took."""

    deeds: Counter[str] = field(default_factory=Counter)
    audits: int = 0
    forced: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)

    @property
    def count(self) -> int:
        """How many deeds were done by this run."""
        return self.deeds.total()

    @property
    def seconds(self) -> float:
        """How long it has been going."""
        return time.monotonic() - self.started

    def as_dict(self) -> dict[str, Any]:
        """Return the summary as JSON has it."""
        seconds = self.seconds
        return {
            "deeds": dict(sorted(self.deeds.items())),
            "deeds_total": self.count,
            "audits": self.audits,
            "seconds": round(seconds, 1),
            "deeds_per_second": round(self.count / seconds, 1) if seconds else None,
            "max_rss_mb": max_rss_mb(),
            "forced": dict(sorted(self.forced.items())),
            "notes": self.notes,
            "refused": [{"line": each.line, "reason": each.reason} for each in self.refused],
        }


def max_rss_mb() -> int:
    """Return the most memory this process has held, in MB."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(most / 2**20 if sys.platform == "darwin" else most / 2**10)


class Progress:
    """A line on the terminal, at most one a second."""

    def __init__(self, say: Callable[[str], None], *, days: int, deeds: int) -> None:
        self._say = say
        self._days = days
        self._deeds = deeds
        self._next = 0.0
        self._width = 0

    def show(self, tally: Tally, day: date, *, day_no: int, done: int) -> None:
        """Say where the replay is: `done` of all its deeds, those of earlier runs included."""
        now = time.monotonic()
        if now < self._next and day_no < self._days:
            return
        self._next = now + _EVERY_SECONDS
        speed = tally.count / tally.seconds if tally.seconds else 0.0
        left = (self._deeds - done) / speed if speed else 0.0
        line = (
            f"{day}  day {day_no}/{self._days}  {done:,}/{self._deeds:,} deeds  "
            f"{speed:,.0f} deeds/s  {_words(left)} left"
        )
        self._say(f"\r{line:<{self._width}}")
        self._width = len(line)

    def end(self) -> None:
        """Leave the line."""
        self._say("\n")


def _words(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
