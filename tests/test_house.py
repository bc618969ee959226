"""The rules of the house, as tests: what a program can keep, nobody has to remember."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

import pms.hotel.tables
from pms.base import ink
from pms.base.db import Base

ROOT = Path(__file__).parents[1]
FILES = sorted((ROOT / "pms").rglob("*.py"))
TABLES = sorted(Base.metadata.tables.values(), key=lambda table: table.name)

# --- the plan -------------------------------------------------------------------------------------

DESKS = ("front_office", "back_office", "guest_side", "api")
FLOORS = {
    "base": 0,
    "hotel": 1,
    "gateways": 1,
    "web": 2,
    **dict.fromkeys(DESKS, 3),
    **dict.fromkeys(("app", "cli", "worker", "commands", "replay", "demo", "bench"), 4),
}
DOORSTEP = {"__init__", "__main__", "bootstrap"}  # standard library only, before anything is there
BESIDE = {("hotel", "gateways"), ("gateways", "hotel")}  # one floor, and no door between
WINGS = [
    "house",
    "guests",
    "tariff",
    "rooms",
    "books",
    "stays",
    "people",
    "service",
    "close",
    "privacy",
]

FORBIDDEN = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "manager",
    "service",
    "handler",
    "misc",
}
LONGEST_FILE, LONGEST_FUNCTION = 400, 60
LONG: dict[str, str] = {}  # file or file:function -> why it may be longer
MAY_COMMIT = {
    "pms/base/db.py": "the one place",
    "pms/commands/backup.py": "copies the file page by page with sqlite3's own backup",
}
WRITTEN_ELSEWHERE = {
    "pms/hotel/house/staff.py": "where `require` is at home",
    "pms/hotel/service/guaranteeing.py": "by `settlements.guarantee`, which writes the line",
    "pms/hotel/stays/choosing.py": "gives rooms by `assign`, which writes the line",
    "pms/hotel/stays/night_charges": "the ledger's entries are its lines in ink",
}
SAYS_BY_HAND = {
    "pms/hotel/house/logbook.py",  # kept plainly, said where it is shown
    "pms/gateways/stripe_fake/page.py",  # another house's page
}
ASKS_THE_CLOCK = {"pms/base/clock.py", "pms/base/ids.py", "pms/base/turn.py"}

# Tables whose key doesn't lead with the hotel or the chain, and why.
HOTELLESS = {
    "chains": "it is what the others lead with",
    "hotels": "it is what the others lead with",
    "sign_ins": "found by its token before anybody knows whose it is",
    "sign_in_tries": "counted before anybody knows whose it is",
}


@pytest.fixture(scope="module", autouse=True)
def _read_once() -> Iterator[None]:
    """Forget the files at the end: they are a few hundred megabytes of trees."""
    yield
    tree.cache_clear()


@cache
def tree(file: Path) -> ast.Module:
    """A file, read."""
    return ast.parse(file.read_text(encoding="utf-8"))


def name(file: Path) -> str:
    """A file as it is named here: `pms/base/db.py`."""
    return file.relative_to(ROOT).as_posix()


def module(file: Path) -> str:
    """A file as it is imported: `pms.base.db`."""
    return name(file).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


MODULES = {module(file): file for file in FILES}


def imports(file: Path, *, top_only: bool = False) -> Iterator[tuple[str, int]]:
    """Every module of ours that a file imports, with its line."""
    nodes = tree(file).body if top_only else ast.walk(tree(file))
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from ((each.name, node.lineno) for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for each in node.names:
                whole = f"{node.module}.{each.name}"
                yield (whole if whole in MODULES else node.module), node.lineno


def ours(file: Path) -> Iterator[tuple[str, int]]:
    """Every module of the house that a file imports."""
    return ((each, line) for each, line in imports(file) if each.split(".")[0] == "pms")


def part(dotted: str) -> str:
    """The part of the house a module is in: `base`, `hotel`, `front_office` …"""
    return [*dotted.split("."), "__init__"][1]


def listed(faults: Iterator[str] | list[str]) -> None:
    """Fail with every fault on a line of its own."""
    found = sorted(set(faults))
    assert not found, "\n" + "\n".join(found)


# --- floors and wings -----------------------------------------------------------------------------


def test_every_part_of_the_house_is_on_a_floor() -> None:
    assert {part(each) for each in MODULES} <= FLOORS.keys() | DOORSTEP


def test_imports_point_down() -> None:
    def faults() -> Iterator[str]:
        for dotted, file in MODULES.items():
            here = part(dotted)
            for other, line in ours(file):
                there = part(other)
                if here in DOORSTEP or there in DOORSTEP:
                    if here != there and {here, there} - DOORSTEP and there != "__init__":
                        yield f"{name(file)}:{line} crosses the doorstep to {other}"
                elif FLOORS[there] > FLOORS[here] or (here, there) in BESIDE:
                    yield f"{name(file)}:{line} looks up or aside to {other}"

    listed(faults())


def desk(dotted: str) -> list[str]:
    """Return where somebody stands; the whole API is one desk."""
    return dotted.split(".")[1 : 2 if part(dotted) == "api" else 3]


def test_desks_do_not_see_each_other() -> None:
    def faults() -> Iterator[str]:
        for dotted, file in MODULES.items():
            if part(dotted) in DESKS:
                for other, line in ours(file):
                    if part(other) in DESKS and desk(other) != desk(dotted):
                        yield f"{name(file)}:{line} sees {other}"

    listed(faults())


def test_a_later_wing_calls_the_earlier_one() -> None:
    def faults() -> Iterator[str]:
        for dotted, file in MODULES.items():
            steps = dotted.split(".")
            if steps[:2] != ["pms", "hotel"] or len(steps) < 3 or steps[2] == "tables":
                continue
            for other, line in ours(file):
                wing = other.split(".")[2] if other.startswith("pms.hotel.") else steps[2]
                if WINGS.index(wing) > WINGS.index(steps[2]):
                    yield f"{name(file)}:{line} reaches forward to {other}"

    listed(faults())


def test_nothing_imports_in_a_circle() -> None:
    known = {
        dotted: {other for other, _ in ours(file) if other != dotted}
        for dotted, file in MODULES.items()
    }
    done: set[str] = set()

    def walk(dotted: str, path: tuple[str, ...]) -> Iterator[str]:
        if dotted in path:
            yield " -> ".join((*path[path.index(dotted) :], dotted))
        elif dotted not in done:
            for other in sorted(known.get(dotted, ())):
                yield from walk(other, (*path, dotted))
            done.add(dotted)

    listed([circle for dotted in known for circle in walk(dotted, ())])


def test_the_hotel_and_the_ground_do_not_know_flask() -> None:
    web = {"flask", "flask_login", "flask_wtf", "flask_sqlalchemy", "flask_compress", "wtforms",
           "werkzeug", "jinja2", "click"}  # fmt: skip

    listed(
        f"{name(file)}:{line} imports {other}"
        for dotted, file in MODULES.items()
        if part(dotted) in {"base", "hotel", "gateways"}
        for other, line in imports(file)
        if other.split(".")[0] in web
    )


def test_no_import_of_our_own_code_hides_in_a_function() -> None:
    listed(
        f"{name(file)}:{line} hides an import of {other}"
        for file in FILES
        if part(module(file)) not in DOORSTEP
        for other, line in set(ours(file)) - set(imports(file, top_only=True))
    )


# --- transactions and time ------------------------------------------------------------------------


def calls(file: Path) -> Iterator[tuple[str, ast.Call]]:
    """Every call in a file as `object.method`, and the call."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield f"{ast.unparse(node.func.value)}.{node.func.attr}", node


