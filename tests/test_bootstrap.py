"""The doorstep: what `run` and `test` do before there is anything but Python."""

import ast
import gzip
import json
import re
import runpy
import sys
from pathlib import Path

import pytest

from pms.bootstrap import commands, front_end, node, places, sprite, stamps, steps, system_packages
from pms.bootstrap.steps import SetupFailed, Step

LOCKS = [places.RUN_LOCK, places.TEST_LOCK, places.NODE_LOCK]
FRONT_DOOR = places.ROOT / "pms" / "__main__.py"
DOORSTEP = [FRONT_DOOR, *sorted((places.ROOT / "pms" / "bootstrap").glob("*.py"))]


# --- the front door ------------------------------------------------------------------------------


def test_an_old_python_is_told_what_it_needs(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 8, 18))

    with pytest.raises(SystemExit, match=r"needs Python 3\.11 or newer, and this is Python 3\.8"):
        runpy.run_path(str(FRONT_DOOR), run_name="__main__")


def test_an_old_python_can_read_the_front_door():
    source = FRONT_DOOR.read_text(encoding="ascii")

    ast.parse(source, feature_version=(3, 4))

    assert ast.parse((places.ROOT / "pms" / "__init__.py").read_text()).body[1:] == []


@pytest.mark.parametrize("file", DOORSTEP, ids=lambda file: file.name)
def test_the_doorstep_stands_on_the_standard_library_alone(file):
    imported = set()
    for line in ast.walk(ast.parse(file.read_text())):
        if isinstance(line, ast.Import):
            imported |= {name.name for name in line.names}
        if isinstance(line, ast.ImportFrom):
            imported.add(line.module)

    strangers = {name for name in imported if name.split(".")[0] not in sys.stdlib_module_names}

    assert all(name.startswith("pms.bootstrap") for name in strangers)


def test_an_unknown_option_of_run_is_refused(capsys):
    with pytest.raises(SystemExit):
        commands.main(["run", "--prot", "8000"])

    assert "--prot" in capsys.readouterr().err


# --- the locks -----------------------------------------------------------------------------------


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_pins_every_package_by_version_and_digest(lock):
    packages = re.split(r"\n(?=\S)", lock.read_text().strip())

    assert packages
    for package in packages:
        assert re.match(r"[a-z0-9._-]+(\[\w+\])?==\S+", package), package
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", package), package


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_names_no_host(lock):
    assert "//" not in lock.read_text()
    assert "index" not in lock.read_text()


def test_the_tests_run_on_the_very_packages_that_serve():
    serve, test = (
        set(re.findall(r"^([a-z0-9._-]+)==([^\s;]+)", lock.read_text(), re.MULTILINE))
        for lock in (places.RUN_LOCK, places.TEST_LOCK)
    )

    assert serve
    assert serve < test


