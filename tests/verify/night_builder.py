"""A small election night for tests, built from the formats alone: any one thing in it can be altered by name.

Two communes: 77001 has two bureaux with a machine (0001, 0002), one with two machines (0003) and one on paper (0004);
92002 has a bureau with a machine (0A11). Nothing in it contradicts anything else.
"""

import dataclasses
import datetime
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from protocol import civil_time, night
from protocol.election import Election, Poll, election_toml
from protocol.export import record as export
from protocol.export.columns import COLUMNS, build_many
from protocol.export.record import APPROVED_MODEL, Export, choices_digest
from protocol.files import csv_lines
from protocol.words import Text
from regard.api import Result
from regard.language import show
from tests.sources import new_folder, put_files
from verify import audit
from verify.audit import Audit
from verify.loading import load
from verify.model.cases import Case
from verify.model.evidence import LinedEvidence, Sources
from verify.model.findings import Finding, Severity
from verify.model.use import Input

INSEE, OTHER_INSEE = "77001", "92002"
DAY = datetime.date(2022, 4, 10)
CHOICES = ("ZOLA Émile", "CURIE Marie", "LOVELACE Ada")
OTHER_CHOICES = ("SAND George", "HUGO Victor")
ZOLA, CURIE, LOVELACE = CHOICES
PUBLISHED = "publie.txt"

Stated = tuple[str, int | str | None]
"""A figure of a finding: source and value."""

DEPARTMENTS = {"77": "Seine-et-Marne", "92": "Hauts-de-Seine"}
_COMMUNES = {INSEE: "Essai-sur-Marne", OTHER_INSEE: "Témoin-sur-Seine"}
_COUNTS = ("Inscrits", "Abstentions", "Votants", "Blancs", "Nuls", "Exprimés")
PUBLISHED_HEADER = (
    "Code du département;Libellé du département;Code de la circonscription;Libellé de la circonscription;"
    "Code de la commune;Libellé de la commune;Code du b.vote;Inscrits;Abstentions;% Abs/Ins;Votants;% Vot/Ins;"
    "Blancs;% Blancs/Ins;% Blancs/Vot;Nuls;% Nuls/Ins;% Nuls/Vot;Exprimés;% Exp/Ins;% Exp/Vot;"
    "N°Panneau;Sexe;Nom;Prénom;Voix;% Voix/Ins;% Voix/Exp"
)


@dataclass(frozen=True, slots=True)
class Spec:
    """One bureau: votes by choice for each machine (or of the one urn), blank and null votes."""

    insee: str
    bureau: str
    registered: int
    votes: tuple[tuple[int, int, int], ...]
    blank: tuple[int, ...]
    null: int = 0
    machine: bool = True

    @property
    def tallies(self) -> tuple[int, ...]:
        return tuple(map(sum, zip(*self.votes, strict=True)))

    @property
    def found(self) -> int:
        return sum(self.tallies) + sum(self.blank) + self.null


BUREAUX = (
    Spec(INSEE, "0001", 900, ((301, 202, 103),), (20,)),
    Spec(INSEE, "0002", 850, ((251, 190, 88),), (17,)),
    Spec(INSEE, "0003", 1630, ((280, 170, 61), (277, 181, 54)), (12, 9)),
    Spec(INSEE, "0004", 640, ((201, 140, 66),), (8,), null=5, machine=False),
    Spec(OTHER_INSEE, "0A11", 990, ((330, 222, 131),), (22,)),
)


@dataclass(slots=True)
class PublishedRow:
    """One row of the published file; its percentages are always those of its counts."""

    insee: str
    commune: str
    bureau: str
    counts: dict[str, int]
    votes: dict[str, int]


