"""One XML file of the ministry's night feed as it is written there: its places with their figures, or its index.

Both generations, PR2017 to LG2022 and from 2024 on, have the same elements with other names of files: a place
(``Commune``, ``Circonscription``, ``Departement``, ``Region``, the nation) has ``Tours/Tour``, a round has
``Mentions`` (counts and their percentages) and ``Resultats`` (candidates, lists or shades)::

    <Election><Scrutin><Type>Législatives</Type><Annee>2022</Annee></Scrutin>
      <Departement><CodDpt>75</CodDpt><Circonscriptions><Circonscription><CodCirElec>7501</CodCirElec>
        <Tours><Tour><NumTour>1</NumTour><Mentions><Inscrits><Nombre>84562</Nombre></Inscrits>…</Mentions>
          <Resultats><Candidats><Candidat><NomPsn>…</NomPsn><NbVoix>567</NbVoix>…</Candidat>…

An index lists départements with the time of their last figures and whether they are complete. Known from the feeds of
2011, 2017 and 2024 and from public programs that read them.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from protocol.errors import InputError, wrong_file
from protocol.words import Message, Text, msg
from verify.model.published import COUNTS, Level
from verify.read.disguised import FEED, other_xml, root_of
from verify.read.layouts.columns import parts_of
from verify.read.layouts.language import Layout, parse_layout
from verify.read.published.cells import TEXT_LIMIT
from verify.read.xml_tree import MAX_TEXT, Element, RefusedError, read_tree


@dataclass(frozen=True, slots=True)
class Tour:
    """A round of a place, as the file writes it.

    Attributes:
        line: of the file, at which it starts, from 1.
        number: 1 or 2 as text, empty where it is missing.
        texts: other texts of its own by the names of their elements, and those of its counts: ``Inscrits/Nombre``.
        choices: texts of each choice, in the order of the file.
    """

    line: int
    number: str
    texts: dict[str, str]
    choices: list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Place:
    """A place and its rounds.

    Attributes:
        level: what it is.
        texts: those of its own and of the places around it, the innermost first: ``CodDpt``, ``LibSubCom``…
    """

    level: Level
    texts: dict[str, str]
    tours: list[Tour]


@dataclass(slots=True)
class FeedDocument:
    """The content of one file of the feed.

    Attributes:
        kind: of election, as the file says it: ``Législatives``.
        year: of the election, as the file says it, which in a rehearsal is that of the figures.
        places: in the order of the file.
        index: what an index says of each département.
        problems: what could not be read.
        cut: whether it ends before its end.
    """

    kind: str = ""
    year: str = ""
    places: list[Place] = field(default_factory=list)
    index: list[dict[str, str]] = field(default_factory=list)
    problems: list[InputError] = field(default_factory=list)
    cut: bool = False


MAX_XML = 2**26
"""Bytes of one file of the feed; the largest known, the communes of a département, has some 6 MB."""
MAX_CHOICES = 1000
"""Choices of a place; the longest list of candidates known has some 50."""

PLACES = {
    "Commune": Level.COMMUNE,
    "Canton": Level.CANTON,
    "Circonscription": Level.CONSTITUENCY,
    "Departement": Level.DEPARTMENT,
    "Region": Level.REGION,
    "FranceEntiere": Level.NATION,
    "FE": Level.NATION,
    "EnsembleGeo": Level.NATION,
    "Election": Level.NATION,
}
"""Elements that stand for a place. The nation's rounds stand in one of its own, or in the file's own element."""

CHOICES = frozenset(("Candidat", "Liste", "Nuance", "Binome"))
INDEXED = frozenset(("Departement", "Dpt"))
OF_AN_INDEX = frozenset(("Complet", "Clos", "ResultatsParvenus", "DateDerExtract", "DateDerMaj", "DateClotureDpt"))
"""Elements of a département that only an index has."""


Elements = dict[str, tuple[str, ...]]
"""For each column of the layout the elements of its text, the first that is there counts."""


@cache
def entry() -> tuple[Layout, Elements, Elements]:
    """The layout of the feed, the elements of a place with a round, and those of a choice."""
    file = Path(__file__).with_name("ministry_feed.toml")
    layout = parse_layout(file.read_bytes(), file.name, tested=True)
    of, elements = layout.choices, dict(layout.tree.columns if layout.tree else {})
    block = (of.panel, *parts_of(of.names), of.columns, *of.percentages.values())
    choices = {header: elements.pop(header) for headers in block for header in headers}
    return layout, elements, choices


def parse(data: bytes, file: str) -> FeedDocument:
    """Parse a file of the feed as far as possible; faults of the rest are among its problems.

    Args:
        data: its bytes.
        file: its name, for the problems.
    """
    if root_of(data).lower() == "html":
        page = msg("a page of a web server: it had no such file then")
        return FeedDocument(problems=[wrong_file(file, msg("XML of the feed"), page)])
    return _FeedReader(file).read(data)


class _FeedReader:
    """Turns the elements of one file into places; used once."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._found = FeedDocument()

    def read(self, data: bytes) -> FeedDocument:
        tree = read_tree(data)
        self._found.cut = tree.is_cut
        try:
            if tree.root is not None and tree.root.name != FEED:
                wanted = msg("XML of the feed, in an element « Election »")
                raise RefusedError(wanted, other_xml(tree.root.name[:80]), tree.root.line)
            if tree.root is not None:
                self._take(tree.root, {}, None)
        except RefusedError as refused:
            self._problem(refused.line, refused.expected, refused.got)
        else:
            if tree.wrong is not None:
                self._problem(tree.wrong.line, tree.wrong.expected, tree.wrong.got)
        return self._found

    def _problem(self, line: int, expected: Message, got: Text, column: str | None = None) -> None:
        self._found.problems.append(InputError(self._file, line, column, expected, got))

    def _take(self, element: Element, outer: dict[str, str], tour: Tour | None, in_choice: bool = False) -> list[Tour]:
        """Take an element that has others in it, and those; gives the rounds of the place that it stands in.

        Args:
            element: the element.
            outer: texts of the elements around it, the innermost first.
            tour: the round that it stands in.
            in_choice: whether it stands in a choice.
        """
        name, texts = element.name, dict[str, str]()
        tours: list[Tour] = []
        tour = Tour(element.line, "", {}, []) if name == "Tour" else tour
        for child in element.children:
            if child.children:
                tours += self._take(child, outer | texts, tour, in_choice or name in CHOICES)
            elif child.is_whole:
                self._take_text(texts, child)
        if not element.is_whole:
            return []
        if name in CHOICES and tour is not None and not in_choice:  # no name on a list that is one
            if len(tour.choices) >= MAX_CHOICES:
                wanted = msg("at most {most:n} choices in one place", most=MAX_CHOICES)
                raise RefusedError(wanted, msg("more"), element.line)
            tour.choices.append(texts)
        elif name == "Tour" and tour is not None:
            return [Tour(tour.line, texts.pop("NumTour", ""), tour.texts | texts, tour.choices)]
        elif name == "Tours":
            return tours
        elif name == "Scrutin":
            self._found.kind = self._found.kind or texts.get("Type", "")
            self._found.year = self._found.year or texts.get("Annee", "")
        elif tour is not None and not in_choice:
            for of, text in ({"Nombre": ""} | texts).items():  # a count without one is blank
                tour.texts.setdefault(sys.intern(f"{name}/{of}"), text)
        elif name in INDEXED and not tours and not OF_AN_INDEX.isdisjoint(texts):
            self._found.index.append(texts)
        if tours and name in PLACES:
            self._found.places.append(Place(PLACES[name], outer | texts, tours))
        for each in tours if name not in PLACES else ():
            expected = msg("a place that is known: {places}", places=", ".join(PLACES))
            self._problem(each.line, expected, msg("« {name} »: not read", name=name[:80]), "Tour")
        return []

    def _take_text(self, texts: dict[str, str], element: Element) -> None:
        text = " ".join(element.text.split())
        if len(text) > MAX_TEXT:
            expected = msg("at most {most:n} characters in an element", most=MAX_TEXT)
            raise RefusedError(expected, msg("more"), element.line)
        known = texts.setdefault(element.name, sys.intern(text))  # a nation has the same few names again and again
        if known != text:
            got = msg("« {text} » after « {known} »", text=text, known=known)
            self._problem(element.line, msg("each element once"), got, element.name)


def first(texts: Mapping[str, str], names: Sequence[str]) -> str:
    """The first of several elements that is there and not empty."""
    return next((texts[name] for name in names if texts.get(name)), "")


def label_of(choice: Mapping[str, str]) -> str:
    """The name of a choice; some are those of two elements side by side."""
    names = (" ".join(filter(None, map(choice.get, name.split()))) for name in entry()[2]["Nom"])
    return sys.intern(next(filter(None, names), "")[:TEXT_LIMIT])


def nuance_of(choice: Mapping[str, str]) -> str:
    """The code of the political shade of a choice."""
    return first(choice, ("CodNua", "CodNuaCand"))


def figures_of(tour: Tour) -> list[tuple[str, str]]:
    """The cells of each count, by its name, and of the votes of each choice."""
    layout, columns, choices = entry()
    counts = [(name, first(tour.texts, columns[layout.counts[name][0]])) for name in layout.counts if name in COUNTS]
    return [*counts, *((label_of(choice), first(choice, choices["Voix"])) for choice in tour.choices)]
