"""Memory: what was freed goes back to the machine, and what stays isn't looked at again."""

import ctypes
import gc
import sys

# Parameters of glibc's mallopt(3), by their numbers.
_MMAP_THRESHOLD, _ARENA_MAX = -3, -8
LARGE = 1 << 20  # bytes; what is as large goes back as soon as it is freed
HEAPS = 2  # for all threads together
ROUNDS = (20_000, 20, 20)  # new objects before a round; rounds before a wider one


def give_back_what_is_freed() -> None:
    """Have glibc keep no large block that was freed; elsewhere, nothing.

    Left to itself it keeps them for each thread: a password takes 19 MiB to check, and eight people
    who signed in at once cost 140 MB for good. Call it before there are threads.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, LARGE)
        mallopt(_ARENA_MAX, HEAPS)


def settle() -> None:
    """Take what was imported out of the garbage collector's rounds, and let these be rarer.

    A page of thousands of rows sets off one for every 700 rows, and now and then a full one of all
    that was ever imported or compiled: 10 to 15 % of the tape chart's time, and 0.3 s of a night
    audit's write turn, in which every desk waits.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*ROUNDS)