@dataclass(slots=True)
class Night:
    """A night in memory. Alter what you like, then `write` it or let `run` audit it.

    Attributes:
        tables: rows by file name, each a cell by column name.
        exports: bytes by file name within ``exports/``.
        published: rows by file name.
        raw: bytes that replace a file's, or None to leave the file out.
    """

    election: Election
    tables: dict[str, list[dict[str, str]]]
    exports: dict[str, bytes]
    published: dict[str, list[PublishedRow]]
    raw: dict[str, bytes | None] = field(default_factory=dict)

    def row(self, file: str, bureau: str, poll: int = 1, choice: str = "", insee: str = "") -> dict[str, str]:
        """The row of a bureau in a table, to be altered in place."""
        return self._rows(file, bureau, poll, choice, insee)[0]

    def drop(self, file: str, bureau: str, poll: int = 1, choice: str = "", insee: str = "") -> None:
        """Take the rows of a bureau out of a table."""
        gone = self._rows(file, bureau, poll, choice, insee)
        self.tables[file] = [row for row in self.tables[file] if row not in gone]

    def add(self, file: str, bureau: str, column: str, change: int, poll: int = 1, choice: str = "") -> None:
        """Add to a count of a bureau in a table."""
        row = self.row(file, bureau, poll, choice)
        row[column] = str(int(row[column]) + change)

    def sign(self, bureau: str, change: int, poll: int = 1) -> None:
        """Add to the signatures of a bureau, on its list and in its PV."""
        for file in ("emargements.csv", "pv.csv"):
            self.add(file, bureau, "emargements", change, poll)

    def place(self, file: str, bureau: str, poll: int = 1, choice: str = "") -> str:
        """Place of a bureau's row as findings state it."""
        return f"{file}:{self.tables[file].index(self.row(file, bureau, poll, choice)) + 2}"

    def _rows(self, file: str, bureau: str, poll: int, choice: str, insee: str) -> list[dict[str, str]]:
        found = [
            row
            for row in self.tables[file]
            if row["bureau"] == bureau
            and row["insee"] == (insee or insee_of(bureau))
            and row.get("scrutin", str(poll)) == str(poll)
            and (not choice or row["choix"] == choice)
        ]
        assert found, f"no {bureau} in {file}"
        return found

    def change_export(
        self,
        bureau: str,
        poll: int = 1,
        part: int = 1,
        /,
        **values: int | str | bytes | datetime.date | tuple[int, ...] | None,
    ) -> str:
        """Give an export other values and the checksum that they ask for; its place is returned."""
        name = export_file(bureau, poll, part)
        changed = dataclasses.replace(export.parse(self.exports[name]), **values)  # type: ignore[arg-type]
        self.exports[name] = export.build(changed)
        return f"exports/{name}@0"

    def publish(self, bureau: str, file: str = PUBLISHED) -> PublishedRow:
        """The published row of a bureau, to be altered in place."""
        return next(row for row in self.published[file] if row.bureau == bureau and row.insee == insee_of(bureau))

    def incomplete(self) -> None:
        """Declare no kind of evidence complete."""
        self.election = dataclasses.replace(self.election, complete=frozenset())

    def files(self) -> dict[str, bytes]:
        """All files of the night by their path within its folder."""
        files = {night.ELECTION: election_toml(self.election)}
        for table in night.TABLES:
            if table.file in self.tables:
                rows = self.tables[table.file]
                header = list(dict.fromkeys((*table.header, *(name for row in rows for name in row))))
                files[table.file] = csv_lines([header, *([row[name] for name in header] for row in rows)])
        files |= {f"{night.EXPORTS}/{name}": data for name, data in self.exports.items()}
        files |= {name: published_bytes(rows) for name, rows in self.published.items()}
        given = files | self.raw
        return {name: data for name, data in given.items() if data is not None}

    def write(self, folder: Path | None = None) -> Path:
        """Write the night to a new folder, or to one of this name, anew."""
        if folder is None:
            return new_folder(self.files())
        shutil.rmtree(folder, ignore_errors=True)
        return put_files(folder, self.files())

    def load(self) -> LinedEvidence:
        """Write the night and read it as evidence."""
        return load(Sources(folder=self.write()))

    def run(self) -> Audit:
        """Write the night and audit it."""
        return audit.run(self.load())

    def findings(self, *codes: str) -> list[Finding]:
        """Audit the night: the findings of these codes."""
        return findings(self.run(), *codes)

    def infos(self, code: str) -> list[Finding]:
        """Audit the night: the infos of a code."""
        return infos(self.run(), code)

    def quiet(self, code: str) -> None:
        """Audit the night, in which a code does not fire."""
        quiet(self.run(), code)

    def only(self, *codes: str) -> list[Finding]:
        """Audit the night: its errors and warnings, which must be of exactly these codes, in this order."""
        return only(self.run(), *codes)

    def fires(
        self, code: str, bureau: str, left: Stated, right: Stated, severity: Severity = Severity.ERROR, **place: Any
    ) -> Finding:
        """Audit the night: the one error or warning, which `says` this."""
        [found] = self.only(code)
        says(found, code, bureau, left, right, severity, **place)
        return found


