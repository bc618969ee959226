"""Python packages: a `.venv` of our own, filled by plain pip from locks that carry every digest."""

import shutil
import subprocess
import tomllib
import venv
from pathlib import Path

from pms.bootstrap import stamps
from pms.bootstrap.places import PYTHON, ROOT, VENV
from pms.bootstrap.steps import SetupFailed, call
from pms.bootstrap.system_packages import apt_install

NEEDS_VENV = (
    "Python could not make a virtual environment. "
    "On Debian and Ubuntu it needs one more package: apt-get install python3-venv"
)
OFFLINE = (
    "The Python packages could not be fetched. The first start needs the Python package index: "
    "check the connection (or the proxy) and start again; what is finished is kept."
)

PIP = ["-m", "pip", "--disable-pip-version-check", "--quiet", "--no-input"]

COMMAND_FILE = VENV / "bin" / "pms"

# Both name the checkout from where they stand, so that it can be moved or renamed as a whole.
PATH_FILE = "../../../..\n"
COMMAND = '#!/bin/sh\nexec "$(dirname "$(readlink -f "$0")")/python" -m pms.cli "$@"\n'


def venv_is_ready() -> bool:
    """Whether the environment's Python runs, and finds pip, this checkout and its version."""
    card = f"lib/python3*/site-packages/{_card()}/METADATA"
    return _finds("pip", "pms") and COMMAND_FILE.is_file() and any(VENV.glob(card))


def make_venv() -> None:
    """Make the environment, with this checkout on its path and the command `pms`.

    What `pip install --editable` would do, without the network that its build needs.
    """
    if not _finds("pip"):
        _begin_anew()
    [packages] = VENV.glob("lib/python3*/site-packages")
    (packages / "pms.pth").write_text(PATH_FILE, encoding="utf-8")
    COMMAND_FILE.write_text(COMMAND, encoding="utf-8")
    COMMAND_FILE.chmod(0o755)
    for old in packages.glob("pms-*.dist-info"):
        shutil.rmtree(old)
    (packages / _card()).mkdir()
    (packages / _card() / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: pms\nVersion: {_version()}\n", encoding="utf-8"
    )


def are_installed(lock: Path) -> bool:
    """Whether this lock, as it is now, was installed here to its end."""
    return stamps.holds(_stamp(lock), [lock])


def install(lock: Path) -> None:
    """Install a lock, every file checked against its digest."""
    call([PYTHON, *PIP, "install", "--require-hashes", "-r", lock], why=OFFLINE)
    stamps.write(_stamp(lock), [lock])


def unpack(lock: Path, place: Path) -> None:
    """Install a lock into a folder of its own, away from the environment."""
    call([PYTHON, *PIP, "install", "--require-hashes", "--target", place, "-r", lock], why=OFFLINE)


def _begin_anew() -> None:
    # Debian keeps a part of Python's own venv in a package apart.
    if not (_created() or (apt_install(["python3-venv"]) and _created())):
        raise SetupFailed(NEEDS_VENV)


def _created() -> bool:
    try:
        venv.create(VENV, clear=True, with_pip=True)
    except subprocess.CalledProcessError:
        return False
    return True


def _finds(*modules: str) -> bool:
    """Whether the environment's Python runs and finds these modules."""
    look = f"from importlib.util import find_spec as f; assert all(map(f, {modules!r}))"
    try:
        # Away from the checkout, or Python would find it without the path file.
        asked = subprocess.run([PYTHON, "-c", look], cwd="/", capture_output=True, check=False)
    except OSError:
        return False
    return asked.returncode == 0


def _card() -> str:
    return f"pms-{_version()}.dist-info"


def _version() -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])


def _stamp(lock: Path) -> Path:
    # In the environment: who deletes that has nothing installed.
    return VENV / f".{lock.name}.stamp"
