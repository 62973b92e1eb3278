"""Material of witnesses: figures typed from the sheets on the walls of bureaux, in tables of any form, and proofs.

Every figure is kept by itself, with the row that it stands in: two people who copied one sheet are two statements.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from protocol import night
from protocol.errors import InputError
from protocol.opening import check_inside, open_evidence, with_roots
from protocol.quantities import VOTERS, Quantity
from protocol.sealing.proofs import MAX_PROOF
from protocol.words import Text, msg
from verify.loading.loader import Loader
from verify.model.evidence import Sources
from verify.model.figures import Ints
from verify.model.published import Level, Published
from verify.model.use import Used
from verify.read.sheet import Sheet

PROOF = ".tlog-proof"


@dataclass(frozen=True, slots=True)
class SheetFigure:
    """One figure of one sheet.

    Attributes:
        insee, bureau, poll: as they are written; empty where they are not.
        name: what is counted.
        choice: of the votes, as it is written; empty for all else.
        where: the file and the row.
    """

    insee: str
    bureau: str
    poll: str
    name: Quantity
    choice: str
    value: int
    where: str


@dataclass(frozen=True, slots=True)
class ProofFile:
    """A proof of inclusion that somebody kept: its name and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class WitnessFiles:
    """The sheets and proofs that were handed in; ``left`` has the reason for each file, row and cell not compared."""

    figures: tuple[SheetFigure, ...]
    proofs: tuple[ProofFile, ...]
    left: tuple[Text, ...]


def read_witness_files(paths: Sequence[Path]) -> WitnessFiles:
    """Read tables and proofs, of files and of all that folders hold; what is neither is named."""
    figures: list[SheetFigure] = []
    proofs: list[ProofFile] = []
    left: list[Text] = []
    for path, folder in with_roots(paths):
        name = path.name if folder is None else path.relative_to(folder).as_posix()
        try:
            check_inside(path, folder)
            if path.suffix.lower() == PROOF:
                proofs.append(ProofFile(name, open_evidence(path, MAX_PROOF, folder).data))
                continue
        except InputError as error:
            left.append(_left(name, error.said))
            continue
        found, not_used = read_figures(path, name)
        figures += found
        left += not_used
    return WitnessFiles(tuple(figures), tuple(proofs), tuple(left))


def read_figures(path: Path, name: str) -> tuple[list[SheetFigure], list[Text]]:
    """The figures of one file of bureaux, and what of it is not used."""
    files = Loader(Sources(files=(path,)), None).read()
    figures: list[SheetFigure] = []
    for kind in (night.RECORDS, night.SIGNATURES, night.VOTES):
        if (sheet := files.sheets.get(kind.kind)) is not None:
            figures += _votes(sheet) if kind is night.VOTES else _counts(sheet.counts, _places(sheet), sheet.place)
    for table in files.published:
        if table.level is Level.BUREAU:
            figures += _published(table)
    left = [_left(name, each.why) for each in files.inputs if each.used is not Used.WHOLE and each.why]
    left += [_left(name, each.error) for each in files.failures]
    if figures:
        problems = (InputError(name, each.row, each.column, each.expected, each.got) for each in files.problems)
        left += [each.message for each in problems]
    elif not left:
        left = [_left(name, msg("it has no figures of bureaux"))]
    prefix = str(path)
    return [replace(each, where=name + each.where.removeprefix(prefix)) for each in figures], left


def _left(name: str, why: Text) -> Text:
    return msg("{path}: {why}", path=name, why=why)


def _places(sheet: Sheet) -> list[tuple[str, str, str]]:
    """Commune, bureau and poll of each row, as they are written."""
    empty = [""] * len(sheet)
    columns = (sheet.texts[name].tolist() if name in sheet.texts else empty for name in ("insee", "bureau", "scrutin"))
    return list(zip(*columns, strict=True))


def _counts(
    counts: Mapping[str, Ints], places: Iterable[tuple[str, str, str]], place: Callable[[int], str]
) -> Iterator[SheetFigure]:
    columns = [(quantity, counts[quantity].tolist()) for quantity in VOTERS if quantity in counts]
    for row, written in enumerate(places):
        for quantity, values in columns:
            if values[row] >= 0:
                yield SheetFigure(*written, quantity, "", values[row], place(row))


def _votes(sheet: Sheet) -> Iterator[SheetFigure]:
    choices, votes = sheet.texts["choix"].tolist(), sheet.counts[Quantity.VOTES].tolist()
    for row, (insee, bureau, poll) in enumerate(_places(sheet)):
        if votes[row] >= 0:
            yield SheetFigure(insee, bureau, poll, Quantity.VOTES, choices[row], votes[row], sheet.place(row))


def _published(table: Published) -> Iterator[SheetFigure]:
    places = [(insee, bureau, "") for insee, bureau in zip(table.insee.tolist(), table.bureau.tolist(), strict=True)]
    yield from _counts(table.counts, places, table.place)
    for unit, label, votes in zip(
        table.vote_unit.tolist(), table.vote_label.tolist(), table.votes.tolist(), strict=True
    ):
        if votes >= 0:
            insee, bureau, poll = places[unit]
            yield SheetFigure(insee, bureau, poll, Quantity.VOTES, table.labels[label], votes, table.place(unit))
