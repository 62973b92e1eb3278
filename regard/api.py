"""The library: what `import regard` gives. The commands use the same functions.

Paths are given as `regard verify` takes them: a night's folder, single files and folders by keyword, or both; a file
given by itself takes the place of the folder's own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias, TypedDict, Unpack

from protocol.errors import RegardError
from protocol.opening import OpenedFile
from protocol.words import msg
from regard.paths import AnyFile, AnyPath, Files, Paths, all_existing, existing, files_of, one_of
from regard.reports.fields import CASES, COMPARED, CORRECTIONS, FIGURES, FINDINGS, UNCOMPARED
from regard.reports.tables import (
    Listing,
    Shown,
    Table,
    arrow,
    cases_of,
    compared_in,
    corrections_of,
    figures_of,
    findings_of,
    uncompared_in,
)
from verify import audit as auditing
from verify import loading
from verify.coverage import Coverage
from verify.ledger import Ledger
from verify.model import evidence as columns
from verify.model.cases import Case
from verify.model.findings import Finding, Severity
from verify.model.use import Input

if TYPE_CHECKING:
    import pyarrow

    from regard.dossier.model import Dossier

Progress: TypeAlias = Callable[[str, int], None]
"""Called with the name of a step and how much of it is done."""
FailOn: TypeAlias = Literal["error", "warning", "never"]


class Given(TypedDict, total=False):
    """Evidence given by itself, as the options of `regard verify` have it.

    Tables (``files``, ``pv``, ``voix``, ``emargements``, ``published``, ``suites``, ``other_round``) are paths, bytes,
    open files, or frames of pandas, polars or Arrow (`regard.paths.files_of`), one or several.

    Attributes:
        files: files of any kind, each read for what it is.
        exports, modules: dumps and images of electronic urns: files, or folders to search.
        pv: the bureaux' records, one row a bureau: a file, or several.
        voix: the records' votes, one row a choice, likewise.
        emargements: the sign-in counts, likewise.
        published: files of published results.
        suites: what became of findings: tables like ``suites.csv``.
        add: ballots and voters that were kept out, as ``92012:0001=4``. One or several.
        other_round: the other round: a night's folder, records or published results.
        round: the one that is checked, 1 or 2, where files have tables of both.
        thresholds: other thresholds for the rules (TOML).
        election: the one to take out of data.gouv.fr's tables of all elections: ``2022_pres_t1``.
        columns: what columns of tables mean, as ``Compteur=votes_found``; ``Total=`` leaves one out. One or several.
        sheets: names of the sheets to read of workbooks, all by default. One or several.
        layout: the layout to read published results by: its name, or a file with an entry of one.
        skip_crypto: skip the digital signatures in dumps, which take longer than all the rest.
    """

    files: Files
    exports: Paths
    modules: Paths
    pv: Files
    voix: Files
    emargements: Files
    published: Files
    suites: Files
    add: str | Sequence[str]
    other_round: AnyFile
    round: int
    thresholds: AnyPath
    election: str
    columns: str | Sequence[str]
    sheets: str | Sequence[str]
    layout: str
    skip_crypto: bool


class NothingGiven(RegardError):
    """Neither a folder nor a file was given."""

    def __init__(self) -> None:
        super().__init__(msg("give a folder or at least one file"))


class Evidence(Shown):
    """All that was given, read and lined up with the list of bureaux; what `load` returns and `audit` takes.

    Attributes:
        figures: a row for each bureau and poll: its place, then by kind of evidence each count, null where there is
            none. `regard.FIGURES` names the columns.
        columns: the same as arrays, as the rules see them. Internal: it changes between versions.
    """

    def __init__(self, lined_up: columns.LinedEvidence) -> None:
        self.columns = lined_up
        self.figures = Table(lambda: arrow(FIGURES, figures_of(lined_up)))

    def __reduce__(self) -> tuple[object, ...]:
        return Evidence, (replace(self.columns),)  # without what rules have kept of it

    @property
    def inputs(self) -> tuple[Input, ...]:
        """Every file that was looked at: ``kind``, ``path``, ``size`` in bytes, ``sha256``, ``note``."""
        return tuple(self.columns.inputs)

    @property
    def bureaux(self) -> int:
        """Number of bureaux on the list."""
        return len(self.columns.universe)

    def _said(self) -> str:
        return f"{self.bureaux:,} bureaux, {len(self.inputs):,} files"

    def _rows(self) -> pyarrow.Table:
        return self.figures.to_arrow()


class Findings(Listing[Finding]):
    """All findings, gravest first: `Finding` by `Finding`, and as a table. `regard.FINDINGS` names the columns."""


class Cases(Listing[Case]):
    """Probable explanations: each a `Case`, in reading order, and as a table.

    `regard.CASES` names the columns. Every error and warning is in one case.
    """


class Picture:
    """A drawing: shown by a notebook, and written by ``Path(…).write_bytes(picture.svg)``.

    Attributes:
        svg: SVG in UTF-8.
    """

    def __init__(self, svg: bytes) -> None:
        self.svg = svg

    def __repr__(self) -> str:
        return f"<Picture: {len(self.svg):,} bytes of SVG>"

    def _repr_svg_(self) -> str:
        return self.svg.decode()


class Result(Shown):
    """Result of an audit.

    Attributes:
        cases: every `Case`, in the order in which they are read; as a table with its texts in the language asked for.
        findings: every `Finding`, gravest first; as a table with its texts in the language asked for.
        corrections: a table of every figure that should read otherwise, and of each reading of an open case.
        figures: the figures of every bureau and poll, side by side, as `Evidence.figures`.
        coverage: which rules had the evidence that they need, in all and bureau by bureau.
        compared: a table of how many figures of every two pieces were compared, by quantity, and why others were not.
        uncompared: a table of the figures that nothing was compared with.
        ledger: the same comparisons, and files that were compared with nothing.
        inputs: every file that was looked at, with its SHA-256.
    """

    def __init__(self, evidence: Evidence, result: auditing.Audit, language: str) -> None:
        self._evidence, self._result, self._language = evidence, result, language
        self.cases = Cases(lambda: arrow(CASES, cases_of(result, language)), result.cases)
        self.findings = Findings(lambda: arrow(FINDINGS, findings_of(result, language)), result.findings)
        self.corrections = Table(lambda: arrow(CORRECTIONS, corrections_of(result)))
        self.figures = evidence.figures
        self.coverage: Coverage = result.coverage
        self.ledger: Ledger = result.ledger
        self.compared = Table(lambda: arrow(COMPARED, compared_in(result.ledger)))
        self.uncompared = Table(lambda: arrow(UNCOMPARED, uncompared_in(result.ledger)))
        self.inputs = result.inputs

    def __reduce__(self) -> tuple[object, ...]:
        return Result, (self._evidence, self._result, self._language)

    def count(self, severity: Severity | str) -> int:
        """Count the findings of a severity: ``error``, ``warning`` or ``info``."""
        return self._result.count(_severity(severity))

    def exit_code(self, fail_on: FailOn = "error") -> int:
        """Exit code of `regard verify`: 1 if a finding is at least as grave as ``fail_on``, else 0."""
        return exit_code(self._result, fail_on)

    def gaps(self) -> Picture | None:
        """Draw the report's picture of gaps: votes less signatures, a mark a bureau; None where none can be told."""
        return self._picture("gaps_drawn")

    def pieces(self) -> Picture | None:
        """Draw the report's map of pieces: what each bureau has, agrees or contradicts; None for too few bureaux."""
        return self._picture("strip_drawn")

    @cached_property
    def _dossier(self) -> Dossier:
        from regard.dossier.contents import build  # noqa: PLC0415 - only when asked for

        return build(self._evidence.columns, self._result, self._language)

    def _picture(self, name: str) -> Picture | None:
        from regard.dossier import printed  # noqa: PLC0415 - only when asked for

        draw: Callable[[Dossier], bytes | None] = getattr(printed, name)
        svg = draw(self._dossier)
        return None if svg is None else Picture(svg)

    def _said(self) -> str:
        counts = ", ".join(f"{self.count(each):,} {each.name.lower()}" for each in reversed(Severity))
        return f"{counts}; {len(self.cases):,} cases in {self.coverage.bureaux:,} bureaux"

    def _rows(self) -> pyarrow.Table:
        return self.cases.to_arrow()