def insee_of(bureau: str) -> str:
    return next(spec.insee for spec in BUREAUX if spec.bureau == bureau)


def export_file(bureau: str, poll: int = 1, part: int = 1) -> str:
    return night.export_name(insee_of(bureau), bureau, poll, part)


def export_place(bureau: str, poll: int = 1, part: int = 1) -> str:
    """Place of an export as findings state it."""
    return f"exports/{export_file(bureau, poll, part)}@0"


def small_night(polls: int = 1, by_constituency: bool = False) -> Night:
    """The night, with one poll or more (of two choices each), with one list of choices or one for each commune."""
    assert 1 <= polls <= 5
    areas = {INSEE: "7701", OTHER_INSEE: "9201"} if by_constituency else {INSEE: "", OTHER_INSEE: ""}
    election = Election(
        id="essai-2022",
        name="Élection d'essai",
        date=DAY,
        round=1,
        polls=tuple(Poll(number, f"Scrutin {number}", "presidentielle") for number in range(1, polls + 1)),
        opening="08:00",
        closing="19:00",
        complete=frozenset({"exports", "emargements", "pv", "publie"}),
    )
    tables: dict[str, list[dict[str, str]]] = {
        table.file: [] for table in (night.CHOICES, night.UNIVERSE, night.SIGNATURES, night.RECORDS, night.VOTES)
    }
    built = Night(election, tables, {}, {})
    for poll in range(1, polls + 1):
        for area in dict.fromkeys(areas.values()):
            tables["choix.csv"] += [
                _cells(night.CHOICES, poll, area, panel, choice, "candidat")
                for panel, choice in enumerate(choices_of(poll, area), 1)
            ]
    for spec in BUREAUX:
        area = areas[spec.insee]
        _put_universe(tables, spec, area)
        for poll in range(1, polls + 1):
            _put_paper(tables, spec, poll, choices_of(poll, area))
            if spec.machine:
                built.exports |= _exports(spec, poll, area)
            file = PUBLISHED if poll == 1 else f"publie.{poll}.txt"
            built.published.setdefault(file, []).append(_published(spec, choices_of(poll, area)))
    return built


def with_tabulation() -> Night:
    """A clean night with the centralising record of its communes."""
    night = small_night()
    columns = ("insee", "bureau", "scrutin", "inscrits", "emargements", "votes_trouves", "blancs", "nuls", "exprimes")
    night.tables["recap.csv"] = [{name: row[name] for name in columns} for row in night.tables["pv.csv"]]
    return night


def choices_of(poll: int, area: str = "") -> tuple[str, ...]:
    """The choices of a poll, in panel order; where there are constituencies, their names have it."""
    names = CHOICES if poll == 1 else OTHER_CHOICES
    return tuple(f"{name.split()[0]}{area} {name.split()[1]}" for name in names) if area else names


def _cells(table: night.NightTable, *values: object) -> dict[str, str]:
    return dict(zip(table.header, map(str, values), strict=True))


def _put_universe(tables: dict[str, list[dict[str, str]]], spec: Spec, area: str) -> None:
    serials = ["", "", "", ""]
    if spec.machine:
        numbers = [f"{spec.bureau}{part}" for part in range(1, len(spec.votes) + 1)]
        serials = ["+".join(letter + number for number in numbers) for letter in "MUST"]
    tables["univers.csv"].append(
        _cells(
            night.UNIVERSE,
            spec.insee,
            _COMMUNES[spec.insee],
            spec.insee[:2],
            area,
            spec.bureau,
            spec.registered,
            "machine" if spec.machine else "papier",
            "08:00",
            "19:00",
            *serials,
        )
    )


def _put_paper(tables: dict[str, list[dict[str, str]]], spec: Spec, poll: int, choices: Sequence[str]) -> None:
    key = (spec.insee, spec.bureau, poll)
    blank, tallies = sum(spec.blank), _votes(spec.tallies, choices)
    tables["emargements.csv"].append(_cells(night.SIGNATURES, *key, spec.registered, spec.found))
    counts = (spec.found, spec.found, blank, spec.null, sum(tallies), 7)
    tables["pv.csv"].append(_cells(night.RECORDS, *key, spec.registered, *counts, "08:00", "19:00", ""))
    tables["voix.csv"] += [
        _cells(night.VOTES, *key, choice, votes) for choice, votes in zip(choices, tallies, strict=True)
    ]


