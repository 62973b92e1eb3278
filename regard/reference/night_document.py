"""The document of a night's files, `docs/reference/night.md`, made from the definitions that the code itself uses."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import sim.nights.night
from protocol import night, transmission
from protocol.election import MAX_SEATS
from protocol.night import NightTable
from protocol.transmission import StepUp, step_table, sums_table
from regard.language import show
from regard.reference import markdown
from sim.nights.ministry import HEADERS
from sim.waits import DAY_COLUMNS
from verify.read import feed
from verify.read.bounds import MAX_MEMBERS
from verify.read.counts import MAX_COUNT
from verify.read.feed import elements
from verify.read.published import ministry_nation
from verify.read.tables import columns, reading
from verify.read.xml_tree import MAX_DEPTH

_LAYOUTS: tuple[tuple[object, str], ...] = (
    (ministry_nation, ministry_nation.NAME),
    (feed, elements.entry()[0].name),
    (reading.results_in, columns.NAME),
)


def document() -> str:
    """The text of ``docs/reference/night.md``."""
    return markdown.document(
        __file__,
        MAX_COUNT=MAX_COUNT,
        MAX_MEMBERS=MAX_MEMBERS,
        MAX_SEATS=MAX_SEATS,
        columns=_columns,
        day=[(f"`{name}`", meaning) for name, meaning in DAY_COLUMNS.items()],
        MAX_DEPTH=MAX_DEPTH,
        feed_elements=list(_feed_elements()),
        folder=list(_folder()),
        header=HEADERS["candidat"],
        layouts=[(markdown.code(names.split(", ")), _first_sentence(reader)) for reader, names in _LAYOUTS],
        steps=[(f"`{s.file}`", str(s.label), f"`{s.parent.file}`" if s.parent else "the PVs") for s in StepUp],
        step_table=step_table(StepUp.ENTRY, 1),
        sums_table=sums_table(StepUp.ENTRY, 1),
        transmission=transmission,
        named=markdown.code,
        night=night,
        simulated=sim.nights.night,
    )


def _folder() -> Iterator[tuple[str, str, str]]:
    """The election and the tables; the other files stand in the template."""
    yield f"`{night.ELECTION}`", "the election and its polls", "yes"
    for file in night.TABLES:
        yield f"`{file.file}`", file.meaning.partition(";")[0], "never" if file is night.TRUTH else "yes"


def _feed_elements() -> Iterator[tuple[str, str]]:
    """The elements of the ministry's feed that are read, each with what it holds."""
    yield "`Election`", "the whole file; the nation's own rounds"
    yield "`Scrutin`", "`Type`, the kind of the election; `Annee`, its year"
    for level in dict.fromkeys(elements.PLACES.values()):
        places = [name for name, each in elements.PLACES.items() if each is level and name != "Election"]
        yield markdown.code(places), f"a place: {show('en', level.text)}"
    _, columns, choices = elements.entry()
    yield "`Tour`", "a round of a place: `NumTour`, its number; `Mentions`, its counts; `Resultats`, its choices"
    for header, names in columns.items():
        yield markdown.code(names), f"of a place or a round, as “{header}” in a table of the ministry's"
    yield markdown.code(sorted(elements.CHOICES)), "a choice of a round"
    for header, names in choices.items():
        yield markdown.code(names), f"of a choice, as “{header}” in a table of the ministry's"
    yield "`Elu`", "`OUI`: elected; `QUALIF T2`: in the second round; `NON`: neither"
    yield markdown.code(sorted(elements.INDEXED)), f"in an index, with {markdown.code(sorted(elements.OF_AN_INDEX))}"


def _columns(file: NightTable) -> list[tuple[str, str, str, str]]:
    columns = (*file.columns, *file.further)
    return [(f"`{c.name}`", str(c.content.value), "yes" if c.required else "no", c.meaning) for c in columns]


def _first_sentence(reader: object) -> str:
    return (inspect.getdoc(reader) or "").split("\n\n")[0].removesuffix(".").replace("``", "`")