def load(folder: AnyPath | None = None, *, progress: Progress | None = None, **given: Unpack[Given]) -> Evidence:
    """Read evidence: a night's folder or a file, single files by keyword (`Given`), or both.

    Raises:
        RegardError: nothing was given, a path does not exist, nothing of it can be read, or the file of thresholds is
            wrong. What is wrong with a single file of evidence is a finding and no error.
    """
    return Evidence(loading.load(gather(folder, **given), progress))


def audit(
    evidence: Evidence | AnyPath | None = None,
    *,
    language: str = "en",
    progress: Progress | None = None,
    **given: Unpack[Given],
) -> Result:
    """Apply every rule to evidence: loaded before, or given as `load` takes it.

    Args:
        evidence: what `load` returned, or a night's folder.
        language: of the texts in the table of findings, one of `protocol.words.languages`.
        progress: called with the name of a step and how much of it is done.
        given: single files, as `load` takes them.

    Raises:
        RegardError: as `load`.
        ValueError: there is no such language.
        TypeError: loaded evidence and single files are given together.
    """
    from protocol.words import languages  # noqa: PLC0415 - only when asked for

    one_of("language", language, languages())
    if not isinstance(evidence, Evidence):
        evidence = load(evidence, progress=progress, **given)
    elif given:
        raise TypeError("give files to load(), or to audit() in place of loaded evidence")
    return Result(evidence, auditing.run(evidence.columns, progress), language)


