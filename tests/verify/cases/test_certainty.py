"""Certain statements are right, also if several things happened in one place or a figure has other ways."""

import csv
import dataclasses
import shutil
from pathlib import Path

import pytest

from regard.commands.planning.simulate import simulate
from tests.corrections import violations
from tests.sources import new_folder, put_text
from tests.verify.cases.faulty_files import exchange_headers, is_case, paris, read_table, said, write_table
from tests.verify.night_builder import Night, bureaux_of, grave_cases, loaded, small_night
from verify import audit
from verify.audit import Audit
from verify.explanations.certainty import look_alikes
from verify.loading import load
from verify.model.cases import Sure
from verify.model.evidence import Sources

COMMUNE = "95637"


@pytest.fixture(scope="module")
def clean() -> Path:
    """A whole night of a town in which nothing contradicts anything."""
    night = new_folder()
    simulate(night, communes=COMMUNE, faults="none", workers=1)
    (night / "manifest.json").unlink()
    return night


@pytest.fixture
def folder(clean: Path, tmp_path: Path) -> Path:
    """The same for each test to change."""
    return Path(shutil.copytree(clean, tmp_path / "night"))


def audited(folder: Path) -> Audit:
    return audit.run(loaded(folder))


def published_rows(folder: Path) -> list[list[str]]:
    with (folder / "publie.txt").open(encoding="latin-1", newline="") as stream:
        return list(csv.reader(stream, delimiter=";"))


def publish(folder: Path, rows: list[list[str]], name: str = "publie.txt") -> None:
    with (folder / name).open("w", encoding="latin-1", newline="") as stream:
        csv.writer(stream, delimiter=";", lineterminator="\r\n").writerows(rows)


MACRON = "Voix 3"


def add(header: list[str], row: list[str], by: int, *names: str) -> None:
    """Add to some counts of a published row."""
    for name in names:
        at = header.index("Voix") + 7 * 2 if name == MACRON else header.index(name)
        row[at] = str(int(row[at]) + by)


def test_published_rows_exchanged_are_that_beside_a_pv_that_has_the_figures_of_one_of_them(folder: Path) -> None:
    """The PV of 0007 is that of 0004 once more, so that two bureaux have the figures of the row of 0003."""
    rows = published_rows(folder)
    rows[3][7:], rows[4][7:] = rows[4][7:], rows[3][7:]
    publish(folder, rows)
    for name, key in (("pv.csv", 3), ("voix.csv", 4)):
        table = read_table(folder / name)
        of_4 = {tuple(row[3:key]): row[key:] for row in table if row[1] == "0004"}
        write_table(folder / name, [row[:key] + of_4[tuple(row[3:key])] if row[1] == "0007" else row for row in table])
    exchanged = [case for case in audited(folder).cases if case.piece == "publie" and "0004" in bureaux_of(case)]
    assert [(case.cause.name, bureaux_of(case)) for case in exchanged] == [("bureaux-exchanged", ["0003", "0004"])]


def exchange_pvs(folder: Path, papers: Path) -> None:
    """Write the PVs with the counts of two bureaux in each other's place, and the lists."""
    papers.mkdir()
    table = read_table(folder / "pv.csv")
    one, other = (next(row for row in table if row[1] == code) for code in ("0003", "0004"))
    one[4:9], other[4:9] = other[4:9], one[4:9]
    write_table(papers / "pv.csv", table)
    shutil.copy(folder / "emargements.csv", papers / "emargements.csv")


def test_pvs_exchanged_are_that_beside_results_made_from_them(folder: Path, tmp_path: Path) -> None:
    """The counts of two PVs, and the published ones with them: the votes by choice fit the lists."""
    papers = tmp_path / "papers"
    exchange_pvs(folder, papers)
    shutil.copy(folder / "voix.csv", papers / "voix.csv")
    rows = published_rows(folder)
    of = rows[0].index("Code du b.vote")
    there, elsewhere = (next(row for row in rows if row[of].zfill(4) == code) for code in ("0003", "0004"))
    for at in (rows[0].index(name) for name in ("Abstentions", "Votants", "Blancs", "Nuls", "Exprimés")):
        there[at], elsewhere[at] = elsewhere[at], there[at]
    publish(papers, rows)
    cases = [case for case in audited(papers).cases if not {"0003", "0004"}.isdisjoint(bureaux_of(case))]
    assert [(case.cause.name, case.piece, case.sure) for case in cases] == [("bureaux-exchanged", "pv", Sure.LIKELY)]


