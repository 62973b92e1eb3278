"""The bureaux of the official list, to which all other evidence is aligned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from protocol.evidence_kinds import EvidenceKind
from protocol.export.terms import MAX_POLLS
from protocol.words import Text
from verify.model.bureau_codes import Coded, in_order
from verify.model.figures import MISSING, Bools, Ints, Places, Texts, name_files
from verify.model.rule_results import Side

Column = TypeVar("Column", Ints, Texts)
MACHINE, PAPER, UNKNOWN = 1, 2, 0
_MOST_BUREAUX, _LONGEST_CODE = 2000, 100
"""Most bureaux of a commune (Paris has some 900), and most characters of a code, among which a near code is sought."""

_BETWEEN = "/"
"""Separates commune and bureau in a key."""

SEALING = ("machine", "module", "scelle_machine", "scelle_module")
"""Columns of the official list that come from the sealing record."""
TEXTS = ("insee", "bureau", "commune", "departement", "circonscription", *SEALING)
"""Columns of text that a list of bureaux may have."""


@dataclass(frozen=True)
class Universe:
    """The bureaux in the order of their keys, each once; all arrays of shape ``(units,)``.

    Attributes:
        key: ``insee`` and ``bureau`` with a slash between, unique.
        sources: the files that the list was taken from, the official list alone where there is one.
        of: index into ``sources`` for each bureau.
        pieces: the kind of evidence of each of ``sources``.
        constituency: constituency of each bureau, in every poll that is not among ``constituencies``.
        constituencies: the same by number of the poll, for polls with divisions of their own.
        constituencies_from: the file that they are from, if none of ``sources``.
        communes: index of the first bureau of each commune, one for each of them.
        registered: registered voters, or an absence.
        counting: MACHINE, PAPER or UNKNOWN.
        opening, closing: by the préfet's order, in minutes since midnight, or an absence.
        parts: number of machines that the sealing record names for the bureau, 0 where it names none.
        sealing: by name of `SEALING`, what the sealing record says, with ``+`` between parts.
        row: row in its source.
    """

    key: Texts
    sources: tuple[str, ...]
    of: Ints
    pieces: tuple[EvidenceKind, ...]
    insee: Texts
    bureau: Texts
    communes: Ints
    commune: Texts
    department: Texts
    constituency: Texts
    registered: Ints
    counting: Ints
    opening: Ints
    closing: Ints
    parts: Ints
    sealing: dict[str, Texts]
    row: Ints
    constituencies: dict[int, Texts] = field(default_factory=dict)
    constituencies_from: str = ""

    def __len__(self) -> int:
        return len(self.insee)

    @cached_property
    def commune_number(self) -> Ints:
        """The commune of each bureau, numbered from 0 up in the order of the list; shape ``(units,)``."""
        first = np.zeros(len(self), np.int64)
        first[self.communes[1:]] = 1
        return np.cumsum(first)

    @cached_property
    def by_number(self) -> Ints:
        """Indices of the bureaux, in each commune by the numbers in their codes, 2 before 10; shape ``(units,)``."""
        return in_order(self.bureau, self.commune_number)

    def commune_names(self) -> dict[str, str]:
        """Names of the communes by INSEE code, from the last named bureau of each; empty if none is named."""
        named = np.append(self.communes, np.flatnonzero(self.commune != ""))
        return dict(zip(self.insee[named].tolist(), self.commune[named].tolist(), strict=True))

    @cached_property
    def shared_names(self) -> frozenset[str]:
        """Names that several communes have."""
        return shared_names(self.commune, self.insee)

    def in_communes_of(self, some: Bools) -> Bools:
        """Find all bureaux of the communes that some bureaux are in; both of shape ``(units,)``."""
        communes = np.zeros(len(self.communes), np.bool_)
        communes[self.commune_number[some]] = True
        return communes[self.commune_number]

    def constituency_of(self, poll: int) -> Texts:
        """The constituency of each bureau in the poll of a number, shape ``(units,)``."""
        return self.constituencies.get(poll, self.constituency)

    @cached_property
    def source(self) -> str:
        """The names of the files that the list was taken from; of many, the first ones."""
        return name_files(self.sources)

    @property
    def official(self) -> bool:
        """True for the official list; False if other evidence had to stand in."""
        return self.pieces[:1] == (EvidenceKind.UNIVERSE,)

    def side(self, unit: int, value: int | Text | None, quantity: str = "") -> Side:
        """A value that the list has for a bureau, as a side of a finding."""
        return Side(self.place(unit), value, quantity, self.pieces[int(self.of[unit])])

    def side_of_all(self, value: int | Text | None, quantity: str = "") -> Side:
        """A value of the list as a whole, as a side of a finding."""
        return Side(self.source, value, quantity, self.pieces[0] if self.pieces else None)

    def has(self, insee: str, bureau: str) -> bool:
        """Check that a bureau is on the list."""
        return self.index(insee, bureau) >= 0

    def states(self, column: str) -> bool:
        """Check that the sealing record fills a column of `SEALING` for at least one bureau."""
        return bool((self.sealing[column] != "").any())

    def sealed(self, column: str, unit: int, part: int) -> str:
        """The number of a part of a bureau's day by the sealing record, empty for none; parts are joined with ``+``."""
        parts = str(self.sealing[column][unit]).split("+")
        return parts[part - 1].strip() if part <= len(parts) else ""

    def place(self, unit: int) -> str:
        """Place of a bureau in the list; a list that stands in may have no rows."""
        row, source = int(self.row[unit]), self.sources[int(self.of[unit])]
        return f"{source}:{row}" if row >= 0 else source

    def places(self, polls: int) -> Places:
        """`place` of every bureau, of shape ``(units, polls)``."""
        shape = (len(self), polls)
        of, row = (np.broadcast_to(values[:, None], shape) for values in (self.of, self.row))
        return Places(tuple(f"{source}:" for source in self.sources), of, row, self.pieces)

    def find(self, insee: Texts, bureau: Texts) -> Ints:
        """Index of each bureau, -1 where there is none of that name; shape as given."""
        if not len(self) or not len(insee):
            return np.full(len(insee), -1, np.int64)
        if insee is self.insee and bureau is self.bureau:
            return np.arange(len(insee))
        names = keys(insee, bureau)
        at = np.minimum(_places(self.key, names), len(self) - 1)
        return np.where(self.key[at] == names, at, -1)

    def index(self, insee: str, bureau: str) -> int:
        """Look up one bureau; -1 where there is none of that name."""
        return int(self.find(np.array([insee]), np.array([bureau]))[0])

    def of_commune(self, insee: str) -> Ints:
        """Indices of the bureaux of a commune, ascending; none where it has none."""
        ends = (f"{insee}{_BETWEEN}", f"{insee}{chr(ord(_BETWEEN) + 1)}")
        return np.arange(*np.searchsorted(self.key, ends).tolist())

    def nearest(self, insee: str, bureau: str) -> str | None:
        """The bureau of the same commune that a code most probably means: ``0012`` for ``12``; None if none is near.

        None also where two are equally near, the text is too long for a code, or the commune has too many bureaux.
        """
        of_commune = self.of_commune(insee)
        if len(of_commune) > _MOST_BUREAUX or len(bureau) > _LONGEST_CODE:
            return None
        codes = self.bureau[of_commune].tolist()
        bare = bureau.strip().lstrip("0").casefold()
        same = [code for code in codes if code.lstrip("0").casefold() == bare]
        if len(same) == 1:
            return str(same[0])
        import difflib

        close = difflib.get_close_matches(bureau, codes, 2, 0.6)
        if len(close) == 2 and len({difflib.SequenceMatcher(None, code, bureau).ratio() for code in close}) == 1:
            return None
        return close[0] if close else None


