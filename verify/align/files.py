"""Evidence that was read, before it is lined up: its files, and the tables of bureaux among them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from protocol import night
from protocol.evidence_kinds import EvidenceKind
from protocol.quantities import Quantity
from protocol.transmission import StepUp
from protocol.words import Text
from verify.model.bureau_codes import TextColumns
from verify.model.evidence import Read, Sources
from verify.model.failures import failure
from verify.model.figures import MISSING
from verify.model.machine_evidence import text
from verify.model.published import Level, Published
from verify.model.use import archive_of
from verify.read.sheet import Sheet, texts_of

if TYPE_CHECKING:
    from protocol.export.reading import ExportReading
    from protocol.urn.files import UrnReading
    from verify.model.follow_ups import FollowUp


T = TypeVar("T")


@dataclass(slots=True)
class Files(Read):
    """Evidence that was read, before it is lined up. ``name`` gives the name under which a path is shown.

    ``sources`` is what the user gave and asked for.
    ``way_up`` has the tables of the way up by their names in the folder of a night.
    """

    name: Callable[[Path], str]
    sources: Sources = field(default_factory=Sources)
    sheets: dict[str, Sheet] = field(default_factory=dict)
    published: list[Published] = field(default_factory=list)
    reading: ExportReading | None = None
    urns: UrnReading | None = None
    other_round: Published | Sheet | None = None
    other_choices: Sheet | None = None
    follow_ups: list[FollowUp] = field(default_factory=list)
    way_up: dict[str, Sheet] = field(default_factory=dict)

    def note(self, file: str, said: Text) -> None:
        """Add to what is said of a file as it was read."""
        self.inputs[:] = [each.with_note(said) if each.path == archive_of(file) else each for each in self.inputs]

    def attempt(self, what: str, make: Callable[[], T]) -> T | None:
        """Line up one file, or what the machines left. Whatever is raised is a failure of it, and the rest goes on."""
        try:
            return make()
        except Exception as error:
            self.failures.append(failure(what, error))
            return None

    def replace_codes(self, table: BureauTable, code: str, right: str) -> None:
        """Give a commune another code in a table of PVs, sign-in counts, votes or results."""
        if table.result >= 0:
            results = self.published[table.result]
            self.published[table.result] = replace(results, insee=np.where(results.insee == code, right, results.insee))
        else:
            sheet = self.sheets[table.kind]
            insee = sheet.texts["insee"]
            self.sheets[table.kind] = sheet.with_texts("insee", np.where(insee == code, right, insee))


class GivenSheet(NamedTuple):
    """A table of a night, the kind of evidence that it is, and whether it was given as that, or has its name."""

    kind: str
    sheet: Sheet
    given: bool


@dataclass(frozen=True, slots=True)
class BureauTable:
    """Evidence that names bureaux: a table with a row for each, or for each choice of one.

    Attributes:
        kind: of evidence.
        sheet: the table; of results and of dumps their codes, names and counts.
        result: index among the published results, -1 for other evidence.
    """

    kind: EvidenceKind
    sheet: Sheet
    result: int = -1


def tables_of_bureaux(files: Files) -> Iterator[BureauTable]:
    """All evidence that names bureaux, the best first."""
    yield from _sheets(files, night.RECORDS, night.SIGNATURES)
    for number, published in enumerate(files.published):
        if published.level is Level.BUREAU and len(published.row):
            yield BureauTable(EvidenceKind.PUBLISHED, sheet_of_results(published), number)
    if files.reading is not None:
        yield BureauTable(EvidenceKind.EXPORTS, sheet_of_exports(files.reading))
    if files.urns is not None:
        yield BureauTable(EvidenceKind.URNS, sheet_of_urns(files.urns))
    yield from _sheets(files, night.VOTES, night.TABULATION)
    for step in StepUp:
        if step.file in files.way_up and len(files.way_up[step.file]):
            yield BureauTable(step.kind, files.way_up[step.file])


def _sheets(files: Files, *tables: night.NightTable) -> Iterator[BureauTable]:
    for table in tables:
        if table.kind in files.sheets and len(files.sheets[table.kind]):
            yield BureauTable(table.kind, files.sheets[table.kind])


def sheet_of_results(published: Published) -> Sheet:
    """Published results by bureau as a table, without the votes."""
    texts, nothing = TextColumns(texts_of(published)), TextColumns({})
    return Sheet(published.file, published.row, texts, {**published.counts}, nothing, ())


def sheet_of_exports(reading: ExportReading, poll: int | None = None) -> Sheet:
    """Exports that are as they should be as a table, of one poll or of all."""
    whole = reading.verdict == 0
    if poll is not None:
        whole = whole & (reading.columns["poll"] == poll)
    records = reading.columns[whole]
    return _sheet_of_dumps(night.EXPORTS, records, records["constituency"])


def sheet_of_urns(urns: UrnReading, poll: int = 1) -> Sheet:
    """Images of urns that are as they should be as a table, with the constituencies of one poll."""
    images = urns.urns.columns[urns.urns.columns["verdict"] == 0]
    return _sheet_of_dumps(night.URNS, images, images["constituency"][:, poll - 1])


def _sheet_of_dumps(folder: str, dumps: npt.NDArray[np.void], constituency: npt.NDArray[np.bytes_]) -> Sheet:
    """Dumps as a table of a folder, which has no rows to name."""
    columns = {"insee": dumps["insee"], "bureau": dumps["bureau"], "circonscription": constituency}
    texts = TextColumns({name: text(column) for name, column in columns.items()})
    counts = {Quantity.REGISTERED.value: np.asarray(dumps["registered"], np.int64)}
    return Sheet(folder, np.broadcast_to(np.int64(MISSING), len(dumps)), texts, counts, TextColumns({}), ())