def test_pvs_exchanged_or_lists_exchanged_is_open(folder: Path, tmp_path: Path) -> None:
    exchange_pvs(folder, tmp_path / "papers")
    [case] = [case for case in audited(tmp_path / "papers").cases if {"0003", "0004"} <= {*bureaux_of(case)}]
    pieces = [{each.piece for each in reading.corrections if not each.copied} for reading in case.detail.readings]
    assert (case.cause.name, case.sure) == ("bureaux-exchanged", Sure.OPEN)
    assert sorted(map(sorted, pieces)) == [["emargements"], ["pv"]]


@pytest.mark.parametrize("step", [1, -1])
def test_two_runs_of_signatures_that_slipped_side_by_side_are_both_put_right(folder: Path, step: int) -> None:
    """Without the signatures in the PVs only the votes found tell whose they are."""
    records = read_table(folder / "pv.csv")
    write_table(folder / "pv.csv", [row[:4] + row[5:] for row in records])
    table = read_table(folder / "emargements.csv")
    right = {row[1]: int(row[4]) for row in table[1:]}
    for start in (2, 6):
        counts = [row[4] for row in table[start : start + 4]]
        for at in range(4):
            table[start + at][4] = counts[(at + step) % 4]
    write_table(folder / "emargements.csv", table)
    cases = [case for case in audited(folder).cases if case.piece == "emargements"]
    assert {case.cause.name for case in cases} == {"column-slipped"}
    corrected = {each.place.bureau: each.becomes for case in cases for each in case.detail.corrections}
    assert corrected == {row[1]: right[row[1]] for row in table[2:10]}


@pytest.mark.parametrize("signed", [719, 713, 682])
def test_a_list_alone_against_all_that_agrees_is_a_question_with_both_readings(folder: Path, signed: int) -> None:
    """Whoever makes the papers agree leaves the list, so that nothing tells; 719 are the signatures of 0005 as well.

    682 for 679 are two digits, and a gap of three votes is cheaper than those: the question is the same.
    """
    table = read_table(folder / "emargements.csv")
    [row] = [row for row in table if row[1] == "0002"]
    right, row[4] = int(row[4]), str(signed)
    write_table(folder / "emargements.csv", table)
    result = audited(folder)
    [case] = result.cases
    assert (bureaux_of(case), case.sure, case.detail.corrections) == (["0002"], Sure.OPEN, ())
    readings = [[(each.piece, each.was, each.becomes) for each in some.corrections] for some in case.detail.readings]
    of_list, of_chain = [("emargements", signed, right)], [("pv", right, signed), ("recap", right, signed)]
    assert sorted(readings) == [of_list, of_chain]
    assert {each.gap for each in case.detail.readings} == {0, right - signed}
    text = said(case, result)
    assert text.startswith(
        f"the PV has {right} signatures and {right} votes found, the sign-in list {signed}: count again. Either "
    )
    assert f"{signed} on the sign-in list should read {right}" in text
    chain = f"{right} in the PV and in the centralising record should read {signed} and there are"
    assert f"{chain} {signed - right} votes fewer than signatures" in text


def test_a_slip_of_the_list_alone_says_what_chance_allows(folder: Path) -> None:
    """Of the counts up to the roll, those that exchanged digits, a digit more or one less make of the others'."""
    table = read_table(folder / "emargements.csv")
    [row] = [row for row in table if row[1] == "0002"]
    right = row[4]
    row[4] = right[1] + right[0] + right[2:]
    write_table(folder / "emargements.csv", table)
    result = audited(folder)
    [case] = result.cases
    assert case.sure is Sure.LIKELY
    head, *rows = read_table(folder / "pv.csv")
    [roll] = [int(row[head.index("inscrits")]) for row in rows if row[1] == "0002"]
    alike = look_alikes(int(right), roll)
    text = f"{alike} of the {roll:,} other counts up to the roll also look like {right} miswritten."
    assert text in said(case, result)