def gather(folder: AnyPath | None = None, **given: Unpack[Given]) -> columns.Sources:
    """Collect the given evidence, as existing paths.

    Raises:
        NothingGiven: neither a folder nor a file of this round.
        NotThere: a path does not exist.
        InputError: a column of a frame has neither texts nor numbers.
    """
    if unknown := given.keys() - Given.__annotations__.keys():
        raise TypeError(f"no such evidence: {', '.join(sorted(unknown))}; there is {', '.join(Given.__annotations__)}")

    opened: dict[int, OpenedFile] = {}

    def tables(name: str, some: Files) -> tuple[Path, ...]:
        return tuple(each.path if isinstance(each, OpenedFile) else each for each in files_of(some, name, opened))

    place = None if folder is None else existing(folder)
    alone = place is not None and not place.is_dir()
    other, thresholds = given.get("other_round"), given.get("thresholds")
    sources = columns.Sources(
        folder=None if alone else place,
        files=(*([place] if alone and place is not None else []), *tables("files", given.get("files", ()))),
        exports=all_existing(given.get("exports", ())),
        urns=all_existing(given.get("modules", ())),
        signatures=tables("emargements", given.get("emargements", ())),
        records=tables("pv", given.get("pv", ())),
        votes=tables("voix", given.get("voix", ())),
        published=tables("published", given.get("published", ())),
        follow_ups=tables("suites", given.get("suites", ())),
        added=_several(given.get("add", ())),
        other_round=next(iter(tables("other_round", other) if other is not None else ()), None),
        round=given.get("round", 0),
        thresholds=None if thresholds is None else existing(thresholds),
        election=given.get("election", ""),
        columns=_several(given.get("columns", ())),
        sheets=_several(given.get("sheets", ())),
        layout=given.get("layout", ""),
        skip_crypto=given.get("skip_crypto", False),
        opened=tuple(opened.values()),
    )
    if sources.folder is None and not sources.paths():
        raise NothingGiven
    return sources


def _several(texts: str | Sequence[str]) -> tuple[str, ...]:
    return (texts,) if isinstance(texts, str) else tuple(texts)


def exit_code(result: auditing.Audit, fail_on: str) -> int:
    """1 where there is a finding of the severity ``fail_on`` or a graver one, else 0; 0 for ``never``."""
    if fail_on == "never":
        return 0
    least = _severity(fail_on)
    return int(any(found.severity >= least for found in result.findings))


def _severity(name: Severity | str) -> Severity:
    if isinstance(name, Severity):
        return name
    one_of("severity", name, [severity.name.lower() for severity in Severity])
    return Severity[name.upper()]
