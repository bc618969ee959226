"""The two commands: `run` opens the hotel in a browser's reach, `test` proves the house."""

import argparse
import contextlib
import fcntl
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from pms.bootstrap import checks, front_end, python_packages, system_packages
from pms.bootstrap.places import PYTHON, ROOT, RUN_LOCK, TEST_LOCK
from pms.bootstrap.steps import SetupFailed, Step, climb, say


def main(arguments: list[str]) -> int:
    """Read the command line, set up what is missing, and do what was asked."""
    asked, rest = _parser().parse_known_args(arguments)
    if asked.command == "run" and rest:
        _parser().error(f"unrecognized arguments: {' '.join(rest)}")
    try:
        with _alone():
            climb(_steps(asked.command))
    except SetupFailed as failed:
        print(f"\n{failed}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted; the next start goes on from here.", file=sys.stderr)
        return 130
    if asked.command == "run":
        _hand_over(asked)
    return checks.run_tests(rest) if rest else checks.run_all()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python3 -m pms", description="The hotel system, from a bare checkout."
    )
    commands = parser.add_subparsers(dest="command", required=True)

    run = commands.add_parser("run", help="set up, create the demonstration hotel, and serve it")
    run.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    run.add_argument("--port", default="8000", help="port to listen on (%(default)s)")
    run.add_argument("--database", metavar="URL", help="a database; else a file in instance/")
    run.add_argument("--no-demo", action="store_true", help="begin with an empty house")

    test = "set up, then check style, types and every test; with pytest arguments, only those tests"
    commands.add_parser("test", help=test, add_help=False)
    return parser


def _steps(command: str) -> list[Step]:
    run = [
        Step("Python environment", python_packages.venv_is_ready, python_packages.make_venv),
        _packages("Python packages", RUN_LOCK),
        Step("front-end libraries", front_end.libraries_are_ready, front_end.fetch_libraries),
        Step("icons", front_end.icons_are_ready, front_end.draw_icons),
        Step("libraries for PDF", system_packages.pdf_is_ready, system_packages.set_up_pdf),
    ]
    test = [
        _packages("Python packages of the tests", TEST_LOCK),
        Step("Chromium", system_packages.has_browser, system_packages.set_up_browser),
    ]
    return [*run, *test] if command == "test" else run


def _packages(name: str, lock: Path) -> Step:
    return Step(
        name,
        lambda: python_packages.are_installed(lock),
        lambda: python_packages.install(lock),
    )


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """One set-up at a time: a second one waits here, and then finds everything ready."""
    (ROOT / "instance").mkdir(exist_ok=True)
    with (ROOT / "instance" / ".setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _hand_over(asked: argparse.Namespace) -> None:
    """Become the server: same process, so that Ctrl-C and a service manager reach it."""
    serve = ["-m", "pms.cli", "serve", "--host", asked.host, "--port", asked.port]
    if asked.database:
        serve += ["--database", asked.database]
    serve.append("--no-demo" if asked.no_demo else "--demo")
    say("")
    os.chdir(ROOT)
    os.execv(PYTHON, [str(PYTHON), *serve])