def test_every_front_end_package_is_pinned_by_digest_and_none_by_host():
    wanted = json.loads(places.NPM_MANIFEST.read_text())["dependencies"]
    packages = json.loads(places.NPM_LOCK.read_text())["packages"]
    fetched = {name: package for name, package in packages.items() if name}

    assert {name: fetched[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert all(package["integrity"].startswith("sha512-") for package in fetched.values())
    assert not any("resolved" in package for package in fetched.values())


# --- stamps --------------------------------------------------------------------------------------


def test_a_stamp_holds_until_a_file_changes(tmp_path):
    lock, stamp = tmp_path / "some.lock", tmp_path / ".stamp"
    lock.write_text("flask==3.1.3")

    assert not stamps.holds(stamp, [lock])
    stamps.write(stamp, [lock])
    assert stamps.holds(stamp, [lock])
    lock.write_text("flask==3.1.4")
    assert not stamps.holds(stamp, [lock])


def test_a_stamp_does_not_hold_for_a_file_that_is_gone(tmp_path):
    kept, stamp = tmp_path / "htmx.min.js", tmp_path / ".stamp"
    kept.write_text("…")
    stamps.write(stamp, [kept])

    kept.unlink()

    assert not stamps.holds(stamp, [kept])


# --- steps ---------------------------------------------------------------------------------------


def test_what_is_ready_is_not_done_again(capsys):
    done = []
    climb = [
        Step("packages", lambda: True, lambda: done.append("packages")),
        Step("icons", lambda: False, lambda: done.append("icons")),
    ]

    steps.climb(climb)

    assert done == ["icons"]
    assert re.fullmatch(
        r"1/2  packages: ready\n2/2  icons \.\.\.\n     done \(0\.0 s\)\n", capsys.readouterr().out
    )


def test_a_failing_program_ends_in_a_sentence_and_its_own_last_words(capsys):
    complain = [sys.executable, "-c", "import sys; sys.exit('no route to the index')"]

    with pytest.raises(SetupFailed, match="Check the connection"):
        steps.call(complain, why="Check the connection.")

    assert "no route to the index" in capsys.readouterr().err


# --- the front end -------------------------------------------------------------------------------


def test_the_sprite_has_a_symbol_for_each_name():
    outline = {"bed": [["path", {"d": "M3 7v11"}]], "key": [["circle", {"r": "1"}]]}

    drawing = sprite.draw(["bed", "key"], outline)

    assert '<symbol id="icon-bed" ' in drawing
    assert '<path d="M3 7v11"/></symbol>' in drawing
    assert '<symbol id="icon-key" ' in drawing


def test_a_name_without_a_drawing_is_refused():
    with pytest.raises(sprite.UnknownIcon, match="icons that do not exist: bde"):
        sprite.draw(["bde"], {"bed": []})


def test_the_list_of_icons_may_be_written_in_any_order():
    assert sprite.names("key\n\nbed \nkey\n") == ["bed", "key"]


def test_every_icon_in_the_list_exists():
    outlines = json.loads(gzip.decompress(front_end.OUTLINES.read_bytes()))

    assert set(sprite.names(places.ICONS.read_text())) <= set(outlines)


def test_a_new_icon_is_drawn_without_a_network(tmp_path, monkeypatch):
    icons = tmp_path / "icons.txt"
    icons.write_text("bed\n")
    monkeypatch.setattr(front_end, "ICONS", icons)
    monkeypatch.setattr(front_end, "SPRITE", tmp_path / "icons.svg")
    monkeypatch.setattr(front_end, "SPRITE_STAMP", tmp_path / ".icons.stamp")
    front_end.draw_icons()

    icons.write_text("bed\nkey\n")

    assert not front_end.icons_are_ready()
    front_end.draw_icons()
    assert front_end.icons_are_ready()
    assert "icon-key" in (tmp_path / "icons.svg").read_text()


def test_the_front_end_names_no_other_host():
    sheets = [front_end.FONT_SHEET, places.VENDOR / "tabler.min.css"]

    loaded = [
        re.findall(r"url\(\s*['\"]?((?:https?:)?//[^)]*)", sheet.read_text()) for sheet in sheets
    ]

    assert loaded == [[], []]


def test_an_npm_too_old_for_the_lock_is_left_alone(tmp_path, monkeypatch):
    npm = _program(tmp_path / "npm", "echo 6.14.18")
    monkeypatch.setenv("PATH", str(tmp_path))

    assert node.own_npm() is None

    npm.write_text("#!/bin/sh\necho 11.19.1\n")
    assert node.own_npm() == [str(npm)]


# --- system packages -----------------------------------------------------------------------------


def test_a_browser_may_be_named(tmp_path, monkeypatch):
    named = _program(tmp_path / "my-chromium", "")

    monkeypatch.setenv("PMS_CHROMIUM", str(named))

    assert system_packages.browser() == str(named)


def test_without_a_browser_the_command_is_named(monkeypatch):
    monkeypatch.setattr(system_packages.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(system_packages.sys, "platform", "linux")

    with pytest.raises(SetupFailed, match="sudo apt-get install chromium fonts-dejavu-core"):
        system_packages.set_up_browser()


def test_without_the_pdf_libraries_the_start_goes_on(monkeypatch):
    monkeypatch.setattr(system_packages.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(system_packages.sys, "platform", "linux")

    assert "sudo apt-get install libpango-1.0-0" in system_packages.set_up_pdf()


def test_a_fresh_machine_fetches_the_package_list_once(tmp_path, monkeypatch):
    said = tmp_path / "said"
    apt = f'echo "$2" >> {said}; [ "$2" = update ] || [ -n "$(grep update {said})" ]'
    _program(tmp_path / "apt-get", apt)
    monkeypatch.setattr(system_packages.os, "geteuid", lambda: 0)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    assert system_packages.apt_install(["chromium"])

    assert said.read_text().split() == ["install", "update", "install"]


def _program(path: Path, words: str) -> Path:
    path.write_text(f"#!/bin/sh\n{words}\n")
    path.chmod(0o755)
    return path
