"""Keys: orders dropped as files for a lock system, and its answers picked up.

The folder has two drawers: `orders/make-17.json` is written whole under another name first, so the
other side never reads half of it, and taken away by it; `answers/make-17.json` says
`{"made": true, "words": "serial 0042"}` and is taken away by us once it is written down.
"""

import json
import logging
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_log = logging.getLogger(__name__)
LONGEST = 4096
_NO_ID = 2**63  # ids are less


@dataclass(frozen=True)
class Answer:
    """What the lock system said to the order of a key."""

    file: Path
    key_id: int
    made: bool
    words: str


@dataclass(frozen=True)
class FileDrop:
    """A folder shared with the lock system's own program."""

    folder: Path

    def order(self, order: Mapping[str, Any]) -> None:
        """Drop an order; dropped twice, it says the same."""
        drawer = self.folder / "orders"
        drawer.mkdir(parents=True, exist_ok=True)
        file = drawer / f"{order['order']}.json"
        half = file.with_suffix(".part")
        half.write_text(json.dumps(order, indent=2), encoding="utf-8")
        os.replace(half, file)

    def answers(self) -> Iterator[Answer]:
        """Yield the answers that lie there, and push aside what can't be read."""
        drawer = self.folder / "answers"
        for file in sorted(drawer.glob("make-*.json")) if drawer.is_dir() else ():
            try:
                said = json.loads(file.read_text(encoding="utf-8")[:LONGEST])
                key_id = int(file.stem.removeprefix("make-"))
                if not 0 < key_id < _NO_ID:
                    raise ValueError(key_id)
                answer = Answer(file, key_id, said["made"] is True, str(said.get("words", "")))
            except (ValueError, KeyError, TypeError, AttributeError):
                _log.warning("The lock system's answer %s can't be read; put aside.", file.name)
                os.replace(file, file.with_suffix(".unread"))
                continue
            yield answer
