"""The documents of the way up: the tables of one folder, each read as the step that its name says."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from protocol.evidence_kinds import EvidenceKind
from protocol.night import NightTable
from protocol.opening import OpenedFile
from protocol.way_up import CORRECTIONS, FOLDER, StepUp, choices_of, step_table, sums_table
from protocol.words import msg
from verify.inputs import MOST
from verify.loading.opened import OpenedNight, Taking
from verify.loading.tables import taking_of
from verify.model.use import Input, Used
from verify.read.sheet import Sheet, parse_sheet

KIND = EvidenceKind.WAY_UP
"""Of its files among the inputs."""


class WayUpTables:
    """The tables of the way up in the folder of a night.

    Attributes:
        sheets: what was read, by name of the table.
    """

    def __init__(self, opened: OpenedNight) -> None:
        self._opened = opened
        self.sheets: dict[str, Sheet] = {}

    def read(self, folder: Path) -> None:
        """Read those that there are; what has another name is named as not used."""
        place = folder / FOLDER
        if not self._opened.is_folder(place, folder):
            return
        try:
            paths = sorted(path for path in place.iterdir() if not path.name.startswith("."))
        except OSError:
            paths = []
        for path in paths[:MOST]:
            if _table(f"{FOLDER}/{path.name}", 0) is None:
                self._leave(path, folder)
            else:
                self._opened.read_found(KIND, path, self._take)
        if len(paths) > MOST:
            why = msg("too many files to name")
            self._opened.inputs.append(Input("folder", FOLDER, 0, None, "", Used.NONE, why))

    def _leave(self, path: Path, folder: Path) -> None:
        name, why = self._opened.name(path), msg("no document of the way up has this name")
        is_file = path.is_file() and not path.is_symlink()
        size = path.lstat().st_size if is_file else 0
        digest = self._opened.sha256_of(path, folder) if is_file else None
        self._opened.inputs.append(Input("file", name, size, digest, "", Used.NONE, why))

    def _take(self, file: OpenedFile) -> Taking:
        self._opened.step(KIND, len(self.sheets))
        name = f"{FOLDER}/{file.path.name}"
        table = _table(name, choices_of(file.data))
        if table is None:
            raise LookupError(name)
        sheet = parse_sheet(file, table, self._opened.name(file.path))
        self.sheets[name] = sheet
        self._opened.problems += sheet.problems
        return taking_of(table, sheet)


def _table(name: str, choices: int) -> NightTable | None:
    """The table of a name, with columns for so many choices; None for another name."""
    if name == CORRECTIONS.file:
        return CORRECTIONS
    for step in StepUp:
        for file, table in ((step.file, partial(step_table, step)), (step.sums_file, partial(sums_table, step))):
            if name == file:
                return table(choices)
    return None
