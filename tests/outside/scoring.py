"""The cases of `regard verify --json` set against the truth of a fault."""

from __future__ import annotations

import contextlib
import io
import json
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from regard.cli import main
from tests.outside.faults import Fault, name_slips
from tests.outside.nights import REGISTERED, SETS, Cell, Night, Place, Value
from tests.outside.rivals import papers_of, readings

Corrections = Mapping[Cell, Value]


@dataclass(frozen=True, slots=True)
class Given:
    """One correction of a case, of a cell of ours."""

    cell: Cell
    becomes: Value
    copied: bool


@dataclass(frozen=True)
class Said:
    """One case of a report.

    Attributes:
        values: every number that it names: in its corrections, its findings and its text.
    """

    cause: str
    sure: str
    places: frozenset[Place]
    given: tuple[Given, ...]
    values: frozenset[int]
    text: str

    @cached_property
    def key(self) -> tuple[object, ...]:
        """Identity of a case across two audits of nearly the same night."""
        return (self.cause, self.sure, self.places, self.text)


_NUMBER = re.compile(r"\d{1,3}(?:[,\u202f\u00a0]\d{3})+|\d+")


def verify(night: Night, given: str, *, also: Sequence[str] = ()) -> list[Said]:
    """Write a night, run `regard verify` on it, and read the cases that it reports."""
    with tempfile.TemporaryDirectory() as folder:
        return verify_folder(night.write(Path(folder) / "night", SETS[given]), also=also)


