"""The published table of all bulletins, in the columns of 2022, 2024 and 2026, against what was counted."""

from collections.abc import Callable
from pathlib import Path

import pytest

from protocol.bu.schema import FormatVersion
from protocol.dumps.checks import CheckTopic, CheckVerdict
from tests.protocol.bu.days import UNIT, day, failing, read_folder, votes, write_day

VERSION = FormatVersion.V2022
COLUMNS_2022 = """
DT_GERACAO HH_GERACAO ANO_ELEICAO CD_TIPO_ELEICAO NM_TIPO_ELEICAO CD_PLEITO DT_PLEITO NR_TURNO CD_ELEICAO
DS_ELEICAO SG_UF CD_MUNICIPIO NM_MUNICIPIO NR_ZONA NR_SECAO NR_LOCAL_VOTACAO CD_CARGO_PERGUNTA
DS_CARGO_PERGUNTA NR_PARTIDO SG_PARTIDO NM_PARTIDO DT_BU_RECEBIDO QT_APTOS QT_COMPARECIMENTO QT_ABSTENCOES
CD_TIPO_URNA DS_TIPO_URNA CD_TIPO_VOTAVEL DS_TIPO_VOTAVEL NR_VOTAVEL NM_VOTAVEL QT_VOTOS NR_URNA_EFETIVADA
DS_AGREGADAS DT_ABERTURA DT_ENCERRAMENTO QT_ELEITORES_BIOMETRIA_NH DT_EMISSAO_BU NR_JUNTA_APURADORA
NR_TURMA_APURADORA
""".split()  # noqa: SIM905
COLUMNS_2024 = [
    {"DS_AGREGADAS": "DS_SECOES_AGREGADAS", "QT_ELEITORES_BIOMETRIA_NH": "QT_ELEI_BIOM_SEM_HABILITACAO"}.get(name, name)
    for name in COLUMNS_2022
]
COLUMNS = {"2022": (COLUMNS_2022, '"'), "2024": (COLUMNS_2024, '"'), "2026": (COLUMNS_2024, "")}
Row = dict[str, str]


def rows() -> list[Row]:
    """A row a choice of the made-up day, as the court would publish it."""
    found = []
    for office in day().offices:
        assert office.registered is not None
        assert office.turnout is not None
        shared = {
            "CD_ELEICAO": f"{office.election}",
            "CD_MUNICIPIO": "6050",
            "NM_MUNICIPIO": "MACAPÁ",
            "NR_ZONA": "2",
            "NR_SECAO": "824",
            "CD_CARGO_PERGUNTA": f"{office.office}",
            "QT_APTOS": f"{office.registered}",
            "QT_COMPARECIMENTO": f"{office.turnout}",
            "QT_ABSTENCOES": f"{office.registered - office.turnout}",
            "CD_TIPO_URNA": "1",
        }
        counted = [("1", "Nominal", number, count) for number, count in office.nominal.items()]
        counted += [("4", "Legenda", party, count) for party, count in office.party.items()]
        counted += [("2", "Branco", 95, office.blank), ("3", "Nulo", 96, office.null)]
        for code, name, number, count in counted:
            if count:
                choice = {"CD_TIPO_VOTAVEL": code, "DS_TIPO_VOTAVEL": name}
                found.append({**shared, **choice, "NR_VOTAVEL": f"{number}", "QT_VOTOS": f"{count}"})
    return found


def table_text(year: str, table: list[Row]) -> str:
    """A table in the columns and quotes of a year."""
    names, quote = COLUMNS[year]
    lines = [[f"{quote}{name}{quote}" for name in names]]
    lines += [[f"{quote}{row.get(name, '#NULO#')}{quote}" for name in names] for row in table]
    return "".join(";".join(line) + "\r\n" for line in lines)


def write_table(folder: Path, year: str, table: list[Row]) -> None:
    path = folder / "bweb_1t_AP_051020221321.csv"
    path.write_text(table_text(year, table), encoding="latin-1", newline="")


