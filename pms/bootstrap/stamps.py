"""Stamps: files that say what a finished piece of set-up was made from, and what it made.

A stamp is written last. Where it is missing or says something else the work is done again,
so a set-up that was interrupted is repaired by the next start, and one that was not is left alone.
"""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path


def holds(stamp: Path, files: Iterable[Path]) -> bool:
    """Whether these files are still what they were when the stamp was written."""
    try:
        return stamp.read_text(encoding="utf-8") == _words(files)
    except FileNotFoundError:
        return False


def write(stamp: Path, files: Iterable[Path]) -> None:
    """Stamp these files, in one go: a reader finds the old stamp or the new one, never half."""
    draft = stamp.with_name(f"{stamp.name}.new")
    draft.write_text(_words(files), encoding="utf-8")
    os.replace(draft, stamp)


def _words(files: Iterable[Path]) -> str:
    """A line for each file: the SHA-256 of its bytes, and its name."""
    return "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files
    )
