"""Memory: what was freed goes back to the machine."""

import platform
import subprocess
import sys

import pytest

EIGHT_SIGN_IN = """
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from argon2 import PasswordHasher
from pms.base import memory

def held():
    return int(Path("/proc/self/status").read_text().split("VmRSS:")[1].split()[0]) // 1024

memory.give_back_what_is_freed()
hasher = PasswordHasher(time_cost=1, memory_cost=19 * 1024, parallelism=1)
before = held()
with ThreadPoolExecutor(8) as desks:
    list(desks.map(hasher.hash, ["a password"] * 24))
    print(held() - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="of glibc's own habits")
def test_passwords_checked_by_many_at_once_leave_nothing_behind():
    child = [sys.executable, "-c", EIGHT_SIGN_IN]
    grown = subprocess.run(child, capture_output=True, check=True, text=True).stdout

    assert int(grown) < 19, f"{grown.strip()} MB are kept"