@pytest.mark.parametrize("year", COLUMNS)
def test_a_table_that_agrees(tmp_path: Path, year: str) -> None:
    write_day(tmp_path, VERSION)
    before = votes(read_folder(tmp_path))
    write_table(tmp_path, year, [*rows(), {"CD_MUNICIPIO": "1", "NR_ZONA": "1", "NR_SECAO": "1", "CD_ELEICAO": "546"}])
    reading = read_folder(tmp_path)
    assert (reading.problems, failing(reading)) == ((), [])
    [check] = [check for check in reading.checks if check.code == "D116"]
    assert (check.verdict, check.topic) == (CheckVerdict.HOLDS, CheckTopic.AGREEMENT)
    assert check.times > 20
    assert votes(reading) == before  # a table is compared, not counted
    [table] = [file for file in reading.files if file.path.suffix == ".csv"]
    assert (str(table.taken_for), str(table.note)) == ("published table", "11 rows")
    assert table.sha256 is not None
    assert len(table.sha256) == 64


@pytest.mark.parametrize(
    ("column", "value", "left", "right"),
    [
        ("QT_APTOS", "10", "registered voters: 9", "registered voters: 10"),
        ("QT_COMPARECIMENTO", "7", "turnout: 8", "turnout: 7"),
        ("QT_ABSTENCOES", "2", "absent: 1", "absent: 2"),
        ("QT_VOTOS", "5", "1212: 3", "1212: 5"),
        ("NR_VOTAVEL", "1299", "1299: 0", "1299: 3"),
    ],
)
def test_a_figure_that_differs(tmp_path: Path, column: str, value: str, left: str, right: str) -> None:
    write_day(tmp_path, VERSION)
    table = rows()
    for row in table:
        if row["CD_CARGO_PERGUNTA"] == "6" and ((column.startswith("QT_") and column != "QT_VOTOS") or row is table[0]):
            row[column] = value
    write_table(tmp_path, "2022", table)
    found = failing(read_folder(tmp_path))
    assert {check.code for check in found} == {"D116"}
    assert any(left in str(check.left) and right in str(check.right) for check in found)
    assert all(check.unit == UNIT for check in found)


@pytest.mark.parametrize("missing", ["#NULO#", "", "-1"])
def test_what_is_missing_is_not_compared(tmp_path: Path, missing: str) -> None:
    write_day(tmp_path, VERSION)
    table = rows()
    for row in table:
        row["QT_APTOS"] = row["QT_ABSTENCOES"] = row["QT_COMPARECIMENTO"] = missing
    write_table(tmp_path, "2026", table)
    reading = read_folder(tmp_path)
    assert (reading.problems, failing(reading)) == ((), [])


def test_a_section_that_is_not_in_the_table(tmp_path: Path) -> None:
    write_day(tmp_path, VERSION)
    write_table(tmp_path, "2022", [row for row in rows() if row["CD_CARGO_PERGUNTA"] != "1"])
    reading = read_folder(tmp_path)
    assert failing(reading) == []
    [check] = [check for check in reading.checks if check.code == "D116" and check.verdict is CheckVerdict.NOT_CHECKED]
    assert check.times == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(";9;", ";x;").replace('"9"', '"x"'),
        lambda text: text.replace('"1212"', f'"{"1" * 200000}"'),
        lambda text: text + "\0" * 10,
        lambda text: text + "x" * 3_000_000,
        lambda text: text + '"',
        lambda text: text[: len(text) // 2],
    ],
)
def test_a_damaged_table_is_a_problem_or_a_difference(tmp_path: Path, change: Callable[[str], str]) -> None:
    write_day(tmp_path, VERSION)
    write_table(tmp_path, "2022", rows())
    [path] = tmp_path.glob("*.csv")
    text = path.read_text(encoding="latin-1")
    path.write_text(change(text), encoding="latin-1")
    reading = read_folder(tmp_path)
    before = votes(reading)
    assert before["546/6", "choice", "1212"] == 3
    assert len(reading.files) == 4


def test_a_value_that_is_no_number_has_its_place(tmp_path: Path) -> None:
    write_day(tmp_path, VERSION)
    table = rows()
    table[2]["QT_VOTOS"] = "1,5"
    write_table(tmp_path, "2022", table)
    [problem] = read_folder(tmp_path).problems
    assert (problem.row, problem.column, problem.got) == (4, "QT_VOTOS", "1,5")


def test_other_tables_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "pv.csv").write_text("insee;bureau\n", encoding="ascii")
    assert read_folder(tmp_path).files == ()
