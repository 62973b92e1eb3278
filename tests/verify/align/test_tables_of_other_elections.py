"""PVs and sign-in counts of another election in the folder of a night: left out, named, and compared with nothing."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.sources import new_folder, put_text
from tests.verify.night_builder import audited, codes_of
from verify.model.use import Input, Used

HEAD = "Bureau;Inscrits;Émargements;Votes trouvés;Blancs;Nuls;Exprimés\n"
ROWS = "0001;900;700;700;10;0;690\n0002;900;600;600;10;0;590\n0003;900;650;650;10;0;640\n"
OTHERS = "0001;905;500;500;10;0;490\n0002;900;400;401;10;0;391\n"
DAY = 'id = "x"\ndate = 2022-04-10\ntour = 1\n[[scrutins]]\nnumero = 1\nnom = "P"\ntype = "presidentielle"\n'
PRESIDENT, DEPUTIES = "Élection présidentielle 2022\n", "Élections législatives 2022\n"


def checked(files: dict[str, str]) -> tuple[dict[str, Input], set[str]]:
    """Use of each file, and the codes of all findings."""
    folder = new_folder()
    for name, text in files.items():
        put_text(folder / name, text)
    result = audited(folder)
    return {each.path: each for each in result.inputs}, codes_of(result.findings)


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
def test_left_out(files: dict[str, str], why: str) -> None:
    inputs, codes = checked(files)
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
def test_kept(files: dict[str, str]) -> None:
    """A name alone says less than figures, and what is the only evidence, or has a night's own name, is read."""
    inputs, _ = checked(files)
    assert {each.used for each in inputs.values()} == {Used.WHOLE}


MANY = [f"{number:04}" for number in range(1, 21)]


def given(*texts: str) -> dict[str, Input]:
    """Use of each of some files that were given as PVs."""
    folder = new_folder()
    paths = [folder / f"{at}.csv" for at in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        put_text(path, text)
    result = audited(records=tuple(paths))
    assert ("R226" in codes_of(result.findings)) == all(each.used is Used.WHOLE for each in result.inputs)
    return {Path(each.path).stem: each for each in result.inputs}


def rows(first: int, of: Iterable[str] = MANY, insee: str = "") -> str:
    """A table of PVs in which each bureau has another number of votes, from a first one on."""
    header = f"INSEE;{HEAD}" if insee else HEAD
    head = f"{insee};" if insee else ""
    counted = (f"{head}{code};900;{first + at};{first + at};0;0;{first + at}\n" for at, code in enumerate(of))
    return header + "".join(counted)


def test_of_two_files_given_as_pvs_that_say_their_election_the_second_is_left_out() -> None:
    used = given(PRESIDENT + HEAD + ROWS, DEPUTIES + HEAD + OTHERS)
    assert (used["0"].used, used["1"].used) == (Used.WHOLE, Used.NONE)
    assert "of another election: legislative election" in str(used["1"].why)
    assert "by itself" in str(used["1"].action)


def test_of_two_files_given_as_pvs_with_hardly_a_common_figure_the_second_is_left_out() -> None:
    used = given(rows(300), rows(700, [str(int(code)) for code in MANY]))
    assert (used["0"].used, used["1"].used) == (Used.WHOLE, Used.NONE)
    assert "the same figures in 0 of 20 bureaux" in str(used["1"].why)
    assert "commune" in str(used["1"].action)


def test_of_two_files_of_pvs_in_a_folder_with_hardly_a_common_figure_the_second_is_left_out() -> None:
    inputs, codes = checked({"a.csv": rows(300), "b.csv": rows(700)})
    assert (inputs["a.csv"].used, inputs["b.csv"].used) == (Used.WHOLE, Used.NONE)
    assert {"R226", "I122"} & codes == {"I122"}


@pytest.mark.parametrize(
    "texts",
    [
        (HEAD + ROWS, HEAD + OTHERS),
        (rows(300), rows(300, MANY[:2]) + rows(700, MANY[2:]).removeprefix(HEAD)),
        (rows(300, MANY[:9]), rows(700, MANY[:9])),
        (HEAD + "".join(f"{code};900;0;0;0;0;0\n" for code in MANY), rows(300)),
    ],
    ids=["two bureaux", "some are the same", "nine bureaux", "zeros"],
)
def test_of_two_files_given_as_pvs_both_are_read_where_few_figures_differ(texts: tuple[str, str]) -> None:
    assert {each.used for each in given(*texts).values()} == {Used.WHOLE}


def test_files_of_two_communes_are_both_read(tmp_path: Path) -> None:
    texts = (rows(300, insee="92004"), rows(700, insee="92009"))
    paths = [tmp_path / f"{at}.csv" for at in range(2)]
    for path, text in zip(paths, texts, strict=True):
        put_text(path, text)
    result = audited(records=tuple(paths))
    assert {each.used for each in result.inputs} == {Used.WHOLE}
    assert result.coverage.bureaux == 40


def test_problems_of_what_is_left_out_are_not_findings() -> None:
    odd = OTHERS.replace("401", "quatre cents") + "0003;900;1;1;0;0;1\n"
    percent = HEAD.replace("Blancs", "Blancs;% Blancs/Vot.")
    inputs, codes = checked(
        {
            "a.csv": PRESIDENT + HEAD + ROWS,
            "z.csv": DEPUTIES + percent + odd.replace(";10;0;", ";10;77,00;0;"),
        },
    )
    assert inputs["z.csv"].used is Used.NONE
    assert codes <= {"C111"}
