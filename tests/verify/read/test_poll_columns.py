"""Tables with columns for each of several polls: a row for each bureau and poll, where the polls are the day's."""

import dataclasses
import io
from pathlib import Path

import pytest
import xlsxwriter

from protocol.election import Poll
from regard.language import show
from tests.sources import new_folder
from tests.verify.night_builder import Night, audited, grave, input_of, loaded, only, small_night
from verify.align.polls import poll_of_file
from verify.audit import Audit
from verify.model.use import Used

POLLS = (
    Poll(1, "Élections régionales 2021", "regionales"),
    Poll(2, "Élections départementales 2021", "departementales"),
)
COUNTS = {"Inscrits": "inscrits", "Émargements": "emargements", "Votes trouvés": "votes_trouves", "Blancs": "blancs"}
COUNTS |= {"Nuls": "nuls", "Exprimés": "exprimes"}


def two_polls() -> Night:
    night = small_night(polls=2)
    night.election = dataclasses.replace(night.election, polls=POLLS)
    for poll, less in ((1, 0), (2, 2)):  # so that an exchange of the polls would be seen
        for row in night.tables["emargements.csv"]:
            if row["scrutin"] == str(poll):
                row["emargements"] = str(int(row["emargements"]) - less)
    return night


def by_bureau(night: Night, file: str) -> dict[tuple[str, str], list[dict[str, str]]]:
    found: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in night.tables[file]:
        found.setdefault((row["insee"], row["bureau"]), []).append(row)
    return found


def signatures(night: Night, headers: tuple[str, str]) -> Night:
    """The night with one sign-in sheet of both polls."""
    lines = [";".join(("INSEE", "Bureau", "Inscrits", *headers))]
    for (insee, bureau), rows in by_bureau(night, "emargements.csv").items():
        lines.append(";".join((insee, bureau, rows[0]["inscrits"], *(row["emargements"] for row in rows))))
    night.raw = {"emargements.csv": None, "Liste.csv": "\n".join(lines).encode()}
    return night


def gaps(result: Audit) -> list[tuple[str, str, int, int | str | object, int | str | object]]:
    return [(found.code, found.bureau, found.poll, found.left.value, found.right.value) for found in grave(result)]


@pytest.mark.parametrize(
    "headers",
    [
        ("Régionales émargements", "Départementales émargements"),
        ("Émargements (régionales)", "Émargements (départementales)"),
        ("Émargements - Élections régionales 2021", "Émargements - Élections départementales 2021"),
        ("Émargements aux régionales", "Émargements aux départementales"),
        ("Émargements scrutin 1", "Émargements scrutin n° 2"),
        ("SCRUTIN 1 SIGNATURES", "SCRUTIN 2 SIGNATURES"),
    ],
)
def test_headers_that_name_the_poll(headers: tuple[str, str]) -> None:
    night = two_polls()
    plain = gaps(night.run())
    assert {poll for _, _, poll, _, _ in plain} == {2}
    result = signatures(night, headers).run()
    assert gaps(result) == plain
    used = input_of(result, "Liste.csv")
    assert used.used is Used.WHOLE
    assert len({use.sheet for use in used.sheets} - {""}) == 2
    assert "the columns of one of several polls" in show("en", used.note)


def test_the_order_of_the_columns_is_not_that_of_the_polls() -> None:
    night = two_polls()
    plain = gaps(night.run())
    for rows in by_bureau(night, "emargements.csv").values():
        rows[0]["emargements"], rows[1]["emargements"] = rows[1]["emargements"], rows[0]["emargements"]
    headers = ("Départementales émargements", "Régionales émargements")
    assert gaps(signatures(night, headers).run()) == plain


