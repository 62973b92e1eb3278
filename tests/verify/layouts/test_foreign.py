"""Published results of 14 countries, read by their entries: totals and broken sums as counted without regard."""

import csv
import tomllib
from collections import Counter
from functools import cache

import pytest

from protocol.opening import open_evidence
from tests.real_files import REAL_DATA, needed
from verify.model.published import Published
from verify.read import results_files
from verify.read.layouts.built_in import FOLDER, built_in, find_layout
from verify.read.published.checks import flaws
from verify.read.published.sums import totals

FOREIGN = REAL_DATA / "foreign"
READ_BY = {
    "at_wien_2015_hochrechnung3.csv": "at-wien",
    "au_house_2016_act_polling_places.csv": "au-aec-polling-places",
    "br_president_2022_t1_macapa_zone2_cut.csv": "br-secao",
    "ca_federal_2011_cut.csv": "ca-poll-by-poll",
    "cz_ep2019_okres_cz0201.xml": "cz-volby-ep",
    "de_btw2021_vaterstetten_okvote.csv": "de-okvote-two-votes",
    "de_ew2024_ebersberg_levels.csv": "de-okvote-levels",
    "es_europees_2024_terrassa.csv": "es-terrassa",
    "fr_toulouse_2026_t1_matrix.csv": "fr-toulouse-matrix",
    "ge_2014_mayor.csv": "ge-precincts",
    "il_knesset24_2021_cut.csv": "il-knesset",
    "ne_president_2020_cut.csv": "ne-communes",
    "nl_eml510b_gr2022_west_maas_en_waal.eml.xml.gz": "nl-eml-510b",
    "nl_osv4-3_gr2022_west_maas_en_waal.csv": "nl-osv4-3",
    "pl_president_2025_t1_gminy_cut.csv": "pl-pkw-candidates",
    "rs_rik_2020_parliament_cut.csv": "rs-rik",
    "se_riksdag_2022_cut.csv": "se-valdistrikt",
    "us_ky_2014_greenup_clarity.xml": "us-clarity-detail",
    "us_ms_2019_adams_primary_openelections.csv": "us-openelections-primary",
    "us_pa_2020_cumberland_openelections.csv": "us-openelections",
}
BROKEN = {
    "es_europees_2024_terrassa.csv": {"T307": 115},
    "ge_2014_mayor.csv": {"T306": 389 + 39, "C120": 15},
    "ne_president_2020_cut.csv": {"T306": 6},
    "nl_eml510b_gr2022_west_maas_en_waal.eml.xml.gz": {"T306": 2},
    "nl_osv4-3_gr2022_west_maas_en_waal.csv": {"T306": 2},
    "pl_president_2025_t1_gminy_cut.csv": {"T306": 79 + 33},
    "rs_rik_2020_parliament_cut.csv": {"T306": 195},
    "us_ky_2014_greenup_clarity.xml": {"C125": 1},
    "us_pa_2020_cumberland_openelections.csv": {"T306": 62},
}
"""By file, what does not add up: the numbers of `expected_identities.csv`, those of a roll of 0 left out.

In Terrassa « % Altres » is of the votes for parties, the other percentages of these and the blank votes.
"""
_NAMES = {"signatures": "voters", "null": "invalid"}
_UNCOUNTED = {"undervotes": "(Undervotes)", "overvotes": "(Overvotes)"}
LINES, OWN_KEYS = 40, 5


@cache
def found_in(file: str) -> list[Published]:
    return results_files.parse_all(open_evidence(needed(FOREIGN) / file), find_layout(READ_BY[file]))


def figures(table: Published, contest: str) -> dict[tuple[str, str, str], tuple[int, int]]:
    """By contest, quantity and choice, the total and how many stations have a figure."""
    counts, choices = totals(table)
    tell_apart = any(total.name == "signatures" for total in counts)
    found = {(contest, "stations", ""): (len(table.row), len(table.row))}
    for total in counts:
        names = {**_NAMES, "votes_found": "found" if tell_apart else "voters"}
        quantity, choice = names.get(total.name, str(total.name)), ""
        if total.name in _UNCOUNTED:
            quantity, choice = "votes", _UNCOUNTED[total.name]
        found[contest, quantity, choice] = (total.sum, total.known)
    return found | {(contest, "votes", total.name): (total.sum, total.known) for total in choices}


@pytest.mark.parametrize("file", READ_BY)
def test_totals_are_those_counted_without_regard(file: str) -> None:
    with (needed(FOREIGN) / "expected_totals.csv").open(encoding="utf-8") as lines:
        expected = {
            (row["contest"], row["quantity"], row["choice"]): (int(row["value"]), int(row["stations_with_a_figure"]))
            for row in csv.DictReader(lines)
            if row["file"] == file
        }
    contests = {contest for contest, *_ in expected}
    found: dict[tuple[str, str, str], tuple[int, int]] = {}
    for table in found_in(file):
        contest = next(iter(contests)) if len(contests) == 1 else table.title or "(turnout)"
        found |= figures(table, contest)
    assert {key: found.get(key) for key in expected} == expected
    assert {contest for contest, *_ in found} == contests


@pytest.mark.parametrize("file", READ_BY)
def test_what_does_not_add_up_is_named_and_nothing_else(file: str) -> None:
    found = found_in(file)
    broken = Counter(flaw.code for table in found for flaw in flaws(table) if table.country != "fr")
    assert broken == BROKEN.get(file, {})
    assert not [problem for table in found for problem in table.problems]
    assert not found[0].unused, "every column of figures is named in the entry"


def test_a_file_is_recognised_by_its_content() -> None:
    for file in [file for file in READ_BY if READ_BY[file] != "us-openelections-primary"]:
        found = results_files.parse_all(open_evidence(needed(FOREIGN) / file))
        assert {table.layout for table in found} == {READ_BY[file]}


def test_entries_are_short_and_share_their_language() -> None:
    """A key that one entry alone uses would be code in disguise."""
    used: Counter[str] = Counter()

    for path in FOLDER.glob("*.toml"):
        text = path.read_text("utf-8")
        assert len([line for line in text.splitlines() if line.strip()]) <= LINES, path.name
        entry = tomllib.loads(text)
        keys = {key for table in (entry, *entry.get("contests", ())) for key in table}
        used.update([*keys, *(f"choices.{key}" for key in entry.get("choices", ()))])
    assert len([key for key, times in used.items() if times == 1]) <= OWN_KEYS, used
    assert len({layout.name for layout in built_in()}) == len(built_in())