def _votes(votes: Sequence[int], choices: Sequence[str]) -> tuple[int, ...]:
    """The votes of the first poll on as many choices as there are: the last one takes the rest."""
    return (*votes[: len(choices) - 1], sum(votes[len(choices) - 1 :]))


def _exports(spec: Spec, poll: int, area: str) -> dict[str, bytes]:
    found = {}
    for part, (votes, blank) in enumerate(zip(spec.votes, spec.blank, strict=True), 1):
        cast = sum(votes) + blank
        found[export_file(spec.bureau, poll, part)] = export.build(
            Export(
                model=APPROVED_MODEL,
                machine_serial=f"M{spec.bureau}{part}",
                module_serial=f"U{spec.bureau}{part}",
                machine_seal=f"S{spec.bureau}{part}",
                module_seal=f"T{spec.bureau}{part}",
                election="essai-2022",
                constituency=area,
                insee=spec.insee,
                bureau=spec.bureau,
                date=DAY,
                round=1,
                poll=poll,
                part=part,
                registered=spec.registered,
                zero_check=civil_time.seconds(DAY, 7, 30),
                opening=civil_time.seconds(DAY, 8),
                closing=civil_time.seconds(DAY, 19),
                export=civil_time.seconds(DAY, 19, 10),
                zero_sum=0,
                voters=cast,
                enablings=cast + 2,
                cancellations=2,
                cast=cast,
                blank=blank,
                choices_digest=choices_digest(choices_of(poll, area)),
                module_digest=bytes(32),
                tallies=_votes(votes, choices_of(poll, area)),
            )
        )
    return found


def _published(spec: Spec, choices: Sequence[str]) -> PublishedRow:
    counts = (spec.registered, spec.registered - spec.found, spec.found, sum(spec.blank), spec.null, sum(spec.tallies))
    return PublishedRow(
        spec.insee,
        _COMMUNES[spec.insee],
        spec.bureau,
        dict(zip(_COUNTS, counts, strict=True)),
        dict(zip(choices, _votes(spec.tallies, choices), strict=True)),
    )


def published_bytes(rows: Sequence[PublishedRow]) -> bytes:
    """Rows in the ministry's text layout of 2017 to 2022."""
    lines = [PUBLISHED_HEADER]
    for row in rows:
        department = row.insee[:2]
        place = (
            department,
            DEPARTMENTS[department],
            "1",
            "1ère circonscription",
            row.insee[2:],
            row.commune,
            row.bureau,
        )
        lines.append(";".join((*place, *figure_cells(row))))
    return ("\r\n".join(lines) + "\r\n").encode("latin-1")


def figure_cells(row: PublishedRow) -> list[str]:
    """The cells of a published row from its registered voters on."""
    registered, abstentions, found, blank, null, valid = (row.counts[name] for name in _COUNTS)
    cells: list[object] = [registered, abstentions, ratio(abstentions, registered), found, ratio(found, registered)]
    for count in (blank, null, valid):
        cells += [count, ratio(count, registered), ratio(count, found)]
    for panel, (label, votes) in enumerate(row.votes.items(), 1):
        name, _, first = label.partition(" ")
        cells += [panel, "F", name, first, votes, ratio(votes, registered), ratio(votes, valid)]
    return [*map(str, cells)]


def ratio(part: int, whole: int) -> str:
    """A percentage as the ministry writes it: two decimals, half up, without zeros at the end."""
    if whole <= 0:
        return "0"
    hundredths = (20_000 * part + whole) // (2 * whole)
    text = f"{hundredths // 100},{hundredths % 100:02}".rstrip("0").rstrip(",")
    return text or "0"