def keys(insee: Texts, bureau: Texts) -> Texts:
    """The keys of bureaux, as in `Universe.key`, for two columns of shape ``(n,)``."""
    return np.strings.add(np.strings.add(np.asarray(insee, np.str_), _BETWEEN), np.asarray(bureau, np.str_))


def shared_names(commune: Texts, insee: Texts) -> frozenset[str]:
    """Names that several communes share, from the commune names and codes of bureaux in their order."""
    begins = np.zeros(len(insee), np.bool_)
    begins[:1] = True
    for texts in (commune, insee):
        begins[np.flatnonzero(texts[1:] != texts[:-1]) + 1] = True
    first = np.flatnonzero(begins)
    communes, bearer = commune[first].tolist(), dict[str, str]()
    if len(set(communes)) == len(communes):
        return frozenset()
    named = zip(communes, insee[first].tolist(), strict=True)
    return frozenset(name for name, code in named if bearer.setdefault(name, code) != code)


_FEW = 32
"""Keys for each name above which names are looked up one by one, as a merge reads all keys."""


def _places(keys: Texts, names: Texts) -> Ints:
    """Find the places of names among keys that are in order, as `np.searchsorted` does.

    Many names are merged with the keys, which takes a fifth of the time.
    """
    if len(keys) > _FEW * len(names):
        return np.searchsorted(keys, names)
    merged = np.argsort(np.concatenate([names, keys]), kind="stable")
    of_names = merged < len(names)
    places = np.empty(len(names), np.int64)
    places[merged[of_names]] = np.cumsum(~of_names)[of_names]
    return places


