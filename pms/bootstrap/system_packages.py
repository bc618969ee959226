"""System packages: what no Python index carries: the libraries behind PDF pages, and a browser.

Where we are root on Debian or Ubuntu they are installed; elsewhere the command is named.
"""

import ctypes
import os
import shlex
import shutil
import subprocess
import sys

from pms.bootstrap.steps import SetupFailed

PDF_LIBRARIES = ["libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0"]
PDF_PACKAGES = ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fontconfig"]

BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
BROWSER_PACKAGES = ["chromium", "fonts-dejavu-core"]

APT_SECONDS = 600


def pdf_is_ready() -> bool:
    """Whether WeasyPrint will find its native libraries."""
    if sys.platform == "darwin":
        return shutil.which("pango-view") is not None
    return all(map(_loads, PDF_LIBRARIES)) and shutil.which("fc-match") is not None


def set_up_pdf() -> str | None:
    """Install the libraries behind PDF pages, or name the command and go on without them."""
    if apt_install(PDF_PACKAGES) and pdf_is_ready():
        return None
    return f"only PDF pages need it; to have them: {_by_hand('pango', PDF_PACKAGES)}"


def browser() -> str | None:
    """The path of a Chromium: the one that PMS_CHROMIUM names, else the machine's own."""
    named = os.environ.get("PMS_CHROMIUM")
    return next(filter(None, map(shutil.which, [named] if named else BROWSERS)), None)


def has_browser() -> bool:
    """Whether there is a Chromium to walk through the pages with."""
    return browser() is not None


def set_up_browser() -> str | None:
    """Install Chromium; refuse to go on without one."""
    if apt_install(BROWSER_PACKAGES) and browser():
        return None
    by_hand = _by_hand("--cask chromium", BROWSER_PACKAGES)
    raise SetupFailed(
        "The tests walk through the pages in a real browser, and there is no Chromium here. "
        f"Install one ({by_hand}) or name one: PMS_CHROMIUM=/path/to/chromium"
    )


def apt_install(packages: list[str]) -> bool:
    """Install with apt-get where that is ours to do; say whether it went well."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    install = ["install", "--yes", "--no-install-recommends", *packages]
    # A fresh machine has no package list, or an old one: then fetch it, once.
    return _apt_get(install) or (_apt_get(["update"]) and _apt_get(install))


def _apt_get(arguments: list[str]) -> bool:
    try:
        done = subprocess.run(
            ["apt-get", "--quiet", *arguments],
            env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=APT_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def _by_hand(brew: str, packages: list[str]) -> str:
    if sys.platform == "darwin":
        return f"brew install {brew}"
    sudo = [] if os.geteuid() == 0 else ["sudo"]
    return shlex.join([*sudo, "apt-get", "install", *packages])


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
