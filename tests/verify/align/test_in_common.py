"""Files of one commune that have no bureau in common: that nothing of them is compared is said."""

from pathlib import Path

import pytest

from tests.verify.night_builder import loaded

RESULTS = "Code INSEE;Bureau;Inscrits;Votants;Exprimés;ZOLA\n31555;Z{0};400;300;288;288\n31555;Z{1};90;80;78;78\n"
PVS = "Code INSEE;Bureau;Inscrits;Émargements;Votes trouvés\n{insee};{0};400;300;300\n{insee};{1};90;80;80\n"


@pytest.mark.parametrize(
    ("codes", "insee", "said"),
    [
        (("12", "13"), "31555", ["bureaux as in pv.csv: “12”, “13”"]),
        (("12", "13"), "", ["bureaux as in pv.csv: “12”, “13”"]),
        (("Z12", "13"), "31555", []),
        (("12", "13"), "31069", []),
    ],
)
def test_bureaux_that_nothing_puts_together(
    tmp_path: Path, codes: tuple[str, str], insee: str, said: list[str]
) -> None:
    (tmp_path / "pv.csv").write_text(PVS.format(*codes, insee=insee))
    (tmp_path / "publie.csv").write_text(RESULTS.format("12", "13"))
    evidence = loaded(tmp_path)
    assert [str(problem.expected) for problem in evidence.problems] == said


def test_bureaux_of_a_list_are_said_one_by_one(tmp_path: Path) -> None:
    head = "insee;commune;departement;circonscription;bureau;inscrits;comptage;ouverture;cloture"
    rows = [f"31555;Essai;Haute-Garonne;1;{bureau};400;machine;08:00;18:00" for bureau in ("12", "13")]
    (tmp_path / "bureaux.csv").write_text("\n".join((head, *rows)))
    (tmp_path / "pv.csv").write_text(PVS.format("12", "13", insee="31555"))
    (tmp_path / "publie.csv").write_text(RESULTS.format("12", "13"))
    evidence = loaded(tmp_path)
    assert [stray.bureau for stray in evidence.strays] == ["Z12", "Z13"]
    assert not [problem for problem in evidence.problems if problem.column == "bureau"]


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (("27", "28"), ("1", "2"), []),
        (("Z27", "Z28"), ("1", "2"), ["bureaux as in circo2.csv: “Z27”, “Z28”"]),
    ],
)
def test_results_in_a_file_for_each_constituency(
    tmp_path: Path, first: tuple[str, str], second: tuple[str, str], said: list[str]
) -> None:
    results = RESULTS.replace("Z{0}", "{0}").replace("Z{1}", "{1}")
    (tmp_path / "circo2.csv").write_text(results.format(*first))
    (tmp_path / "circo3.csv").write_text(results.format(*second))
    files = (tmp_path / "circo2.csv", tmp_path / "circo3.csv")
    evidence = loaded(published=files)
    assert [str(problem.expected).replace(f"{tmp_path}/", "") for problem in evidence.problems] == said
    assert len(evidence.universe.bureau) == 4


def test_pvs_of_one_constituency_beside_results_of_two(tmp_path: Path) -> None:
    results = RESULTS.replace("Z{0}", "{0}").replace("Z{1}", "{1}")
    (tmp_path / "circo2.csv").write_text(results.format("27", "28"))
    (tmp_path / "circo3.csv").write_text(results.format("1", "2"))
    (tmp_path / "pv.csv").write_text(PVS.format("1", "2", insee="31555"))
    files = (tmp_path / "circo2.csv", tmp_path / "circo3.csv")
    assert loaded(published=files, records=(tmp_path / "pv.csv",)).problems == []
    (tmp_path / "pv.csv").write_text(PVS.format("51", "52", insee="31555"))
    problems = loaded(published=files, records=(tmp_path / "pv.csv",)).problems
    assert [problem.column for problem in problems] == ["bureau", "bureau"]


def test_pvs_without_a_commune_beside_results_of_two(tmp_path: Path) -> None:
    """They may be of either commune, and are compared with none."""
    results = RESULTS.replace("Z{0}", "{0}").replace("Z{1}", "{1}").format("12", "13")
    (tmp_path / "publie.csv").write_text(results + "31069;14;400;300;288;288\n")
    (tmp_path / "pv.csv").write_text(PVS.replace("Code INSEE;", "").replace("{insee};", "").format("22", "23"))
    said = [str(problem.expected) for problem in loaded(tmp_path).problems]
    assert said == ["a column « Code INSEE » or « Commune »", "bureaux as in pv.csv: “22”, “23”"]


def test_a_sign_in_list_of_other_bureaux_is_said_to_be_beside_the_pvs(tmp_path: Path) -> None:
    (tmp_path / "pv.csv").write_text(PVS.format("12", "13", insee="31555"))
    (tmp_path / "emargements.csv").write_text("Code INSEE;Bureau;Émargements\n31555;22;300\n31555;23;80\n")
    [problem] = loaded(tmp_path).problems
    assert (problem.file, str(problem.expected)) == ("emargements.csv", "bureaux as in pv.csv: “12”, “13”")
