"""Files of one commune that have no bureau in common: that nothing of them is compared is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from verify.loading import load
from verify.model.evidence import Sources

RESULTS = "Code INSEE;Bureau;Inscrits;Votants;Exprimés;ZOLA\n31555;Z{0};400;300;288;288\n31555;Z{1};90;80;78;78\n"
PVS = "Code INSEE;Bureau;Inscrits;Émargements;Votes trouvés\n{insee};{0};400;300;300\n{insee};{1};90;80;80\n"


@pytest.mark.parametrize(
    ("codes", "insee", "said"),
    [
        (("12", "13"), "31555", ["bureaux as in pv.csv: “12”, “13”"]),
        (("Z12", "13"), "31555", []),
        (("12", "13"), "31069", []),
    ],
)
def test_bureaux_that_nothing_puts_together(
    tmp_path: Path, codes: tuple[str, str], insee: str, said: list[str]
) -> None:
    (tmp_path / "pv.csv").write_text(PVS.format(*codes, insee=insee))
    (tmp_path / "publie.csv").write_text(RESULTS.format("12", "13"))
    evidence = load(Sources(folder=tmp_path))
    assert [str(problem.expected) for problem in evidence.problems] == said


def test_bureaux_of_a_list_are_said_one_by_one(tmp_path: Path) -> None:
    head = "insee;commune;departement;circonscription;bureau;inscrits;comptage;ouverture;cloture"
    rows = [f"31555;Essai;Haute-Garonne;1;{bureau};400;machine;08:00;18:00" for bureau in ("12", "13")]
    (tmp_path / "bureaux.csv").write_text("\n".join((head, *rows)))
    (tmp_path / "pv.csv").write_text(PVS.format("12", "13", insee="31555"))
    (tmp_path / "publie.csv").write_text(RESULTS.format("12", "13"))
    evidence = load(Sources(folder=tmp_path))
    assert [stray.bureau for stray in evidence.strays] == ["Z12", "Z13"]
    assert not [problem for problem in evidence.problems if problem.column == "bureau"]
