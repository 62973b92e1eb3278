"""PVs and sign-in counts of another election in the folder of a night: left out, named, and compared with nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from verify import audit
from verify.loading import load
from verify.model.evidence import Sources
from verify.model.use import Input, Used

HEAD = "Bureau;Inscrits;Émargements;Votes trouvés;Blancs;Nuls;Exprimés\n"
ROWS = "0001;900;700;700;10;0;690\n0002;900;600;600;10;0;590\n0003;900;650;650;10;0;640\n"
OTHERS = "0001;905;500;500;10;0;490\n0002;900;400;401;10;0;391\n"
DAY = 'id = "x"\ndate = 2022-04-10\ntour = 1\n[[scrutins]]\nnumero = 1\nnom = "P"\ntype = "presidentielle"\n'
PRESIDENT, DEPUTIES = "Élection présidentielle 2022\n", "Élections législatives 2022\n"


def checked(folder: Path, files: dict[str, str]) -> tuple[dict[str, Input], set[str]]:
    """What became of each file, and the codes of all findings."""
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    result = audit.run(load(Sources(folder=folder)))
    return {each.path: each for each in result.inputs}, {found.code for found in result.findings}


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"a.csv": PRESIDENT + HEAD + ROWS, "z.csv": DEPUTIES + HEAD + OTHERS}, "of another election: legislative"),
        ({"election.toml": DAY, "z.csv": DEPUTIES + HEAD + OTHERS, "pv.csv": HEAD + ROWS}, "of another election: legi"),
        (
            {"election.toml": DAY, "pv.csv": HEAD + ROWS, "z legislatives 2024.csv": HEAD + OTHERS},
            "of another election by its name: legislative election 2024",
        ),
    ],
)
def test_left_out(tmp_path: Path, files: dict[str, str], why: str) -> None:
    inputs, codes = checked(tmp_path, files)
    [left] = [each for path, each in inputs.items() if path.startswith("z")]
    assert (left.used, str(left.why)[: len(why)], left.sheets[0].used) == (Used.NONE, why, Used.NONE)
    assert "by itself" in str(left.action)
    assert [path for path, each in inputs.items() if each.used is Used.NONE] == [left.path]
    assert codes <= {"C111"}  # nothing of it is compared


@pytest.mark.parametrize(
    "files",
    [
        {"election.toml": DAY, "pv.csv": HEAD + ROWS, "émargements police municipale.csv": HEAD + ROWS},
        {"election.toml": DAY, "pv.csv": HEAD + ROWS, "municipales.csv": HEAD + "0009;9;8;8;0;0;8\n"},
        {"election.toml": DAY, "pv legislatives.csv": HEAD + OTHERS},
        {"election.toml": DAY, "pv.csv": DEPUTIES + HEAD + OTHERS},
    ],
    ids=["same figures", "no common bureau", "nothing else", "named as the night's own"],
)
def test_kept(tmp_path: Path, files: dict[str, str]) -> None:
    """A name alone says less than figures, and what is the only evidence, or has a night's own name, is read."""
    inputs, _ = checked(tmp_path, files)
    assert {each.used for each in inputs.values()} == {Used.WHOLE}


def test_what_is_given_as_pvs_is_read(tmp_path: Path) -> None:
    names = ("one.csv", "other.csv")
    for name, text in zip(names, (PRESIDENT + HEAD + ROWS, DEPUTIES + HEAD + OTHERS), strict=True):
        (tmp_path / name).write_text(text, encoding="utf-8")
    result = audit.run(load(Sources(records=tuple(tmp_path / name for name in names))))
    assert {each.used for each in result.inputs} == {Used.WHOLE}
    assert "R226" in {found.code for found in result.findings}


def test_problems_of_what_is_left_out_are_not_findings(tmp_path: Path) -> None:
    odd = OTHERS.replace("401", "quatre cents") + "0003;900;1;1;0;0;1\n"
    percent = HEAD.replace("Blancs", "Blancs;% Blancs/Vot.")
    inputs, codes = checked(
        tmp_path,
        {
            "a.csv": PRESIDENT + HEAD + ROWS,
            "z.csv": DEPUTIES + percent + odd.replace(";10;0;", ";10;77,00;0;"),
        },
    )
    assert inputs["z.csv"].used is Used.NONE
    assert codes <= {"C111"}
