"""R227 and T307: percentages in tables of bureaux are held against the counts beside them, in the digits written."""

from pathlib import Path

import pytest

from protocol import night
from protocol.evidence_kinds import EvidenceKind
from regard.language import show
from tests.sources import new_file, put_text
from tests.verify.night_builder import audited, findings
from verify.audit import Audit
from verify.model.findings import Severity

HEAD = "Commune;Bureau;Inscrits;Bulletins trouvés;Blancs;Nuls;Exprimés"
BUREAUX = {"0001": (1012, 702, 10, 0, 692), "0002": (998, 800, 1, 0, 799), "0003": (500, 251, 3, 4, 244)}


def table(header: str, *cells: str) -> str:
    """A table of the bureaux with one more column, right of the counts."""
    lines = [f"{HEAD};{header}"]
    for (bureau, counts), cell in zip(BUREAUX.items(), cells, strict=True):
        lines.append(";".join(("Essai", bureau, *map(str, counts), cell)))
    return "\n".join(lines) + "\n"


def checked(text: str) -> tuple[Audit, Audit]:
    """The same table as PVs and as published results."""
    path = new_file("t.csv", text)
    return audited(records=(path,)), audited(published=(path,))


def told(results: tuple[Audit, Audit]) -> list[tuple[str, str, str]]:
    """Bureau, percentage and what it should be, as it is shown in French; the same from both."""
    found = [findings(one, code) for one, code in zip(results, ("R227", "T307"), strict=True)]
    pv, published = (
        [(one.bureau, show("fr", one.left.value), show("fr", one.right.value)) for one in each] for each in found
    )
    assert pv == published
    return pv


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("% Vot/Ins", ("69,37", "80,16", "50,2")),
        ("Participation", ("69 %", "80 %", "50 %")),
        ("ZOLA;Participation", ("692;69,37 %", "799;80,16 %", "244;50,20 %")),
        ("Taux de participation (%)", ("69.4", "80.2", "50.2")),
        ("% Vot", ("69.4", "80.2", "50.2")),
        ("% Vot", ("98,58", "99,88", "97,21")),
        ("Taux d'abstention", ("30,63%", "19,84%", "49,8%")),
        ("% blancs", ("1,42", "0,13", "1,20")),
        ("% blancs", ("0,99", "0,1", "0,6")),
        ("% Exp/Vot", ("98,58", "99,88", "97,21")),
        ("% Exp/Vot", ("98,58", "99,87", "97,21")),
        ("Participation", ("0,693675889328063", "0.801603206412826", "0,502")),
        ("Participation", ("69,37", "", "50,2")),
        ("Participation à 12 h (%)", ("12", "13", "14")),
        ("% de bonheur", ("12", "13", "14")),
        ("% nuls", ("7", "8", "9")),
    ],
)
def test_percentages_that_are_right_or_not_understood_are_no_finding(header: str, cells: tuple[str, str, str]) -> None:
    assert told(checked(table(header, *cells))) == []


@pytest.mark.parametrize(
    ("header", "cells", "found"),
    [
        ("% Vot/Ins", ("69,37", "81,16", "50,2"), ("0002", "81,16", "80,16")),
        ("% Vot/Ins", ("69,37", "80,16", "n.c."), ("0003", "n.c.", "50,20")),
        ("Participation", ("69 %", "81 %", "50 %"), ("0002", "81 %", "80")),
        ("% blancs", ("0,99", "0,1", "0,9"), ("0003", "0,9", "0,6")),
        ("% Vot", ("98,58", "98,88", "97,21"), ("0002", "98,88", "99,88")),
        ("Participation", ("0,693675889328063", "0,801603", "0,512"), ("0003", "0,512", "0,502")),
    ],
)
def test_r227(header: str, cells: tuple[str, str, str], found: tuple[str, str, str]) -> None:
    results = checked(table(header, *cells))
    assert told(results) == [found]
    [one] = findings(results[0], "R227")
    assert (one.severity, one.insee, str(one.field)) == (Severity.WARNING, "Essai", header)
    assert one.left.source.endswith(f"/t.csv:{1 + int(found[0])}")


def test_a_percentage_that_was_cut_off_is_called_truncated() -> None:
    results = checked(table("% Vot/Ins", "69,36", "80,16", "50,2"))
    assert told(results) == [("0001", "69,36", "69,37")]
    assert {str(findings(one, "R227", "T307")[0].details["sum"]) for one in results} == {"truncated"}


def test_those_of_choices() -> None:
    """Right of the votes, with the choice's name, of the valid votes or of the registered voters."""
    head = f"{HEAD};DURAND Anne;%;PETIT Luc;PETIT Luc % inscrits\n"
    rows = "Essai;0001;1012;702;10;0;692;592;85,55;100;9,88\nEssai;0002;998;800;1;0;799;600;75,09;199;{wrong}\n"
    assert told(checked(head + rows.format(wrong="19,94"))) == []
    results = checked(head + rows.format(wrong="24,91"))
    assert told(results) == [("0002", "24,91", "19,94")]
    results = checked((head + rows).format(wrong="19,94").replace("75,09", "76,09"))
    assert told(results) == [("0002", "76,09", "75,09")]
    assert {str(findings(one, "R227", "T307")[0].field) for one in results} == {"DURAND Anne %"}


def test_the_bureau_is_named_as_the_official_list_has_it(tmp_path: Path) -> None:
    listed = tmp_path / "night" / "univers.csv"
    listed.parent.mkdir()
    columns = [column.name for column in night.UNIVERSE.columns]
    values = {"insee": "77001", "commune": "Essai", "comptage": "papier"}
    rows = [values | {"bureau": bureau, "inscrits": str(counts[0])} for bureau, counts in BUREAUX.items()]
    lines = [columns, *([row.get(column, "") for column in columns] for row in rows)]
    put_text(listed, "\n".join(map(",".join, lines)))
    path = put_text(tmp_path / "t.csv", table("Participation", "69", "81", "50").replace(";0002;", ";2;"))
    result = audited(listed.parent, records=(path,))
    assert [(one.insee, one.bureau) for one in findings(result, "R227")] == [("77001", "0002")]


@pytest.mark.parametrize(
    ("cells", "wrong"),
    [
        (("0,702", "0,65", "0,75"), ()),
        (("0,702", "0,65", "0,57"), ("3",)),
        (("0,02", "0,02", "0,03"), ("3",)),  # of those who gave a proxy
        (("0,12", "0,13", "0,14"), ()),  # of nobody knows whom
    ],
)
def test_a_share_of_the_registered_is_that_of_the_voters_that_it_fits(
    tmp_path: Path, cells: tuple[str, ...], wrong: tuple[str, ...]
) -> None:
    path = tmp_path / "emargements.csv"
    rows = [f"77001;{at};1000;{(702, 650, 750)[at - 1]};20;{cell}" for at, cell in enumerate(cells, start=1)]
    header = "Code INSEE;Bureau;Inscrits;Émargements;dont procurations;% inscrits"
    put_text(path, "\n".join((header, *rows, "")))
    found = findings(audited(signatures=(path,)), "R227")
    assert tuple(each.bureau for each in found) == wrong
    assert {side.piece for each in found for side in (each.left, each.right)} <= {EvidenceKind.SIGNATURES}