def _starts(insee: Texts) -> Ints:
    return np.append(np.zeros(min(len(insee), 1), np.int64), np.flatnonzero(insee[1:] != insee[:-1]) + 1)


def _first_and_repeated(bureaux: npt.NDArray[Any]) -> tuple[Ints | None, Ints]:
    """The first row of each bureau, in the order of the bureaux (None if every row is one), and the repeated rows."""
    if (bureaux[1:] > bureaux[:-1]).all():
        return None, np.zeros(0, np.int64)
    order = np.argsort(bureaux, kind="stable")
    in_order = bureaux[order]
    again = np.concatenate([[False], in_order[1:] == in_order[:-1]])
    return order[~again], np.sort(order[again])


def build(
    sources: Sequence[str],
    pieces: EvidenceKind | Sequence[EvidenceKind],
    columns: Mapping[str, Texts | Ints],
) -> tuple[Universe, Ints]:
    """Build a universe from columns of equal length; ``insee`` and ``bureau`` are needed, others optional.

    Args:
        sources: the files that the columns are from; of several, the column ``of`` says which.
        pieces: the kind of evidence of each of them, or of all.
        columns: by the names of a `Universe`, or of a night's list.

    Returns:
        The universe, and the indices of the rows that name a bureau for the second time.
    """
    insee, bureau = np.asarray(columns["insee"], np.str_), np.asarray(columns["bureau"], np.str_)
    key = keys(insee, bureau)
    first, again = _first_and_repeated(key)
    size = len(insee) if first is None else len(first)

    def once(values: Column) -> Column:
        return values if first is None else values[first]

    def text(name: str) -> Texts:
        return once(np.asarray(columns[name], np.str_)) if name in columns else np.broadcast_to(np.str_(), size)

    def number(name: str, default: int) -> Ints:
        return (
            once(np.asarray(columns[name], np.int64)) if name in columns else np.broadcast_to(np.int64(default), size)
        )

    universe = Universe(
        key=once(key),
        sources=tuple(sources),
        of=number("of", 0),
        pieces=(pieces,) * len(sources) if isinstance(pieces, EvidenceKind) else tuple(pieces),
        insee=once(insee),
        bureau=once(bureau),
        communes=_starts(once(insee)),
        commune=text("commune"),
        department=text("departement"),
        constituency=text("circonscription"),
        registered=number("registered", MISSING),
        counting=number("counting", UNKNOWN),
        opening=number("opening", MISSING),
        closing=number("closing", MISSING),
        parts=number("parts", 0),
        sealing={name: text(name) for name in SEALING},
        row=number("row", MISSING),
        constituencies={
            poll: text(name) for poll in range(1, MAX_POLLS + 1) if (name := f"circonscription_{poll}") in columns
        },
    )
    return universe, again


_COUNTING = {
    **dict.fromkeys(("machine", "machine à voter", "machine a voter", "mav", "électronique", "m"), MACHINE),
    **dict.fromkeys(("papier", "urne", "bulletin", "bulletins", "bulletin papier", "bulletins papier", "u"), PAPER),
}
"""Words for how a bureau counts."""


