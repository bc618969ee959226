"""The machine's hotel: deeds that may be cut off anywhere, and what must hold after each."""

import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from itertools import groupby
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import sqlalchemy as sa
from hypothesis import reject
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import event
from sqlalchemy.orm import Session

from pms.base import clock, db
from pms.base.db import Base, transaction
from pms.base.refusal import Refusal
from pms.gateways.stripe_fake import Practice
from pms.gateways.stripe_fake.store import Store
from pms.hotel.books import folios
from pms.hotel.books.folios import FolioKind
from pms.hotel.books.papers import issuers
from pms.hotel.close import verify
from pms.hotel.house.logbook import Line
from pms.hotel.house.staff import Role
from pms.hotel.tariff import charges
from pms.hotel.tariff.taxes import Slept, TaxClass
from tests import make, papered
from tests.hotel.service.machine.finding import Finding
from tests.hotel.service.paying import Till, euros
from tests.sweeping import child, kill_at, was_killed

ROOMS = 12
AMOUNTS = st.integers(1, 90).map(lambda units: units * 100)
PLACES = st.integers(0, 9)
WINDOWS = st.sampled_from([1, 1, 2])
CODES = st.sampled_from(["BAR", "LODGING", "TIP"])


class Cut(NamedTuple):
    """Where a deed is killed: when it comes to a point of that name for the n-th time."""

    point: str
    nth: int


STATEMENT, COMMIT, COMMITTED = "before_cursor_execute", "commit", "checkin"
# Mostly soon, but also deep within what has many statements, or transactions.
STATEMENTS = st.integers(0, 60).map(lambda n: round(1.1**n))
CUTS = st.one_of(
    st.none(),
    st.none(),
    st.none(),
    st.builds(Cut, st.just(STATEMENT), STATEMENTS),
    st.builds(
        Cut, st.sampled_from([COMMIT, COMMITTED]), st.sampled_from([1, 1, 1, 1, 2, 2, 3, 5, 8])
    ),
)


# Steps that are to meet in every life, instead of twelve that are drawn for each.
OFTEN = os.environ.get("PMS_OFTEN", "").split()
FEW = st.deferred(
    lambda: (
        st.just(OFTEN)
        if OFTEN
        else st.sets(st.sampled_from(sorted(STEPS)), min_size=12, max_size=12).map(sorted)
    )
)
STEPS: dict[str, st.SearchStrategy[dict[str, Any]]] = {}  # what is drawn for each there is


def deed(**drawn: Any) -> Callable[..., Any]:
    """Say that a step of the machine may be cut off, and what else is drawn for it."""

    def made(step: Callable[..., None]) -> Any:
        def may_be_cut(self: Any, cut: Cut | None, **details: Any) -> None:
            self.cut, self.step = cut, step.__name__
            self.tick()
            step(self, **details)

        assert step.__name__ not in STEPS, "of two steps of one name only one is ever taken"
        STEPS[step.__name__] = st.fixed_dictionaries({"cut": CUTS, **drawn})
        return may_be_cut

    return made