@pytest.mark.parametrize(("count", "roll", "alike"), [(679, 900, 5), (11, 30, 1), (679, 6799, 37), (679, 10**15, 42)])
def test_counts_that_look_like_a_slip(count: int, roll: int, alike: int) -> None:
    assert look_alikes(count, roll) == alike


@pytest.mark.parametrize(
    ("partner", "sure"), [("its own", Sure.CERTAIN), ("a wrong digit", Sure.LIKELY), ("none", Sure.LIKELY)]
)
def test_a_row_of_another_bureau_is_not_certain_where_that_one_may_have_this_ones(
    folder: Path, partner: str, sure: Sure
) -> None:
    """The published row of 0003 is that of 0004: copied, or else exchanged with it before more happened to that one."""
    rows = published_rows(folder)
    own, other = rows[3][7:], rows[4][7:]
    rows[3][7:] = other
    if partner == "a wrong digit":
        rows[4][7:] = own
        add(rows[0], rows[4], 100, MACRON)
    elif partner == "none":
        del rows[4]
    publish(folder, rows)
    several = partner == "a wrong digit"
    expected = ["0003", "0004"] if several else ["0003"]
    [case] = [case for case in audited(folder).cases if bureaux_of(case) == expected]
    cause = "bureaux-exchanged" if several else "row-of-another"
    is_case(case, cause, "publie", sure)


VILLENOY = "77513"


@pytest.mark.parametrize(
    ("later", "cause"),
    [("has the row", "older-edition"), ("lacks the row", "amended"), ("is of another commune", "amended")],
)
def test_a_row_that_was_changed_and_adds_up_is_not_certain_to_be_wrong(tmp_path: Path, later: str, cause: str) -> None:
    """A vote less for one choice, in sums that work out: an older edition has that as well as a changed result."""
    simulate(tmp_path, communes=[COMMUNE, VILLENOY], faults="none")
    (tmp_path / "manifest.json").unlink()
    header, *rows = published_rows(tmp_path)
    here = [row for row in rows if row[4] == COMMUNE[2:]]
    elsewhere = [row for row in rows if row not in here]
    changed = list(here[2])
    add(header, changed, -1, "Votants", "Exprimés", MACRON)
    add(header, changed, 1, "Abstentions")
    for at, name in enumerate([*header, *header[-7:] * 20][: len(changed)]):
        if name.startswith("%"):
            changed[at] = ""
    first = [changed if row is here[2] else row for row in (here if later == "is of another commune" else rows)]
    second = {"has the row": rows, "lacks the row": [row for row in rows if row is not here[2]]}
    publish(tmp_path, [header, *first], "publie.premier.txt")
    publish(tmp_path, [header, *second.get(later, elsewhere)])
    [case] = [case for case in audited(tmp_path).cases if case.detail.corrections]
    assert (case.cause.name, bureaux_of(case), case.sure) == (cause, ["0003"], Sure.LIKELY)


def test_a_figure_that_nobody_has_is_not_likely_where_another_piece_has_a_third_one(tmp_path: Path) -> None:
    """9 blank votes that would have to be 19 for the sum, and 18 published: what they were nothing tells."""
    head = "Code INSEE;Bureau;Inscrits;{}Votants;Blancs;{}Exprimés;DURAND;PETIT\n"
    other = "77001;2;1200;{}900;12;{}885;500;385\n"
    pv = head.format("Émargements;", "Nuls;") + "77001;1;1303;1066;1068;9;2;1047;600;447\n" + other.format("900;", "3;")
    put_text(tmp_path / "pv.csv", pv)
    results = tmp_path / "publie.csv"
    sources = Sources(records=(tmp_path / "pv.csv",), published=(results,))
    for blank, corrections in ((18, []), (19, [("blank", 9, 19)])):
        text = head.format("", "") + f"77001;1;1303;1068;{blank};1047;600;447\n" + other.format("", "")
        put_text(results, text)
        [case] = [case for case in audit.run(load(sources)).cases if "gap" not in case.cause.name]
        assert (case.sure is Sure.OPEN) == (not corrections)
        assert [(each.field, each.was, each.becomes) for each in case.detail.corrections] == corrections


