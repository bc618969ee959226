"""Memory: what was freed goes back to the machine."""

import ctypes
import sys

# Parameters of glibc's mallopt(3), by their numbers.
_MMAP_THRESHOLD, _ARENA_MAX = -3, -8
LARGE = 1 << 20  # bytes; what is as large goes back as soon as it is freed
HEAPS = 2  # for all threads together


def give_back_what_is_freed() -> None:
    """Have glibc keep no large block that was freed; elsewhere, nothing.

    Left to itself it keeps them for each thread: a password takes 19 MiB to check, and eight people
    who signed in at once cost 140 MB for good. Call it before there are threads.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, LARGE)
        mallopt(_ARENA_MAX, HEAPS)