class House(Finding, RuleBasedStateMachine):
    """A hotel with twelve rooms and its parties, and what its people do.

    About half of what is done in one life of it are a few steps, drawn for it, so that these meet
    often; the others take their turns, from one life to the next, so that each comes.
    """

    fresh: ClassVar[Any]  # gives the address of a fresh database, and takes it back
    before: ClassVar[int] = 0  # so many steps took their turns in the lives before
    folder: ClassVar[Path]  # where the practice gateway keeps its file
    came_of: ClassVar[Counter[tuple[str, str]]] = Counter()  # of each verb: done, or refused how
    done: ClassVar[Counter[str]] = Counter()  # how often each step did something
    cut_off: ClassVar[Counter[str]] = Counter()  # and how often it was killed at it
    written: ClassVar[Counter[tuple[str, str]]] = Counter()  # what stands in the logbooks

    # --- what came of it ----------------------------------------------------------------------

    @classmethod
    def forget(cls):
        for counter in (cls.came_of, cls.done, cls.cut_off, cls.written):
            counter.clear()

    @classmethod
    def told(cls):
        """Say what came of each verb, how often each step did something, and what was written."""
        for of, outcomes in groupby(sorted(cls.came_of.items()), key=lambda row: row[0][0]):
            yield f"{of}: " + ", ".join(f"{came} {times}" for (_, came), times in outcomes)
        yield "steps done: " + ", ".join(f"{step} {n}" for step, n in cls.done.most_common())
        yield "steps never done: " + ", ".join(sorted(STEPS.keys() - cls.done.keys()))
        yield "steps killed: " + ", ".join(f"{step} {n}" for step, n in cls.cut_off.most_common())
        for (noun, verb), times in sorted(cls.written.items()):
            yield f"in the logbook: {noun}: {verb} {times}"

    # --- the hotel ----------------------------------------------------------------------------

    @initialize(drawn=st.integers(0, 2**32), often=FEW)
    def begin(self, drawn, often):
        if not drawn:  # hypothesis begins with nothing but zeros: one verb for ever
            reject()
        self.often, self.taken = often, self.before
        self.cut, self.step, self.known, self.held = None, "begin", None, {}
        self.came_of["example", "begun"] += 1
        self.clock = ExitStack()
        self.set_clock(make.NOON)
        self.database = type(self).fresh()
        self.url = next(self.database)
        self.engine = db.connect(self.url)
        self.session = Session(self.engine, expire_on_commit=False)
        self.file = self.folder / f"practice-{db.new_id()}.db"
        self.till = till = Till(self.session, practice=Practice(self.file), rooms=ROOMS)
        self.house, self.by = till.house, till.by
        with transaction(self.session):
            self.clerk = make.by(self.session, till.house, Role.FRONT_DESK)
            self.accountant = make.by(self.session, till.house, Role.ACCOUNTANT)
            issuers.write(self.session, till.house, papered.ISSUER, by=till.by)
            self.codes = {
                "BAR": make.charge_code(self.session, till.house, "BAR"),
                "LODGING": make.taxed_code(self.session, till.house),
                "TIP": make.charge_code(self.session, till.house, "TIP"),
            }
            lodging = (self.house.id, self.codes["LODGING"].tax_class_id)
            charges.tax_as(  # so that deposits bear VAT
                self.session, make.charge_code(self.session, self.house),
                self.session.get_one(TaxClass, lodging), by=self.by,
            )  # fmt: skip
        self.furnish()
        self.coming = till.books(surname="Coming")
        self.here = till.books(surname="Here", nights=3)
        till.arrives(self.here)
        self.folio = till.charges(self.here, 9_000)
        owing = till.charges(self.coming, 20_000)
        with transaction(self.session):
            house = folios.open_folio(
                self.session, till.house, kind=FolioKind.HOUSE, name="House", by=till.by
            )
            for folio in (self.folio, owing, house):
                folios.open_window(self.session, folio, no=2, by=till.by)
            folios.charge(self.session, house, code=self.codes["LODGING"], amount=euros(15_000),
                          slept=Slept(2), by=till.by)  # fmt: skip

    @rule(data=st.data())
    def goes_on(self, data):
        name = data.draw(st.sampled_from(self.often), label="step")
        if data.draw(st.booleans(), label="in turn"):
            names = sorted(STEPS, key=lambda each: each[::-1])  # not what is alike one by one
            name = names[self.taken % len(names)]
            self.taken += 1
        getattr(self, name)(**data.draw(STEPS[name], label=name))

    def furnish(self):
        """Set up what the machine's other parts need; each part does so for itself."""

    # --- time ---------------------------------------------------------------------------------

    def set_clock(self, instant):
        self.clock.close()
        self.now = instant
        self.clock.enter_context(clock.set_to(instant))

    def tick(self):
        self.set_clock(self.now + timedelta(seconds=20))

    # --- doing --------------------------------------------------------------------------------

    def does(self, verb, *things, by=None, **details):
        """Do something by a verb, in a transaction of its own; a refusal leaves all as it was."""
        if any(thing is None for thing in things):
            self.note(named(verb), "nothing there")
            return
        before = self.print()

        def work():
            try:
                with transaction(self.session):
                    verb(self.session, *things, by=by or self.by, **details)
            except Refusal as no:
                assert self.print() == before
                self.note(named(verb), type(no).__name__)
            else:
                self.note(named(verb), "done")

        self.performs(named(verb), work)

    def tries(self, name, deed):
        """Do what has more than one transaction; refused or not, what was kept stays."""

        def work():
            try:
                deed()
            except Refusal as no:
                self.note(name, type(no).__name__)
            else:
                self.note(name, "done")

        self.performs(name, work)

    def note(self, name, outcome):
        self.came_of[name, outcome] += 1
        if outcome == "done":
            self.done[self.step] += 1

    def performs(self, name, work):
        """Do a piece of work, or have it killed where this step is to be cut off.

        After the kill the database is as it was before, or as the work committed it.
        """
        self.session.rollback()
        cut, self.cut = self.cut, None
        if cut is None:
            self.known = None
            work()
            return
        before, commits = self.print(), self.folder / "commits"
        commits.write_text("")
        self.engine.dispose()  # what is open can't be shared with a child
        self.known = None
        killed = was_killed(child(lambda: self.dies_at(cut, work, commits)))
        self.session.expire_all()
        self.came_of["killed" if killed else "got through", cut.point] += 1
        if killed:
            self.cut_off[self.step] += 1
        seen = [before, *map(json.loads, commits.read_text().splitlines())]
        after = self.print()
        assert after in seen[-2:] if killed else after == seen[-1]
        did = after != before
        self.note(name, "killed" if killed else "done" if did else "refused")
        if killed and did:
            self.done[self.step] += 1

    def dies_at(self, cut, work, commits):
        """Do the work in this process, writing down each state it commits, until it is killed."""
        engine = db.connect(self.url)

        @event.listens_for(engine, "commit")
        def write_down(connection):
            with commits.open("a") as file:
                file.write(json.dumps(print_of(connection)) + "\n")

        kill_at(engine, cut.nth, [cut.point])
        self.session.bind = engine
        practice = self.till.practice
        self.inherited, practice.store = practice.store, Store(self.file)
        work()

    def print(self):
        """Return the fingerprint of every table, read anew once something was done."""
        if self.known is None:
            self.session.rollback()
            self.known = print_of(self.session.connection())
            self.session.rollback()
        return self.known

    # --- what must hold -----------------------------------------------------------------------

    @invariant()
    def holds(self):
        """Every rule of rows holds; what reads no table that changed held before."""
        if not hasattr(self, "till") or self.print() == self.held:
            return
        touched = [name for name, rows in self.known.items() if self.held.get(name) != rows]
        self.all_right(verify.of_rows(self.session, self.house, touched=touched))
        self.session.rollback()
        self.held = self.known

    def all_right(self, checks):
        wrong = [each for each in checks if not each.ok]
        assert not wrong, wrong

    def ends(self):
        """Come to rest before all is looked at once more; each part does so for itself."""

    def teardown(self):
        if not hasattr(self, "till"):
            return
        try:
            self.ends()
            self.session.rollback()
            self.all_right(verify.checks(self.session, self.house))
            counted = sa.select(Line.noun, Line.verb, sa.func.count())
            for noun, verb, times in self.session.execute(counted.group_by(Line.noun, Line.verb)):
                self.written[noun, verb] += times
        finally:
            self.session.close()
            self.engine.dispose()
            self.till.practice.store.close()
            self.clock.close()
            next(self.database, None)


def named(verb):
    """Return a verb's name with its room's: `cashiers.drop` is another than `stays.drop`."""
    return f"{verb.__module__.rpartition('.')[2]}.{verb.__name__}"


def print_of(connection):
    """Return the fingerprint of each table a connection sees; no point of a cut is in it."""
    cursor, prints = connection.connection.cursor(), {}
    for table in Base.metadata.sorted_tables:
        cursor.execute(f"SELECT * FROM {table.name}")
        rows = repr(sorted(map(repr, cursor.fetchall())))
        prints[table.name] = hashlib.sha256(rows.encode()).hexdigest()
    cursor.close()
    return prints