def way_of_counting(text: str) -> int:
    """Read a word for a way of counting: `MACHINE` or `PAPER`, else `UNKNOWN`."""
    return _COUNTING.get(" ".join(text.split()).casefold(), UNKNOWN)


def counting_of(cells: Coded) -> tuple[Ints, list[int]]:
    """`MACHINE`, `PAPER` or `UNKNOWN` for each cell of the column ``comptage``, and the indices of the unknown ones."""
    values = np.array(list(map(way_of_counting, cells.labels)), np.int64)[cells.codes]
    return values, np.flatnonzero(values == UNKNOWN).tolist()


def is_counting_column(cells: Coded) -> bool:
    """Test for a column that has nothing but words for how bureaux count.

    A column of « M » alone, or of « U » alone, may mean anything; both letters together are ways of counting.
    """
    if any(label.strip() and way_of_counting(label) == UNKNOWN for label in cells.labels):
        return False
    return {label.strip().casefold() for label in cells.labels} - {""} not in (set(), {"m"}, {"u"})


def parts_of(cells: Coded) -> Ints:
    """Count the machines in each cell of the column ``machine``, with ``+`` between them, shape ``(n,)``."""
    parts = np.array([cell.count("+") + 1 if cell else 0 for cell in cells.labels], np.int64)
    return np.asarray(parts[cells.codes], np.int64)


_FEW_COMMUNES = 32
"""Most communes whose bureaux are picked out one commune after the other."""


def or_without_zeros(unit: Ints, universe: Universe, insee: Texts, bureau: Texts) -> Ints:
    """Complete ``unit``: where it is -1, match codes without their leading zeros. All of shape ``(n,)``."""
    rest = np.flatnonzero(unit < 0)
    if not len(rest) or not len(universe):
        return unit
    communes = set(insee[rest].tolist())
    few = len(communes) <= _FEW_COMMUNES
    among = np.concatenate([universe.of_commune(each) for each in communes]) if few else np.arange(len(universe))
    bare = keys(universe.insee[among], without_zeros(universe.bureau[among]))
    meant: dict[str, int] = {}
    for at, name in zip(among.tolist(), bare.tolist(), strict=True):
        meant[name] = -1 if name in meant else at  # two that differ in zeros only are neither
    wanted = keys(insee[rest], without_zeros(bureau[rest]))
    completed = unit.copy()
    completed[rest] = [meant.get(name, -1) for name in wanted.tolist()]
    return completed


def find_units(universe: Universe, insee: Texts, bureau: Texts) -> Ints:
    """Units by codes that may have lost their zeros; -1 for none. All of shape ``(n,)``."""
    return or_without_zeros(universe.find(insee, bureau), universe, insee, bureau)


def without_zeros(codes: Texts) -> Texts:
    """Codes of bureaux without their zeros, and without the ``BV`` before a number."""
    upper = np.strings.upper(codes)
    number = np.strings.startswith(upper, "BV") & np.strings.isdigit(np.strings.lstrip(upper, "BV"))
    return np.strings.lstrip(np.where(number, np.strings.lstrip(upper, "BV"), codes), "0")


def have_zeros(codes: Texts) -> bool:
    """Check for numbers among codes that begin with a zero: a spreadsheet leaves 0A11 as it is."""
    return bool((np.strings.startswith(codes, "0") & np.strings.isdigit(codes)).any())


def find_machines(universe: Universe, insee: Texts, bureau: Texts) -> Ints:
    """Units by the codes that machines have, which a list that lost its zeros has without them; -1 for none."""
    unit = universe.find(insee, bureau)
    return unit if have_zeros(universe.bureau) else or_without_zeros(unit, universe, insee, bureau)


def near_codes(code: str) -> Iterator[str]:
    """Codes that differ in one digit, or in two neighbouring characters exchanged."""
    for at, here in enumerate(code):
        yield from (code[:at] + digit + code[at + 1 :] for digit in "0123456789" if digit != here)
    for at, (one, other) in enumerate(pairwise(code)):
        if one != other:
            yield code[:at] + other + one + code[at + 2 :]
