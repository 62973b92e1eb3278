"""Whatever figure a report, a page, a print or a letter cites stands in its file, in the column of its quantity.

And every number of a sentence that sums up is that of the findings and cases that it speaks of.
"""

import io
import json
import re
import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pypdf
import pytest

import regard
from regard.dossier.contents import build
from regard.dossier.page import as_page
from regard.dossier.printed import as_pdf
from regard.language import show
from regard.letters.matters import collect_matter
from regard.reports.json_report import as_json
from regard.reports.screen import Screen
from regard.reports.summary import Detail, summarise
from regard.terminal import console
from regard.views.case_view import CaseViews
from regard.views.saying import Speaker
from tests.regard.dossier.reports import examined
from tests.regard.reports import citations
from tests.regard.reports.citations import DOCUMENTS, Files, Misplaced, damage, is_of_piece, value_of
from tests.regard.studies.summed_up import asking, check_contests, check_screen

COMMUNES = ("06152", "56165", "77296", "92077")
"""Of nine bureaux each, all on machines."""
CORRECTED = "This is so with the certain and likely corrections"
"""Words of indications that cite figures as they should read."""
UNPLACED = re.compile("[CDIAPV]")
"""Rules of which a figure may be of no cell: coverage, dumps, what is expected, what it could change."""


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Simulated nights with faults, without the images of their urns and what is no evidence."""
    found = []
    for number, commune in enumerate(COMMUNES):
        folder = tmp_path_factory.mktemp("nights") / commune
        regard.simulate(folder, communes=commune, seed=number)
        for name in ("modules", "tickets"):
            shutil.rmtree(folder / name, ignore_errors=True)
        for name in ("manifest.json", "jour.csv", "verite.csv"):
            (folder / name).unlink(missing_ok=True)
        found.append(folder)
    return found


def check_night(folder: Path, printed: bool) -> Counter[str]:
    """Look up all that every document of a night cites; how many figures that were, by document."""
    files = Files(folder)
    evidence, result = examined(folder)
    report: dict[str, Any] = json.loads(b"".join(as_json(result, "en")))
    for found in report["findings"]:
        if CORRECTED in found["message"]:
            continue
        looked_up = [files.look_up_side(found, found[side]) for side in ("left", "right")]
        counted = any(isinstance(found[side]["value"], int) for side in ("left", "right"))
        if counted and not UNPLACED.match(found["code"]):
            assert any(looked_up), found
    for case in report["cases"]:
        for each in case["corrections"]:
            placed = each["source"][-1:].isdecimal() or each["source"].startswith("exports/")
            if placed and each["was"] is not None and "(Σ)" not in each["source"]:
                quantity = each["field"] if each["field"] in citations.SHOWN else "votes"
                files.look_up("corrections", each["source"], quantity, each["field"], each["was"])
    dossier = build(evidence, result, "en")
    page = as_page(dossier).decode()
    assert citations.look_up_page(files, page) or not report["cases"]
    if printed:
        for sheet in pypdf.PdfReader(io.BytesIO(as_pdf(dossier))).pages:
            citations.look_up_print(files, sheet.extract_text())
    matter = collect_matter(CaseViews(result, Speaker("fr"), evidence=evidence), "presidentielle")
    look_up_letter(files, [show("fr", each) for each in matter.facts], [show("fr", each) for each in matter.notes])
    sum_up(report, page, files)
    text = io.StringIO()
    screen = console(text)
    screen.width = 400
    summarise(result, Screen("en", screen, whole=True), detail=Detail.ALL)
    files.looked_up["screen"] += check_screen(report, text.getvalue())
    return files.looked_up


def look_up_letter(files: Files, facts: list[str], notes: list[str]) -> None:
    """Find what a letter states: its notes say at which places the figures of each fact stand."""
    standing = [each for each in notes if each.startswith("Fait n° ")]
    assert len(standing) == len(facts) or len(standing) == len(facts) - 1  # the last says how many more there are
    for fact, note in zip(facts, standing, strict=False):
        stated = re.findall(r"(\d[\d\u202f\u00a0]*)[^(\d]* \(\[?([^,\]()]*)[,\]]", fact)
        placed = re.findall(r"(\d[\d\u202f\u00a0]*) \(([^()]+?)\)", note)
        if not placed or len(stated) < len(placed):
            raise Misplaced(f"{fact} / {note}")
        for (value, document), (again, place) in zip(stated, placed, strict=False):
            source = re.sub(r" ligne (\d+)$", r":\1", place)
            if value_of(value) != value_of(again) or not is_of_piece(document, source, DOCUMENTS):
                raise Misplaced(f"{fact} / {note}")
            stands = {value_of(cell) for quantity in every(files, source) for cell in quantity}
            if value_of(value) not in stands:
                raise Misplaced(f"{fact} / {note}")
            files.looked_up["letter"] += 1


def every(files: Files, source: str) -> list[list[str]]:
    """All cells of the row, or figures of the record, that a letter cites."""
    if source.startswith("exports/"):
        return [list(files.cells(source, name, "")) for name in (*citations.RECORD, "blank")] + [
            list(files.cells(source, "votes", choice)) for choice in files.panel
        ]
    file, _, row = source.rpartition(":")
    return [files.tables[file][int(row) - 1]]


def sum_up(report: dict[str, Any], page: str, files: Files) -> None:
    """Recompute the numbers of the sentences that sum up from what they speak of."""
    severities = Counter(found["severity"] for found in report["findings"])
    summary = report["summary"]
    assert (summary["errors"], summary["warnings"], summary["infos"]) == tuple(
        severities[each] for each in ("error", "warning", "info")
    )
    assert summary["cases"] == len(report["cases"])
    kinds = Counter("gap" if case["cause"] == "open-gap" else case["kind"] for case in asking(report))
    text = re.sub(r"<[^>]+>", " ", page)
    if kinds:
        for kind, said in (
            ("irregularity", r"([\d,]+) irregularit(?:y|ies) that remain"),
            ("gap", r"([\d,]+) gaps? between votes and signatures"),
            ("reread", r"([\d,]+) figures? to read again"),
            ("evidence", r"evidence missing or damaged in ([\d,]+) cases?"),
        ):
            assert {value_of(each) for each in re.findall(said, text)} <= {kinds[kind]}, (kind, kinds)
    gaps = gaps_of(files, {})
    bureaux = [row[4] for row in files.tables["univers.csv"][1:]]
    known_or_0 = {bureau: gaps.get(bureau, (0, 0))[0] for bureau in bureaux}
    files.looked_up["contests"] += check_contests(report, files, known_or_0)
    differ = re.search(r"votes and signatures differ in ([\d,]+) bureaux? of ([\d,]+)", text)
    if differ:
        assert (value_of(differ[1]), value_of(differ[2])) == (sum(gap != 0 for gap, _ in gaps.values()), len(gaps))
    large = sum(abs(gap) * 1000 > 3 * found for gap, found in gaps.values())
    assert {value_of(each) for each in re.findall(r"([\d,]+) gaps? (?:is|are) larger than 3 ‰", text)} <= {large}
    likely = re.findall(r"If the likely corrections hold too: [^.]*", text)
    certain = re.findall(r"with the certain corrections made: [^.]*", text)
    as_given = re.sub(r"(?:If the likely corrections hold too|with the certain corrections made): [^.]*", "", text)
    for sentences, sure in (([as_given], ()), (certain, ("certain",)), (likely, ("certain", "likely"))):
        if are_disputed(report, sure):
            continue
        corrected = gaps_of(files, corrections_of(report, sure)).values()
        for words, sign in (("beyond the signatures", 1), ("signatures without a vote", -1)):
            due = sum(max(sign * gap, 0) for gap, _ in corrected)
            found = {value_of(each) for said in sentences for each in re.findall(rf"{words}: ([\d,]+)\)", said)}
            assert found <= {due}, (words, sure)


Corrections = dict[tuple[str, str, str], int | None]
"""By piece, bureau and count what should stand there."""


def corrections_of(report: dict[str, Any], sure: Sequence[str]) -> Corrections:
    """The corrections of the cases that are so sure."""
    return {
        (each["piece"], each["bureau"], each["field"]): each["becomes"]
        for case in report["cases"]
        if case["sure"] in sure
        for each in case["corrections"]
    }


def are_disputed(report: dict[str, Any], sure: Sequence[str]) -> bool:
    """Tell that two cases that are so sure put one figure right in two ways, of which only one can be made."""
    found: dict[tuple[str, str, str], set[int | None]] = {}
    for case in report["cases"]:
        for each in case["corrections"] if case["sure"] in sure else ():
            found.setdefault((each["piece"], each["bureau"], each["field"]), set()).add(each["becomes"])
    return any(len(values) > 1 for values in found.values())


def gaps_of(files: Files, corrections: Corrections) -> dict[str, tuple[int, int]]:
    """Votes found less signatures of each bureau of which both are known, and the votes found."""
    found = {}
    for row in files.tables["univers.csv"][1:]:
        signed = signatures_of(files.tables, row[4], corrections)
        votes = votes_of(files.folder, row[0], row[4], corrections)
        if signed is not None and votes is not None:
            found[row[4]] = votes - signed, votes
    return found


def signatures_of(tables: dict[str, list[list[str]]], bureau: str, corrections: Corrections) -> int | None:
    """The signatures of a bureau by its list, else by its PV."""
    for piece in ("emargements", "pv"):
        header = tables[f"{piece}.csv"][0]
        for row in tables[f"{piece}.csv"][1:]:
            cell = row[header.index("emargements")]
            if row[1] == bureau:
                stated = corrections.get((piece, bureau, "signatures"), int(cell) if cell.isdecimal() else None)
                if stated is not None:
                    return stated
    return None


def votes_of(folder: Path, insee: str, bureau: str, corrections: Corrections) -> int | None:
    """The votes of a bureau by its machine, else by its PV."""
    path = folder / "exports" / f"{insee}-{bureau}-1-1.esf"
    stated = corrections.get(("pv", bureau, "votes_found"), of_record(folder, bureau, "votes_trouves"))
    if path.exists():
        paper = of_record(folder, bureau, "papier") or 0
        cast = int.from_bytes(path.read_bytes()[184:188], "big")
        made = corrections.get(("exports", bureau, "votes_found"), cast + paper)  # what is said of a machine is of all
        if made is not None:
            return stated if paper and stated is not None and stated != made else made  # no parts that make up the PV
    if stated is not None:
        return stated
    return corrections.get(("publie", bureau, "votes_found"), of_publication(folder, bureau))


def of_publication(folder: Path, bureau: str) -> int | None:
    """The published voters of a bureau."""
    header, *rows = Files(folder).tables["publie.txt"]
    found = [row[header.index("Votants")] for row in rows if row[6] == bureau]
    return int(found[0]) if found and found[0].isdecimal() else None


def of_record(folder: Path, bureau: str, column: str) -> int | None:
    """A count of the PV of a bureau."""
    rows = Files(folder).tables["pv.csv"]
    found = [row[rows[0].index(column)] for row in rows[1:] if row[1] == bureau]
    return int(found[0]) if found and found[0].isdecimal() else None


def run(nights: list[Path], tmp_path: Path, seeds: range, *, printed: bool) -> Counter[str]:
    """The citations of so many damaged nights."""
    counted: Counter[str] = Counter()
    for seed in seeds:
        folder = tmp_path / f"{seed}"
        shutil.copytree(nights[seed % len(nights)], folder)
        random = np.random.default_rng(seed)
        damage(folder, random, share=float(random.choice([0.05, 0.3, 0.6, 0.9])))
        if seed % 5 == 1:
            shutil.rmtree(folder / "exports")
        counted += check_night(folder, printed)
        shutil.rmtree(folder)
    print(dict(counted), sum(counted.values()))
    return counted


def test_what_a_damaged_night_cites_stands_there(nights: list[Path], tmp_path: Path) -> None:
    assert sum(run(nights, tmp_path, range(1), printed=False).values()) > 150


@pytest.mark.check(480)
@pytest.mark.parametrize("start", range(0, 200, 25))
def test_what_200_damaged_nights_cite_stands_there(nights: list[Path], tmp_path: Path, start: int) -> None:
    counted = run(nights, tmp_path, range(start, start + 25), printed=True)
    assert sum(counted.values()) >= 100_000 // 8
    assert all(counted[each] for each in ("json", "cells", "corrections", "page", "print", "letter"))