def verify_folder(path: Path, *, also: Sequence[str] = ()) -> list[Said]:
    """Run `regard verify` on files and read the cases that it reports."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = ["verify", str(path), "--json", str(report), "--quiet", "--lang", "en", "--workers", "1", *also]
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()) as said:
            code = main(command)
        if code not in (0, 1):
            raise RuntimeError(f"regard verify ended with {code}: {said.getvalue()}")
        return read_cases(json.loads(report.read_bytes()))


def read_cases(report: Mapping[str, Any]) -> list[Said]:
    """Read the cases of a report in JSON; those of screens, coverage and consequences only are passed over."""
    findings = report["findings"]
    cases = []
    for case in report["cases"]:
        own = [findings[number] for number in case["findings"]]
        if all(each["code"][0] in "PV" or each["code"] == "C111" for each in own):
            continue
        given = tuple(
            Given((_piece(each), (each["insee"], each["bureau"]), each["field"]), each["becomes"], each["copied"])
            for each in case["corrections"]
        )
        shown = [value for each in own for side in ("left", "right") if (value := each[side]["value"]) is not None]
        shown += [value for each in case["corrections"] for value in (each["was"], each["becomes"])]
        numbers = {value for value in shown if isinstance(value, int)}
        texts = [
            case["text"],
            *(each["message"] for each in own),
            *(value for value in shown if isinstance(value, str)),
        ]
        numbers |= {int(re.sub(r"\D", "", each)) for text in texts for each in _NUMBER.findall(text)}
        places = frozenset((each["insee"], each["bureau"]) for each in case["places"])
        cases.append(Said(case["cause"], case["sure"], places, given, frozenset(numbers), case["text"]))
    return cases


def _piece(correction: Mapping[str, Any]) -> str:
    """Name the piece as this folder does: votes of the PVs and published sums have files of their own."""
    source = str(correction["source"])
    if source.startswith("voix.csv"):
        return "voix"
    return "communes" if source.startswith("publie.communes.csv") else str(correction["piece"])


@dataclass(slots=True)
class Score:
    """Answers about some faults, in counts; sums of such scores add up.

    Attributes:
        faults, told: faults that were made; those of which a case says something.
        cases: about told faults; ``wide``: told faults in a run of rows, a commune or a file, and their cases.
        right: told faults of which a case has a right cause.
        exact: told faults whose wrong cells are corrected, all of them and nothing else.
        determinable, determined: told faults that the papers decide; those of them that are exact.
        undecided, left: told faults that the papers do not decide; those of them that are exact, or open with the
            truth among the figures named, without a wrong correction.
        certain_wrong: faults with a certain case that corrects a right cell, or to a wrong figure.
        likely, likely_right: likely cases with corrections; those of them without a wrong one.
        innocent: cases about bureaux without a fault that a night without it does not have.
    """

    faults: int = 0
    told: int = 0
    cases: int = 0
    wide_told: int = 0
    wide_cases: int = 0
    right: int = 0
    exact: int = 0
    determinable: int = 0
    determined: int = 0
    undecided: int = 0
    left: int = 0
    certain_wrong: int = 0
    likely: int = 0
    likely_right: int = 0
    innocent: int = 0
    failures: list[str] = field(default_factory=list)

    def add(self, other: Score) -> None:
        """Count others in."""
        for name in self.__dataclass_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


def score(fault: Fault, cases: Iterable[Said], before: Iterable[Said], given: str, *, determinable: bool) -> Score:
    """Set what is said of a night with one fault against its truth.

    Args:
        fault: that was made.
        cases: of the night with it.
        before: cases of the night without it.
        given: name of the set of evidence.
        determinable: by the judge.
    """
    known = {each.key for each in before}
    new = [each for each in cases if each.key not in known]
    about = [each for each in new if is_about(each, fault)]
    result = score_told(fault, about, given, determinable=determinable)
    result.innocent = len(new) - len(about)
    result.certain_wrong |= any(each.sure == "certain" and _astray(each, fault) for each in new)
    return result


def score_told(fault: Fault, about: Sequence[Said], given: str, *, determinable: bool) -> Score:
    """Set the cases about a fault against its truth."""
    now = fault.night.cells()
    right = {cell: v for cell, v in fault.right.items() if cell[0] in SETS[given] and now.get(cell) is not None}
    corrected = {each.cell: each.becomes for case in about if case.sure != "open" for each in case.given}
    wrong = [case for case in about if case.sure != "open" and _astray(case, fault)]
    causes = _right_causes(fault)
    result = Score(faults=1, told=bool(about))
    result.certain_wrong = int(any(case.sure == "certain" for case in wrong))
    result.likely = sum(case.sure == "likely" and bool(case.given) for case in about)
    result.likely_right = result.likely - sum(case.sure == "likely" for case in wrong)
    if not about:
        return result
    result.cases = len(about)
    result.wide_told, result.wide_cases = (1, len(about)) if fault.wide else (0, 0)
    named = any(case.cause in causes for case in about)
    result.right = int(named or (not determinable and any(case.sure == "open" for case in about)))
    result.exact = int(not wrong and right.items() <= corrected.items() and (named or bool(right)))
    if fault.kind.whole and not result.exact:
        result.exact = int(not wrong and any(case.cause in causes and case.sure != "open" for case in about))
    if determinable:
        result.determinable, result.determined = 1, result.exact
    else:
        result.undecided, result.left = 1, int(result.exact or (not wrong and _is_among(fault, right, given, about)))
    if not (result.determined or result.left) or not result.right or result.certain_wrong:
        said = "; ".join(f"{each.cause}:{each.sure}: {each.text[:200]}" for each in about[:3])
        truth = ", ".join(
            f"{' '.join((piece, *place, name))} should read {v}" for (piece, place, name), v in list(right.items())[:4]
        )
        verdict = "determinable" if determinable else "not determinable"
        result.failures.append(f"{fault.kind.name} [{given}] {verdict}. Truth: {truth}. Said: {said}")
    return result


def is_about(case: Said, fault: Fault) -> bool:
    """Return whether a case is about a fault: of one of its bureaux, or of its commune or file where it is as wide."""
    if not case.places.isdisjoint(fault.places):
        return True
    named = case.cause in fault.kind.causes
    communes = {insee for insee, _ in fault.places if fault.wide or named} | ({""} if named else set())
    return any(not bureau and insee in communes for insee, bureau in case.places)


def _astray(case: Said, fault: Fault) -> bool:
    """Return whether a case corrects a right cell, or a wrong one to another wrong figure."""
    truth = {**fault.copied, **fault.right}
    now = fault.night.cells()
    return any(
        each.becomes != truth.get(each.cell, now.get(each.cell)) or (each.cell not in truth and each.cell in now)
        for each in case.given
    )


def _right_causes(fault: Fault) -> frozenset[str]:
    now = fault.night.cells()
    own = frozenset.union(*[name_slips(now.get(cell), right) for cell, right in fault.right.items()], frozenset())
    if fault.kind.scale in ("cell", "people"):
        for (piece, place, name), _ in fault.right.items():
            row = fault.night.row(piece, place).cells
            if any(other == row[name] for key, other in row.items() if key != name):
                own |= {"figure-of-another-line"}
            if name == REGISTERED:
                own |= {"registered-differ"}
        return own | fault.kind.causes
    return fault.kind.causes


def _is_among(fault: Fault, right: Corrections, given: str, about: Sequence[Said]) -> bool:
    """Return whether the cases name the right figures of nine of ten wrong cells, as far as a paper shows these."""
    papers = papers_of(fault.night, given)
    known = shown = 0
    for (_, place, name), value in right.items():
        if value in readings(papers.get(place, {}), name).values():
            shown += 1
            named = [each for each in about if place in each.places or any(not bureau for _, bureau in each.places)]
            known += any(value in each.values for each in named)
    return 10 * known >= 9 * shown