def book_of(night: Night, titles: tuple[str, str], *, bureau_above: bool) -> bytes:
    """A workbook of PVs: the name of each poll merged over its counts and its choices, and a row of totals."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet("PV")
    sheet.write(0, 0, "Ville d'essai")
    sheet.write_row(1 if bureau_above else 2, 0, ["INSEE", "Bureau"])
    column = 2
    body = [list(place) for place in by_bureau(night, "pv.csv")]
    votes: dict[tuple[str, str, str], dict[str, str]] = {}
    for row in night.tables["voix.csv"]:
        votes.setdefault((row["insee"], row["bureau"], row["scrutin"]), {})[row["choix"]] = row["voix"]
    for poll, title in zip("12", titles, strict=True):
        choices = list(next(each for place, each in votes.items() if place[2] == poll))
        sheet.merge_range(1, column, 1, column + len(COUNTS) + len(choices) - 1, title)
        sheet.write_row(2, column, [*COUNTS, *choices])
        column += len(COUNTS) + len(choices)
        for line, (place, rows) in zip(body, by_bureau(night, "pv.csv").items(), strict=True):
            line += [rows[int(poll) - 1][name] for name in COUNTS.values()]
            line += [votes[*place, poll][choice] for choice in choices]
    sheet.write(1, column, "Observations")
    for at, line in enumerate(body, 3):
        sheet.write_row(at, 0, [*line[:2], *map(int, line[2:])])
    sums = [sum(int(line[index]) for line in body) for index in range(2, column)]
    sheet.write_row(3 + len(body), 0, ["", "TOTAL", *sums])
    book.close()
    return out.getvalue()


@pytest.mark.parametrize("bureau_above", [False, True])
def test_merged_titles_above_counts_and_choices(bureau_above: bool) -> None:
    night = small_night(polls=2)
    night.election = dataclasses.replace(night.election, polls=POLLS)
    night.add("pv.csv", "0002", "blancs", 1, poll=2)
    plain = gaps(night.run())
    titles = ("ÉLECTIONS RÉGIONALES", "Élections départementales")
    night.raw = {"pv.csv": None, "voix.csv": None, "PV.xlsx": book_of(night, titles, bureau_above=bureau_above)}
    result = night.run()
    assert gaps(result) == plain
    assert sum(found.code == "C110" for found in result.findings) == 1


def test_polls_that_the_day_has_not_are_one_finding_and_nothing_is_taken_for_votes() -> None:
    result = signatures(two_polls(), ("Émargements Européennes", "Émargements Municipales")).run()
    [found] = only(result, "I113")
    rows = len(two_polls().tables["emargements.csv"]) // 2
    assert show("fr", found.message).endswith(f"« Européennes » ({rows} lignes), « Municipales » ({rows} lignes).")
    assert [case.first.code for case in result.cases if case.severity > 1] == ["I113"]
    used = input_of(result, "Liste.csv")
    assert f"{2 * rows} rows or cells that could not be used" in show("en", used.why)


def test_of_two_elections_the_one_of_the_day_is_read(night: Night) -> None:
    night.election = dataclasses.replace(night.election, polls=POLLS[:1])
    lines = ["INSEE;Bureau;Émargements régionales;Émargements départementales"]
    for (insee, bureau), [row] in by_bureau(night, "emargements.csv").items():
        lines.append(f"{insee};{bureau};{row['emargements']};3")
    night.raw = {"emargements.csv": None, "Liste.csv": "\n".join(lines).encode()}
    [found] = night.only("I113")
    assert "“départementales”" in show("en", found.message)


@pytest.mark.parametrize(
    "headers",
    [
        ("Votants municipales", "Émargements"),  # one poll only
        ("Votants présidentielle 2017", "Votants présidentielle 2022"),  # two of one kind: not of one day
        ("Votants régionales", "Blancs départementales"),  # nothing that both have
    ],
)
def test_other_headers_are_read_as_before(headers: tuple[str, str]) -> None:
    result = signatures(two_polls(), headers).run()
    used = input_of(result, "Liste.csv")
    assert not any("for each poll" in show("en", note) for use in used.sheets for note in use.notes)


def test_the_poll_that_a_path_names_is_one_of_the_day_and_the_nearest() -> None:
    for file, number in (
        ("Scrutin 1/poll 2/liste.csv", "2"),
        ("poll 2/scrutin n° 1.csv", "1"),
        ("scrutin 4.csv", ""),
        ("liste.csv", ""),
    ):
        assert poll_of_file(file, two_polls().election) == number


def test_results_say_the_choices_of_the_poll_that_their_names_say(tmp_path: Path) -> None:
    """Without the votes of the PVs: the first poll of the day was taken to be the only one."""
    (tmp_path / "pv.csv").write_text(
        "insee,bureau,scrutin,inscrits,emargements,votes_trouves,blancs,nuls,exprimes\n"
        "37156,0001,1,800,600,600,10,5,585\n37156,0001,2,800,600,600,20,15,565\n"
    )
    header = "departement,commune,bureau,commune_libelle,inscrits,votants,blancs,nuls,exprimes,DUPONT,MARTIN\n"
    for poll, row in ((1, "800,600,10,5,585,300,285"), (2, "800,600,20,15,565,300,265")):
        (tmp_path / f"publie.{poll}.csv").write_text(f"{header}37,156,0001,Essai,{row}\n")
    assert not grave(audited(tmp_path))
    (tmp_path / "publie.2.csv").write_text(f"{header}37,156,0001,Essai,800,606,20,15,571,306,265\n")
    assert {(found.code, found.poll) for found in grave(audited(tmp_path))} == {("T301", 2)}
    (tmp_path / "publie.1.csv").rename(tmp_path / "publie.csv")
    (tmp_path / "publie.2.csv").unlink()
    [found] = grave(audited(tmp_path))
    assert found.code == "T312"
    assert "the name of the file has to say its poll" in show("en", found.message)


@pytest.mark.parametrize(
    ("names", "polls"),
    [
        (("régionales", "départementales"), (1, 2)),
        (("présidentielle", "législatives"), (1,)),  # never on one day
    ],
)
def test_polls_that_no_election_toml_names_are_numbered_as_tables_name_them(
    names: tuple[str, str], polls: tuple[int, ...]
) -> None:
    text = "Bureau;" + ";".join(f"Émargements {name};Votants {name}" for name in names) + "\n1;300;301;310;310\n"
    evidence = loaded(records=(new_folder({"pv.csv": text}) / "pv.csv",))
    assert evidence.polls == polls
    if len(polls) > 1:
        assert evidence.records is not None
        assert evidence.records["votes_found"].values.tolist() == [[310, 301]]
        assert "scrutin 1 : départementales ; scrutin 2 : régionales" in show("fr", evidence.inputs[0].note)
