"""One XML file of the ministry's night feed, read as a stream: its places with their figures, or its index.

Both generations, PR2017 to LG2022 and from 2024 on, have the same elements with other names of files: a place
(``Commune``, ``Circonscription``, ``Departement``, ``Region``, the nation) has ``Tours/Tour``, a round has
``Mentions`` (counts and their percentages) and ``Resultats`` (candidates, lists or shades)::

    <Election><Scrutin><Type>Législatives</Type><Annee>2022</Annee></Scrutin>
      <Departement><CodDpt>75</CodDpt><Circonscriptions><Circonscription><CodCirElec>7501</CodCirElec>
        <Tours><Tour><NumTour>1</NumTour><Mentions><Inscrits><Nombre>84562</Nombre></Inscrits>…</Mentions>
          <Resultats><Candidats><Candidat><NomPsn>…</NomPsn><NbVoix>567</NbVoix>…</Candidat>…

An index lists départements with the time of their last figures and whether they are complete. Nothing outside a file is
ever asked for: a document type is refused, and with it every entity. Known from the feeds of 2011, 2017 and 2024 and
from public programs that read them.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.parsers import expat

from protocol.errors import InputError, cause
from protocol.words import Message, Text, msg
from verify.model.published import Level
from verify.read.disguised import FEED, other_xml, root_of
from verify.read.feed.document import FeedChoice, FeedDocument, Place, Tour
from verify.read.published.cells import TEXT_LIMIT

MAX_XML = 2**26
"""Bytes of one file of the feed; the largest known, the communes of a département, has some 6 MB."""
MAX_DEPTH = 32
"""Elements one inside another; the feed has 11."""
MAX_TEXT = 1000
"""Characters in an element."""
MAX_CHOICES = 1000
"""Choices of a place; the longest list of candidates known has some 50."""
_BLOCK = 2**16
_PAGE = (b"<!doctype html", b"<html")
"""Beginning of a page of a web server, in small letters."""

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


class _RefusedError(Exception):
    """The rest of the file is not read."""

    def __init__(self, expected: Message, got: Text) -> None:
        super().__init__()
        self.expected, self.got = expected, got


@dataclass(slots=True)
class _Element:
    """An element that is open.

    Attributes:
        texts: of the elements in it that hold nothing but text.
        is_text: whether it holds no other element so far.
        round: of a ``Tour``, what is known of it.
        tours: those of a place.
    """

    name: str
    line: int
    texts: dict[str, str] = field(default_factory=dict)
    is_text: bool = True
    round: Tour | None = None
    tours: list[Tour] = field(default_factory=list)


def is_xml(data: bytes) -> bool:
    """Test whether a file is XML, or a page of a web server in its place."""
    return _start_of(data).startswith((b"<?xml", *_PAGE)) or root_of(data) != ""


def _start_of(data: bytes) -> bytes:
    return data[:512].removeprefix(b"\xef\xbb\xbf").lstrip().lower()


def parse(data: bytes, file: str) -> FeedDocument:
    """Parse a file of the feed as far as possible; faults of the rest are among its problems.

    Args:
        data: its bytes.
        file: its name, for the problems.
    """
    if _start_of(data).startswith(_PAGE):
        page = msg("a page of a web server: it had no such file then")
        return FeedDocument(problems=[InputError(file, None, None, msg("XML of the feed"), page)])
    return _FeedReader(file).read(data)


class _FeedReader:
    """Turns the events of one file into places; used once."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._found = FeedDocument()
        self._open: list[_Element] = []
        self._text: list[str] = []
        self._size = 0
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.EntityDeclHandler = self._doctype
        self._parser.ExternalEntityRefHandler = self._external

    def read(self, data: bytes) -> FeedDocument:
        try:
            for start in range(0, len(data), _BLOCK):
                self._parser.Parse(data[start : start + _BLOCK])
            self._parser.Parse(b"", True)
        except _RefusedError as refused:
            self._problem(refused.expected, refused.got)
        except expat.ExpatError as error:
            self._found.cut = bool(self._open) and error.code in _ENDED
            got = msg("one that was cut short") if self._found.cut else cause(error)
            self._problem(msg("well-formed XML"), got)
        except (LookupError, ValueError) as error:  # an encoding that there is not, or that is none of text
            self._problem(msg("XML in an encoding that is known"), cause(error))
        return self._found

    def _problem(self, expected: Message, got: Text, column: str | None = None) -> None:
        line = max(self._parser.CurrentLineNumber, 1)
        self._found.problems.append(InputError(self._file, line, column, expected, got))

    def _doctype(self, *_: object) -> None:
        raise _RefusedError(msg("XML of the feed, without a document type"), msg("a document type"))

    def _external(self, *_: object) -> int:
        raise _RefusedError(msg("XML of the feed, without entities"), msg("an entity outside the file"))

    def _start(self, name: str, _: dict[str, str]) -> None:
        if not self._open and name != FEED:
            raise _RefusedError(msg("XML of the feed, in an element « Election »"), other_xml(name[:80]))
        if len(self._open) >= MAX_DEPTH:
            raise _RefusedError(msg("at most {most:n} elements one inside another", most=MAX_DEPTH), msg("more"))
        if self._open:
            self._open[-1].is_text = False
        element = _Element(name, self._parser.CurrentLineNumber)
        if name == "Tour":
            element.round = Tour(element.line, "", {}, {}, [])
        self._open.append(element)
        self._text, self._size = [], 0

    def _characters(self, text: str) -> None:
        self._size += len(text)
        if self._open and self._open[-1].is_text:
            if self._size > MAX_TEXT and not text.isspace():
                raise _RefusedError(msg("at most {most:n} characters in an element", most=MAX_TEXT), msg("more"))
            self._text.append(text[:MAX_TEXT])

    def _end(self, name: str) -> None:
        element = self._open.pop()
        around = self._open[-1] if self._open else None
        if element.is_text:
            if around is not None:
                self._take_text(around, name, " ".join("".join(self._text).split())[:MAX_TEXT])
        elif name in CHOICES:
            self._take_choice(element)
        elif name == "Tour":
            self._take_round(element)
        elif name == "Scrutin":
            self._found.kind = self._found.kind or element.texts.get("Type", "")
            self._found.year = self._found.year or element.texts.get("Annee", "")
        elif name in COUNTS and (tour := self._tour()) is not None:
            tour.counts.setdefault(COUNTS[name], element.texts)
        elif name in INDEXED and not element.tours and not OF_AN_INDEX.isdisjoint(element.texts):
            self._found.index.append(element.texts)
        if element.tours and name in PLACES:
            self._found.places.append(Place(PLACES[name], self._around(element), element.tours))
        self._text, self._size = [], 0

    def _take_text(self, around: _Element, name: str, text: str) -> None:
        known = around.texts.setdefault(name, sys.intern(text))  # a nation has the same few names again and again
        if known != text:
            self._problem(msg("each element once"), msg("« {text} » after « {known} »", text=text, known=known), name)

    def _tour(self) -> Tour | None:
        return next((element.round for element in reversed(self._open) if element.round is not None), None)

    def _take_choice(self, element: _Element) -> None:
        """A choice of the round around it, unless it is a name on a list that is one."""
        tour = self._tour()
        if tour is None or any(each.name in CHOICES for each in self._open):
            return
        if len(tour.choices) >= MAX_CHOICES:
            raise _RefusedError(msg("at most {most:n} choices in one place", most=MAX_CHOICES), msg("more"))
        tour.choices.append(_choice(element.texts))

    def _take_round(self, element: _Element) -> None:
        """A round, for the place in whose ``Tours`` it stands."""
        at = len(self._open) - 1
        at -= at >= 0 and self._open[at].name == "Tours"
        if element.round is None or at < 0:
            return
        if self._open[at].name not in PLACES:
            expected = msg("a place that is known: {places}", places=", ".join(PLACES))
            self._problem(expected, msg("« {name} »: not read", name=self._open[at].name[:80]), "Tour")
            return
        tour = element.round
        texts = {name: text for name, text in element.texts.items() if name != "NumTour"}
        number = element.texts.get("NumTour", "")
        self._open[at].tours.append(Tour(tour.line, number, texts, tour.counts, tour.choices))

    def _around(self, element: _Element) -> dict[str, str]:
        texts = dict(element.texts)
        for each in reversed(self._open):
            for name, text in each.texts.items():
                texts.setdefault(name, text)
        return texts


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


_ENDED = frozenset(
    expat.errors.codes[text]
    for text in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
    )
)
"""Errors of expat on a file that ends too early."""