def test_only_transaction_commits() -> None:
    listed(
        f"{name(file)}:{call.lineno} {said}"
        for file in FILES
        if name(file) not in MAY_COMMIT
        for said, call in calls(file)
        if said.endswith(".commit")
    )


def test_no_verb_of_the_hotel_opens_a_transaction() -> None:
    # intend, call, settle: each a transaction of its own
    three_steps = {"intents.py", "jobs.py", "key_orders.py", "outbox.py"}

    listed(
        f"{name(file)}:{line} imports transaction"
        for dotted, file in MODULES.items()
        if part(dotted) == "hotel"
        and file.name not in three_steps
        and "/close/" not in name(file)  # the audit's steps are transactions of their own
        for node in tree(file).body
        if isinstance(node, ast.ImportFrom) and node.module == "pms.base.db"
        for line in [node.lineno]
        if any(each.name == "transaction" for each in node.names)
    )


def test_the_machines_clock_is_asked_in_one_place() -> None:
    asks = re.compile(
        r"\b(date\.today|datetime\.(now|utcnow|today)|time\.(time|time_ns|localtime))$"
    )

    listed(
        f"{name(file)}:{call.lineno} {said}"
        for file in FILES
        if part(module(file)) in FLOORS and name(file) not in ASKS_THE_CLOCK
        for said, call in calls(file)
        if asks.search(said)
    )


