"""Numbers of sentences that sum up, recomputed from the findings and the files that they speak of."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from tests.regard.reports.citations import Files

_HEADINGS = {
    "irregularity": "Irregularities and gaps that remain",
    "reread": "Figures to read again",
    "evidence": "Evidence missing or damaged",
}
_MENTIONED = re.compile("écart|différence", re.IGNORECASE)
_GAPS = ("open-gap", "gap-unmentioned")


def number(text: str) -> int:
    """A whole number as a screen shows it."""
    return int(text.replace(",", ""))


def asking(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The cases that a screen shows: all but those for information that correct no figure."""
    return [case for case in report["cases"] if case["severity"] != "info" or case["corrections"] or case["readings"]]


def check_screen(report: Mapping[str, Any], text: str) -> int:
    """Recompute the numbers of a screen from the findings of the report in JSON; how many they are."""
    found, due = list[tuple[str, int]](), list[tuple[str, int]]()
    findings, cases = report["findings"], asking(report)
    for kind, heading in _HEADINGS.items():
        found += [(kind, number(each)) for each in re.findall(rf"^{heading}: ([\d,]+)$", text, re.M)]
        count = sum(case["kind"] == kind for case in cases)
        due += [(kind, count)] if count else []
    rules = Counter((each["code"], each["severity"]) for each in findings)
    for code, severity, count in re.findall(r"^([A-Z]\d{3}) +(error|warning|info) +([\d,]+) ", text, re.M):
        found.append((f"{code} {severity}", number(count)))
    due += [(f"{code} {severity}", count) for (code, severity), count in rules.items()]
    [ending] = re.findall(r"^([\d,]+) cases?(?:, and ([\d,]+) for information)?\.$", text, re.M)
    found += [("ending", number(each)) for each in ending if each]
    informing = len(report["cases"]) - len(cases)
    due += [("ending", each) for each in (len(cases), informing)[: 1 + bool(informing)]]
    lines = re.findall(r"votes and signatures one or two apart in ([\d,]+) bureaux?", text)
    found += [("small", number(each)) for each in lines]
    due += _small_gaps(report)
    for code, pattern in (
        ("V501", r"([\d,]+) votes? beyond signatures or voters, for ([\d,]+) valid"),
        ("V502", r"([\d,]+) of ([\d,]+) valid votes are in bureaux where the pieces show a gap"),
    ):
        found += [(code, number(each)) for pair in re.findall(pattern, text) for each in pair]
        own = [each for each in findings if each["code"] == code]
        due += [(code, count) for each in own for count in (int(each["right"]["value"]), each["left"]["value"])]
    assert sorted(found) == sorted(due), set(found) ^ set(due)
    return len(due)


def _small_gaps(report: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Of each commune and severity with several gaps of one or two votes that say no more: how many."""
    small = Counter[tuple[str, str]]()
    for case in report["cases"]:
        told = [report["findings"][at] for at in case["findings"]]
        gaps = [each["right"]["value"] - each["left"]["value"] for each in told if each["code"] in ("R201", "R202")]
        if case["cause"] in _GAPS and len(case["places"]) == 1 and gaps and 0 < max(map(abs, gaps)) <= 2:
            small[case["places"][0]["insee"], case["severity"]] += 1
    yield from (("small", count) for count in small.values() if count > 1)


def check_contests(report: Mapping[str, Any], files: Files, gaps: Mapping[str, int]) -> int:
    """Recompute from the files what V501 and V502 count; how many of them there are.

    Args:
        report: in JSON.
        files: of the night.
        gaps: votes less signatures of each bureau, 0 where one of them is not known.
    """
    counts = {code: each for each in report["findings"] if (code := each["code"]) in ("V501", "V502")}
    papers = {bureau: list(_papers(files, bureau)) for bureau in gaps}
    votes = {bureau: whole for bureau, some in papers.items() if (whole := _whole(files, bureau, some)) is not None}
    header, *rows = files.tables["pv.csv"]
    remarks = {row[1]: row[header.index("observations")] for row in rows}
    unmentioned = {each for each, remark in remarks.items() if gaps.get(each) and not _MENTIONED.search(remark)}
    valid = sum(map(sum, votes.values()))
    for code, found in counts.items():
        if code == "V501":
            due = sum(max(gaps[bureau], 0, _beyond(papers[bureau])) for bureau in votes)
        else:
            due = sum(sum(votes[bureau]) for bureau in votes.keys() & unmentioned)
        details = found["details"]
        only_then = "as the evidence stands, there are none" in str(details.get("note", ""))
        corrected = only_then or "stated_excess" in details  # the finding is then of the figures as corrected
        stated = 0 if only_then else details.get("stated_excess", found["right"]["value"])
        assert stated == due, (code, stated, due)
        assert corrected or found["left"]["value"] == valid, (code, found["left"]["value"], valid)
    return len(counts)


Paper = tuple[list[int | None], list[int | None]]
"""Votes by choice; voters, blank and null votes."""


def _papers(files: Files, bureau: str) -> Iterator[Paper]:
    """List the counts of PV and publication."""
    votes = {row[3]: _count(row[4]) for row in files.tables["voix.csv"][1:] if row[1] == bureau}
    for row in files.tables["pv.csv"][1:]:
        if row[1] == bureau:
            header = files.tables["pv.csv"][0]
            counts = [_count(row[header.index(name)]) for name in ("votes_trouves", "blancs", "nuls")]
            yield [votes.get(each) for each in files.panel], counts
    for row in files.tables["publie.txt"][1:]:
        if row[6] == bureau:
            header = files.tables["publie.txt"][0]
            choices = {" ".join(row[at + 2 : at + 4]): _count(row[at + 4]) for at in range(21, len(row) - 4, 7)}
            counts = [_count(row[header.index(name)]) for name in ("Votants", "Blancs", "Nuls")]
            yield [choices.get(each) for each in files.panel], counts


def _beyond(papers: list[Paper]) -> int:
    """Votes by choice, blank and null beyond the voters of the same paper, the first that has these."""
    for votes, (voters, *others) in papers:
        if voters is not None and any(each is not None for each in votes):
            return sum(each or 0 for each in (*votes, *others)) - voters
    return 0


def _whole(files: Files, bureau: str, papers: list[Paper]) -> list[int] | None:
    """The votes of the first paper, else of the machine, that has them of every choice."""
    for votes, _ in papers:
        known = [each for each in votes if each is not None]
        if len(known) == len(files.panel):
            return known
    dumps = sorted((files.folder / "exports").glob(f"*-{bureau}-1-1.esf"))
    if not dumps:
        return None
    name = f"exports/{dumps[0].name}"
    return [int(cell) for choice in files.panel for cell in files.cells(name, "votes", choice)]


def _count(cell: str) -> int | None:
    return int(cell) if cell.isdecimal() else None
