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
from collections.abc import Sequence
from dataclasses import dataclass, field

from protocol.errors import InputError, wrong_file
from protocol.words import Message, Text, msg
from verify.model.published import Level
from verify.read.disguised import FEED, other_xml, root_of
from verify.read.published.cells import TEXT_LIMIT
from verify.read.xml_tree import MAX_TEXT, Element, RefusedError, read_tree


@dataclass(frozen=True, slots=True)
class FeedChoice:
    """A choice of a round as the file writes it; what it does not have is empty.

    Attributes:
        label: its name.
        panel: number of its panel.
        nuance: code of its political shade.
        votes: its votes.
        of_registered, of_valid: percentages.
        mark: who is elected: ``OUI``, ``NON``, ``QUALIF T2``.
    """

    label: str
    panel: str
    nuance: str
    votes: str
    of_registered: str
    of_valid: str
    mark: str

    @property
    def cells(self) -> tuple[str, ...]:
        """Its cells in a block of the ministry's tables."""
        return (self.panel, self.label, self.votes, self.of_registered, self.of_valid, self.mark)


@dataclass(frozen=True, slots=True)
class Tour:
    """A round of a place, as the file writes it.

    Attributes:
        line: of the file, at which it starts, from 1.
        number: 1 or 2 as text, empty where it is missing.
        texts: other texts beside its number, by the names of their elements.
        counts: for each name of `COUNTS` the texts in it: ``Nombre``, ``RapportInscrits``…
        choices: in the order of the file.
    """

    line: int
    number: str
    texts: dict[str, str]
    counts: dict[str, dict[str, str]]
    choices: list[FeedChoice]


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

COUNTS = {
    "Inscrits": "registered",
    "Abstentions": "abstentions",
    "Votants": "votes_found",
    "Blancs": "blank",
    "Nuls": "null",
    "BlancsOuNuls": "null",
    "Exprimes": "valid",
}
"""``BlancsOuNuls``, one count until April 2014, is kept as null; blank votes are then absent."""

CHOICES = frozenset(("Candidat", "Liste", "Nuance", "Binome"))
INDEXED = frozenset(("Departement", "Dpt"))
OF_AN_INDEX = frozenset(("Complet", "Clos", "ResultatsParvenus", "DateDerExtract", "DateDerMaj", "DateClotureDpt"))
"""Elements of a département that only an index has."""


PANELS = ("NumPanneauCand", "NumPanneauListe", "NumPanneau", "NumeroOrdCand")
LABELS = (
    ("NomPsn", "PrenomPsn"),
    ("LibAbrListe",),
    ("NomListe",),
    ("LibLisExt",),
    ("LibListe",),
    ("LibBinome",),
    ("CodNua",),
    ("CodNuaCand",),
    ("LibNua",),
)
"""Elements that name a choice, the most telling first, as in the ministry's other files."""


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
        tour = Tour(element.line, "", {}, {}, []) if name == "Tour" else tour
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
            tour.choices.append(_choice(texts))
        elif name == "Tour" and tour is not None:
            number = texts.pop("NumTour", "")
            return [Tour(tour.line, number, texts, tour.counts, tour.choices)]
        elif name == "Tours":
            return tours
        elif name == "Scrutin":
            self._found.kind = self._found.kind or texts.get("Type", "")
            self._found.year = self._found.year or texts.get("Annee", "")
        elif name in COUNTS and tour is not None:
            tour.counts.setdefault(COUNTS[name], texts)
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


def _choice(texts: dict[str, str]) -> FeedChoice:
    names = (" ".join(filter(None, (texts.get(name, "") for name in parts))) for parts in LABELS)
    return FeedChoice(
        label=sys.intern(next(filter(None, names), "")[:TEXT_LIMIT]),
        panel=first(texts, PANELS),
        nuance=first(texts, ("CodNua", "CodNuaCand")),
        votes=texts.get("NbVoix", ""),
        of_registered=share(texts, "RapportInscrit"),
        of_valid=share(texts, "RapportExprime"),
        mark=texts.get("Elu", ""),
    )


def first(texts: dict[str, str], names: Sequence[str]) -> str:
    """The first of several elements that is there and not empty."""
    return next((texts[name] for name in names if texts.get(name)), "")


def share(texts: dict[str, str], element: str) -> str:
    """A percentage; the newer generation writes an s at the end of its element."""
    return first(texts, (element, element + "s"))
