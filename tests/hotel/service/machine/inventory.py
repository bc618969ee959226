"""The inventory: every verb of the hotel that moves money, read from the code itself.

A verb moves money that comes, however far down, to the ledger; and so does every verb of a room
that handles nothing but money and writes a line of the logbook. Counted are those that somebody
above the hotel calls: desks, guests, machines, the worker.
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[4]
HOTEL = "pms.hotel."
LEDGER = {f"{HOTEL}books.ledger.posting.{verb}" for verb in ("post", "reverse")}
LOGBOOK = {f"{HOTEL}house.logbook.line"}
MONEY_ROOMS = tuple(
    f"{HOTEL}{room}."
    for room in (
        "books",
        "people.payroll",
        "people.tips",
        "service.checkout",
        "service.unpaid_bookings",
        "service.web_payments",
        "stays.allowances",
        "stays.commissions",
        "stays.fees",
        "stays.hour_fees",
        "stays.recurring",
        "stays.settlements",
    )
)

ABOVE = ("api", "back_office", "front_office", "guest_side", "web")  # and the worker

Name = str  # with its module: pms.hotel.books.folios.charging.charge


@dataclass
class Code:
    """What modules define, and which of it each definition and each module uses."""

    modules: dict[Name, ast.Module]
    imported: dict[Name, dict[str, tuple[Name, str]]] = field(default_factory=dict)
    defined: dict[Name, ast.stmt] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for module, tree in self.modules.items():
            self.imported[module] = {
                each.asname or each.name: (node.module, each.name)
                for node in tree.body  # none hides in a function
                if isinstance(node, ast.ImportFrom) and node.module in self.modules
                for each in node.names
            }
            for node in tree.body:
                if isinstance(node, ast.FunctionDef | ast.ClassDef):
                    self.defined[f"{module}.{node.name}"] = node

    def meant(self, module: Name, name: str) -> Name | None:
        """Return what a name of a module stands for, however often it was passed on."""
        whole = f"{module}.{name}"
        if whole in self.defined or whole in self.modules:
            return whole
        if name not in self.imported.get(module, {}):
            return None
        source, as_named = self.imported[module][name]
        return None if (source, as_named) == (module, name) else self.meant(source, as_named)

    def used(self, module: Name, node: ast.AST) -> Iterator[Name]:
        """Yield what a piece of a module speaks of."""
        for each in ast.walk(node):
            found = self._spoken_of(module, each)
            if found in self.defined:
                yield found

    def _spoken_of(self, module: Name, node: ast.AST) -> Name | None:
        if isinstance(node, ast.Name):
            return self.meant(module, node.id)
        if isinstance(node, ast.Attribute):
            room = self._spoken_of(module, node.value)
            return self.meant(room, node.attr) if room in self.modules else None
        return None


def read(files: Iterable[Path]) -> dict[Name, ast.Module]:
    """Return the modules of files by their names."""
    found = {}
    for file in files:
        parts = file.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = ast.parse(file.read_text())
    return found


def left_out(driving: Iterable[Path]) -> set[str]:
    """Return the verbs that move money and aren't named in the files that drive them."""
    theirs = read(driving)
    desks = read(file for desk in ABOVE for file in (ROOT / "pms" / desk).rglob("*.py"))
    desks |= read([ROOT / "pms" / "worker.py"])
    code = Code(read((ROOT / "pms" / "hotel").rglob("*.py")) | desks | theirs)
    called, driven = (
        {each for module in some for each in code.used(module, code.modules[module])}
        for some in (desks, theirs)
    )
    return {name.removeprefix(HOTEL) for name in _verbs(code) & called - driven}


def _verbs(code: Code) -> set[Name]:
    calls = {
        name: set(code.used(name.rpartition(".")[0], node))
        for name, node in code.defined.items()
        if name.startswith(HOTEL)
    }
    kept_by_hand = {each for each in _reaching(LOGBOOK, calls) if each.startswith(MONEY_ROOMS)}
    return {
        name
        for name in _reaching(LEDGER, calls) | kept_by_hand
        if isinstance(code.defined[name], ast.FunctionDef)
        and not name.rpartition(".")[2].startswith("_")
    }


def _reaching(goal: set[Name], calls: dict[Name, set[Name]]) -> set[Name]:
    """Return what comes to a goal by calling what comes to it."""
    found = set(goal)
    while more := {name for name, used in calls.items() if name not in found and used & found}:
        found |= more
    return found
