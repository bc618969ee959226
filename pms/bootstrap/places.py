"""Where the set-up finds and leaves things."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"

RUN_LOCK = ROOT / "requirements.lock"
TEST_LOCK = ROOT / "requirements-test.lock"
NODE_LOCK = ROOT / "requirements-node.lock"
NPM_MANIFEST = ROOT / "package.json"
NPM_LOCK = ROOT / "package-lock.json"

ICONS = ROOT / "static" / "icons.txt"
VENDOR = ROOT / "static" / "vendor"
CACHE = ROOT / "instance" / "cache"