# --- names, words and sizes -----------------------------------------------------------------------


def test_rooms_have_names_a_receptionist_would_say() -> None:
    wing = "pms/hotel/service"  # what is done for a guest, not a kind of code

    listed(
        f"{name(file)} says nothing"
        for file in FILES
        for word in name(file).removesuffix(".py").removeprefix(wing).split("/")
        if word in FORBIDDEN
    )


def test_every_file_opens_with_a_sentence() -> None:
    listed(f"{name(file)} says nothing" for file in FILES if not ast.get_docstring(tree(file)))


def public(file: Path) -> Iterator[tuple[str, ast.AST]]:
    """Every public function, method and class, as `Class.method`."""

    def inside(body: list[ast.stmt], owner: str) -> Iterator[tuple[str, ast.AST]]:
        for node in body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                setter = any(".setter" in ast.unparse(each) for each in node.decorator_list)
                if not node.name.startswith("_") and not setter:
                    yield owner + node.name, node
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    yield from inside(node.body, f"{owner}{node.name}.")

    yield from inside(tree(file).body, "")


def refusals() -> set[str]:
    """The names of all refusals: their sentence says it."""
    found, before = {"Refusal", "Invalid"}, 0
    while len(found) > before:
        before = len(found)
        for file in FILES:
            for said, node in public(file):
                if isinstance(node, ast.ClassDef):
                    bases = {ast.unparse(base).split(".")[-1] for base in node.bases}
                    if bases & found:
                        found.add(said)
    return found


def test_whatever_is_public_says_what_it_is() -> None:
    speak_for_themselves = refusals()

    listed(
        f"{name(file)}:{node.lineno} {said}"  # type: ignore[attr-defined]
        for file in FILES
        for said, node in public(file)
        if said not in speak_for_themselves and not ast.get_docstring(node)  # type: ignore[arg-type]
    )


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of what a function does, below what it takes and what it says of itself."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_no_file_and_no_function_is_longer_than_can_be_taken_in() -> None:
    def faults() -> Iterator[str]:
        for file in FILES:
            lines = len(file.read_text(encoding="utf-8").splitlines())
            if lines > LONGEST_FILE and name(file) not in LONG:
                yield f"{name(file)}: {lines} lines"
            for node in ast.walk(tree(file)):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    lines = length(node)
                    if lines > LONGEST_FUNCTION and f"{name(file)}:{node.name}" not in LONG:
                        yield f"{name(file)}:{node.lineno} {node.name}: {lines} lines"

    listed(faults())


# --- tables ---------------------------------------------------------------------------------------


def test_no_amount_is_a_float() -> None:
    listed(
        f"{table.name}.{column.name}"
        for table in TABLES
        for column in table.columns
        if isinstance(column.type, sa.Float | sa.Numeric | sa.Double)
    )


def test_an_amount_is_said_one_way() -> None:
    by_hand = re.compile(r"\{(-?[\w.]+)\} \{\1\.currency\}")
    at_hand = [file for file in FILES if name(file) not in SAYS_BY_HAND]
    listed(f"{name(file)}: say `.said`" for file in at_hand if by_hand.search(file.read_text()))


def test_every_row_is_reached_through_its_hotel_or_chain() -> None:
    faults = [
        f"{table.name}: {[column.name for column in table.primary_key.columns]}"
        for table in TABLES
        if table.name not in HOTELLESS
        and next(iter(table.primary_key.columns)).name not in {"hotel_id", "chain_id"}
    ]

    listed(faults)
    assert HOTELLESS.keys() <= Base.metadata.tables.keys()