def many_exports(insee: Sequence[str], bureaux: Sequence[str], registered: Sequence[int]) -> bytes:
    """A batch file of as many exports as there are bureaux, each with the votes of bureau 0001."""
    one = export.parse(small_night().exports[export_file("0001")])
    rows = np.zeros(len(bureaux), COLUMNS)
    for item in dataclasses.fields(one):
        value = getattr(one, item.name)
        if item.name == "tallies":
            rows["tallies"][:, : len(value)] = value
        elif item.name == "date":
            rows["date"] = value.year * 10_000 + value.month * 100 + value.day
        else:
            rows[item.name] = value.encode() if isinstance(value, str) else value
    rows["choices"], rows["insee"], rows["bureau"], rows["registered"] = len(one.tallies), insee, bureaux, registered
    for name in ("machine_serial", "module_serial", "machine_seal", "module_seal"):
        rows[name] = [f"{name[0]}{number:07}" for number in range(len(bureaux))]
    return build_many(rows)


def loaded(folder: Path | None = None, **given: Any) -> LinedEvidence:
    """Read as evidence what `Sources` of these arguments holds."""
    return load(Sources(folder, **given))


def audited(folder: Path | None = None, **given: Any) -> Audit:
    """Audit what `Sources` of these arguments holds."""
    return audit.run(loaded(folder, **given))


def findings(result: Audit | Result, *codes: str) -> list[Finding]:
    """The findings of these codes."""
    return [found for found in result.findings if found.code in codes]


def bureaux_with(result: Audit, *codes: str) -> list[str]:
    """The bureau of each finding of these codes."""
    return [found.bureau for found in findings(result, *codes)]


def stated(result: Audit, *codes: str) -> list[tuple[str, int | Text | None, int | Text | None]]:
    """Bureau and both figures of each finding of these codes."""
    return [(found.bureau, found.left.value, found.right.value) for found in findings(result, *codes)]


def sources_of(result: Audit, *codes: str) -> list[str]:
    """Where the first figure of each finding of these codes stands."""
    return [found.left.source for found in findings(result, *codes)]


def codes_of(found: Iterable[Finding]) -> set[str]:
    """The codes that some findings are of."""
    return {one.code for one in found}


def cases_of(result: Audit, cause: str) -> list[Case]:
    """The cases of a cause."""
    return [case for case in result.cases if case.cause.name == cause]


def grave_cases(result: Audit) -> list[Case]:
    """The cases of errors and warnings."""
    return [case for case in result.cases if case.severity > Severity.INFO]


def causes(result: Audit) -> set[str]:
    """The causes of all cases."""
    return {case.cause.name for case in result.cases}


def bureaux_of(case: Case) -> list[str]:
    """The bureaux of a case."""
    return [place.bureau for place in case.places]


def input_of(result: Audit | LinedEvidence | Result, path: str) -> Input:
    """The input of a path, which there is once."""
    [found] = [used for used in result.inputs if used.path == path]
    return found


def grave(result: Audit) -> list[Finding]:
    """Errors and warnings."""
    return [found for found in result.findings if found.severity > Severity.INFO]


def only(result: Audit, *codes: str) -> list[Finding]:
    """The errors and warnings, which must be of exactly these codes, in the order in which the codes are given."""
    found = grave(result)
    assert sorted(one.code for one in found) == sorted(codes), [(one.code, show("en", one.message)) for one in found]
    return sorted(found, key=lambda one: codes.index(one.code))


def infos(result: Audit, code: str) -> list[Finding]:
    """The infos of a code."""
    return [found for found in findings(result, code) if found.severity is Severity.INFO]


def quiet(result: Audit, code: str) -> None:
    """A code does not fire, at any severity."""
    found = findings(result, code)
    assert not found, [show("en", one.message) for one in found]


def figures(found: Finding) -> tuple[int | str | None, int | str | None]:
    """Both figures of a finding, what is said in words in English."""
    left, right = (v if v is None or isinstance(v, int) else str(v) for v in (found.left.value, found.right.value))
    return left, right


def says(
    found: Finding,
    code: str,
    bureau: str,
    left: Stated,
    right: Stated,
    severity: Severity = Severity.ERROR,
    poll: int = 1,
    insee: str = "",
) -> None:
    """A finding has this code, place, severity, and both figures with both sources."""
    assert (found.code, found.severity.name, found.level) == (code, severity.name, "bureau" if bureau else found.level)
    assert (found.insee, found.bureau, found.poll) == (insee or (insee_of(bureau) if bureau else ""), bureau, poll)
    assert ((found.left.source, figures(found)[0]), (found.right.source, figures(found)[1])) == (left, right)
    for language in ("fr", "en"):
        assert show(language, found.message)