def test_a_gap_of_a_published_file_is_not_of_a_case_that_corrects_the_pv(real_data: Path, tmp_path: Path) -> None:
    """In the city's file signatures and valid votes have each other's header; in one PV two digits are exchanged."""
    tables = paris(real_data)
    exchange_headers(tables["resultats.csv"], "NB_EMARG", "NB_EXPRIM")
    [row] = [row for row in tables["pv.csv"] if row[1] == "1577"]
    assert row[5] == "1142"
    row[5] = "1412"
    for name, table in tables.items():
        write_table(tmp_path / name, table)
    evidence = loaded(tmp_path)
    result = audit.run(evidence)
    [case] = [case for case in result.cases if case.piece == "pv" and case.detail.corrections]
    assert (case.cause.name, bureaux_of(case)) == ("digits-exchanged", ["1577"])
    assert [str(each) for each in violations(evidence, result)] == []


@pytest.fixture
def published_alone() -> Night:
    """A night of sign-in lists and published results: an observer has no PVs."""
    built = small_night()
    built.exports.clear()
    for name in ("pv.csv", "voix.csv"):
        del built.tables[name]
    built.election = dataclasses.replace(built.election, complete=frozenset())
    return built


def test_rows_of_lists_that_are_exchanged_are_told_by_a_publication(published_alone: Night) -> None:
    one, other = (published_alone.row("emargements.csv", bureau) for bureau in ("0001", "0002"))
    one["emargements"], other["emargements"] = other["emargements"], one["emargements"]
    result = published_alone.run()
    [case] = grave_cases(result)
    assert (case.cause.name, case.sure) == ("bureaux-exchanged", Sure.OPEN)
    assert "votes found, 626 and 546 in the published result, 546 and 626 on the sign-in list" in said(case, result)


def test_a_published_slip_that_the_list_and_the_sum_tell_leaves_no_gap(published_alone: Night) -> None:
    published_alone.publish("0002").counts["Votants"] = 564
    [case] = grave_cases(published_alone.run())
    assert (case.cause.name, case.sure) == ("digits-exchanged", Sure.LIKELY)


def of_five_bureaux(**wrong: dict[str, int]) -> Audit:
    """Five bureaux; of the third one some figures are wrong in the list, the PV and the result."""
    headers = {
        "emargements": "insee,bureau,inscrits,emargements",
        "pv": "insee,bureau,inscrits,emargements,votes_trouves,blancs,nuls,exprimes",
        "publie": "insee,bureau,inscrits,votants,blancs,nuls,exprimes,DUPONT,MARTIN",
    }
    files = {}
    for piece, header in headers.items():
        lines = [header]
        for at in range(1, 6):
            cast = 600 + 17 * at
            row = {"insee": 77001, "bureau": f"{at:04}", "inscrits": 820 + 13 * at, "emargements": cast}
            row |= {"votes_trouves": cast, "votants": cast, "blancs": 10 + at, "nuls": 2 + at, "DUPONT": 300 + at}
            row |= {"exprimes": cast - 12 - 2 * at, "MARTIN": cast - 312 - 3 * at}
            row |= wrong.get(piece, {}) if at == 3 else {}
            lines.append(",".join(str(row[name]) for name in header.split(",")))
        files[f"{piece}.csv"] = "\n".join(lines) + "\n"
    return audit.run(loaded(new_folder(files)))


def test_a_roll_such_as_no_other_bureau_has_is_a_question() -> None:
    wrong = {"inscrits": 8859}  # for 859, on the list and on the PV that has it from there
    assert not of_five_bureaux().cases
    assert {case.sure for case in of_five_bureaux(emargements=wrong, pv=wrong).cases} == {Sure.OPEN}


def test_a_row_that_would_not_add_up_as_put_back_is_a_question() -> None:
    """The PV has the row of bureau 0004, and the result other null votes."""
    of_4 = {"emargements": 668, "votes_trouves": 668, "blancs": 14, "nuls": 6, "exprimes": 648}
    assert {case.sure for case in of_five_bureaux(pv=of_4).cases} == {Sure.LIKELY}
    found = of_five_bureaux(pv=of_4, publie={"nuls": 15}).cases
    assert {case.sure for case in found if case.piece == "pv"} == {Sure.OPEN}