def test_foreign_keys_stay_within_the_hotel() -> None:
    leads = {"hotel_id", "chain_id"}

    listed(
        f"{table.name}.{key.column_keys}"
        for table in TABLES
        for key in table.foreign_key_constraints
        if key.referred_table.name not in HOTELLESS
        and not leads & {element.column.name for element in key.elements}
    )


def test_every_choice_is_checked_by_the_database() -> None:
    listed(
        f"{table.name}.{column.name}"
        for table in TABLES
        for column in table.columns
        if isinstance(column.type, sa.Enum)
        and (column.type.native_enum or not column.type.create_constraint)
    )


def test_no_name_is_longer_than_postgresql_keeps() -> None:
    listed(
        str(each.name)
        for table in TABLES
        for each in [*table.constraints, *table.indexes]
        if each.name and len(str(each.name)) > 63
    )


def test_a_migrated_database_has_every_table_column_and_trigger(engine: Engine) -> None:
    inspector = sa.inspect(engine)
    there = set(inspector.get_table_names()) - {"alembic_version"}
    assert there == set(Base.metadata.tables)
    for table in TABLES:
        columns = {
            column["name"]: column["nullable"] for column in inspector.get_columns(table.name)
        }
        assert columns == {column.name: column.nullable for column in table.columns}, table.name
        keys = inspector.get_pk_constraint(table.name)["constrained_columns"]
        assert keys == [column.name for column in table.primary_key.columns], table.name
        checks = {str(check["name"]) for check in inspector.get_check_constraints(table.name)}
        wanted = {
            str(each.name) for each in table.constraints if isinstance(each, sa.CheckConstraint)
        }
        assert wanted <= checks, table.name

    triggers = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    with engine.connect() as link:
        drawn = set(link.exec_driver_sql(triggers[engine.dialect.name]).scalars())
    assert set(ink.names()) <= drawn


def test_every_deed_is_written_down() -> None:
    """A room whose verbs ask `require(by, …)` writes the logbook."""
    asks, writes = set(), set()
    for file in (ROOT / "pms" / "hotel").rglob("*.py"):
        room = "/".join(name(file).removesuffix("/__init__.py").split("/")[:4])
        said = {ast.unparse(n.func) for n in ast.walk(tree(file)) if isinstance(n, ast.Call)}
        if "require" in said:
            asks.add(room)
        if said & {"logbook.record", "logbook.write"}:
            writes.add(room)

    listed(
        f"{room} asks who may, and writes no line"
        for room in asks - writes - set(WRITTEN_ELSEWHERE)
    )


def test_the_day_is_held_before_anything_is_locked() -> None:
    """One order for all: a verb that locked first could wait in a circle with the day's roll."""
    hotel = re.compile(r"(\b|_)hotel$|\bget_one\(Hotel\b|\bhere\(\)$")
    faults = []
    for file in (each for each in FILES if name(each) != "pms/hotel/house/business_day.py"):
        for verb in ast.walk(tree(file)):
            if not isinstance(verb, ast.FunctionDef):
                continue
            said = [
                (call.lineno, ast.unparse(call.func), [ast.unparse(arg) for arg in call.args])
                for call in ast.walk(verb)
                if isinstance(call, ast.Call)
            ]
            locks = [(line, args) for line, word, args in said if word == "lock"]
            held = [line for line, word, _ in said if word.startswith("business_day.hold")]
            faults += [
                f"{name(file)}:{line} {verb.name}: hold_hotel locks a hotel's row, nobody else"
                for line, args in locks
                if hotel.search(args[-1])
            ]
            faults += [
                f"{name(file)}:{line} {verb.name} locks before it holds the day"
                for line, _ in locks
                if held and line < min(held)
            ]
    listed(faults)


@pytest.mark.parametrize("rule", [LONG, HOTELLESS, MAY_COMMIT, WRITTEN_ELSEWHERE])
def test_every_exception_has_its_reason(rule: dict[str, str]) -> None:
    assert all(reason.strip() for reason in rule.values())
    assert pms.hotel.tables
