"""What rests on a guess is a question: half of an explanation, an impossible reading, other papers."""

from pathlib import Path

import pytest

from tests.verify.night_builder import loaded
from verify import audit
from verify.model.cases import Case, Sure

PLACE = "77001,{bureau:04},1,"
PV = "insee,bureau,scrutin,inscrits,emargements,votes_trouves,blancs,nuls,exprimes"
LIST = "insee,bureau,scrutin,inscrits,emargements"
VOTES = "insee,bureau,scrutin,choix,voix"


def audited(folder: Path, pv: list[str], signed: list[str], votes: dict[int, dict[str, int]]) -> list[Case]:
    """The cases of some bureaux, numbered from one on, each row from its registered voters on."""
    for name, header, rows in (("pv.csv", PV, pv), ("emargements.csv", LIST, signed)):
        lines = [PLACE.format(bureau=at) + row for at, row in enumerate(rows, 1)]
        (folder / name).write_text("\n".join([header, *lines]) + "\n")
    lines = [PLACE.format(bureau=at) + f"{name},{n}" for at, own in votes.items() for name, n in own.items()]
    (folder / "voix.csv").write_text("\n".join([VOTES, *lines]) + "\n")
    return list(audit.run(loaded(folder)).cases)


def test_half_of_an_explanation_is_not_likely_without_the_other_half(tmp_path: Path) -> None:
    """With 408 valid votes the PV adds up only if some candidate has 70 fewer: the votes make 478, as it says."""
    votes = {1: {"LE PEN": 102, "MACRON": 135, "FILLON": 241}}
    cases = audited(tmp_path, ["700,420,420,8,4,478"], ["700,420"], votes)
    assert cases
    assert all(case.sure is Sure.OPEN for case in cases)


def test_votes_of_a_bureau_that_are_all_zero_are_one_case(tmp_path: Path) -> None:
    votes = {1: {"LE PEN": 0, "MACRON": 0, "FILLON": 0, "HAMON": 0}}
    (tmp_path / "publie.csv").write_text(
        "departement,commune,bureau,inscrits,votants,blancs,nuls,exprimes,LE PEN,MACRON,FILLON,HAMON\n"
        "77,001,0001,700,420,8,4,408,102,135,141,30\n"
    )
    [case] = audited(tmp_path, ["700,420,420,8,4,408"], ["700,420"], votes)
    assert case.cause.name == "zero-for-missing"
    assert sorted(each.becomes or 0 for each in case.detail.corrections) == [30, 102, 135, 141]


@pytest.mark.parametrize(("elsewhere", "sure"), [(171, Sure.OPEN), (21, Sure.LIKELY)])
def test_a_share_as_no_other_bureau_has_is_a_question(tmp_path: Path, elsewhere: int, sure: Sure) -> None:
    """A PV with 17 votes of one choice, which the publication has as 176: by the other bureaux either may be right."""
    votes = {at: {"LE PEN": 408 - elsewhere, "MACRON": elsewhere} for at in range(1, 5)}
    votes[1] = {"LE PEN": 391, "MACRON": 17}
    rows = "".join(
        f"77,001,{at:04},700,420,8,4,408,{each['LE PEN']},{176 if at == 1 else each['MACRON']}\n"
        for at, each in votes.items()
    )
    header = "departement,commune,bureau,inscrits,votants,blancs,nuls,exprimes,LE PEN,MACRON\n"
    (tmp_path / "publie.csv").write_text(header + rows)
    [case] = audited(tmp_path, ["700,420,420,8,4,408"] * 4, ["700,420"] * 4, votes)
    assert (case.cause.name, case.sure) == ("digit-doubled", sure)


@pytest.mark.parametrize("blank", ["8", "0"])
def test_a_bureau_published_without_valid_votes_may_be_annulled(tmp_path: Path, blank: str) -> None:
    """Twelve likely cases said that each figure should read as in the PV, one for each choice."""
    (tmp_path / "publie.csv").write_text(
        "departement,commune,bureau,inscrits,votants,blancs,nuls,exprimes,LE PEN,MACRON,FILLON,HAMON\n"
        f"77,001,0001,700,420,{blank},4,0,0,0,0,0\n"
    )
    votes = {1: {"LE PEN": 102, "MACRON": 135, "FILLON": 141, "HAMON": 30}}
    [case] = audited(tmp_path, ["700,420,420,8,4,408"], ["700,420"], votes)
    assert (case.cause.name, case.sure) == ("no-valid-votes", Sure.OPEN)


@pytest.mark.parametrize(("elsewhere", "sure"), [((2, 3, 1), Sure.OPEN), ((120, 131, 118), Sure.LIKELY)])
def test_a_zero_that_a_sum_would_fill_needs_figures_of_its_size_beside_it(
    tmp_path: Path, elsewhere: tuple[int, ...], sure: Sure
) -> None:
    votes = {at: {"LE PEN": 300, "MACRON": 300 - few, "ARTHAUD": few} for at, few in enumerate((*elsewhere, 0), 1)}
    votes[4]["MACRON"] = 174
    [case] = audited(tmp_path, ["900,605,605,5,0,600"] * 4, ["900,605"] * 4, votes)
    assert (case.cause.name, case.sure) == ("zero-for-missing", sure)


def test_more_signatures_than_registered_voters_is_no_reading(tmp_path: Path) -> None:
    """The list is alone against the PV, but its own figure cannot be."""
    votes = {1: {"LE PEN": 200, "MACRON": 288}}
    [case] = audited(tmp_path, ["703,500,500,8,4,488"], ["703,900"], votes)
    assert (case.sure, [(each.was, each.becomes) for each in case.detail.corrections]) == (Sure.LIKELY, [(900, 500)])


def test_counts_off_by_a_hundred_in_every_pv_are_the_pvs(tmp_path: Path) -> None:
    """Lists, the PVs' own signatures and the votes by choice all contradict votes found and valid ones."""
    sizes = [512, 634, 587, 701, 655, 498, 543, 620, 577, 690, 608, 531]
    pv = [f"{900 + at},{n},{n + 100},8,4,{n + 88}" for at, n in enumerate(sizes)]
    signed = [f"{900 + at},{n}" for at, n in enumerate(sizes)]
    votes = {at: {"LE PEN": 200, "MACRON": n - 212} for at, n in enumerate(sizes, 1)}
    [case] = audited(tmp_path, pv, signed, votes)
    assert (case.cause.name, case.piece, len(case.places)) == ("constant-added", "pv", len(sizes))
    assert {(each.was or 0) - (each.becomes or 0) for each in case.detail.corrections} == {100}
    assert {str(each.field) for each in case.detail.corrections} == {"votes_found", "valid"}
