"""Results of several elections or rounds given together: each is looked at by itself, and nothing of any is lost."""

import itertools
import re
from collections import Counter
from pathlib import Path

import pytest

from tests.verify.aggregated.tables import small, written
from tests.verify.night_builder import audited, figures, findings, input_of, only, quiet, small_night, sources_of
from verify import audit
from verify.audit import Audit
from verify.loading import load
from verify.model.evidence import Sources
from verify.model.findings import Severity
from verify.model.identity import StatedElection
from verify.model.use import Used
from verify.read.aggregated import results

HEAD = "INSEE;Bureau;Inscrits;Émargements;Votants;Blancs;Nuls;Exprimés;DURAND Anne;PETIT Luc\n"


def rows(more: int, bureaux: int = 4) -> str:
    """Bureaux with gaps of one vote; other counts for each ``more``."""
    found = []
    for at in range(1, bureaux + 1):
        votes = 300 + 10 * at + more
        found.append(f"77001;{at:04};{500 + at + more};{votes - 1};{votes};10;2;{votes - 12};{votes - 112};100\n")
    return "".join(found)


def with_columns(text: str, **columns: str) -> str:
    head, *lines = text.splitlines(keepends=True)
    values = "".join(f"{value};" for value in columns.values())
    return "".join(f"{name};" for name in columns) + head + "".join(values + line for line in lines)


def write(folder: Path, files: dict[str, str]) -> tuple[Path, ...]:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tuple(folder / name for name in files)


def of_results(*paths: Path) -> Audit:
    return audited(published=paths)


def told(result: Audit) -> Counter[str]:
    """All findings but those of what is covered, of the election of a file, and of readings, which are the night's."""
    return Counter(map(str, (found for found in result.findings if found.code not in ("C111", "T324", "V503"))))


OLD = with_columns(HEAD + rows(0), Élection="Présidentielle 2017", Tour="1")
NEW = with_columns(HEAD + rows(7), Élection="Présidentielle 2022", Tour="1")
LATE = with_columns(HEAD + rows(13), Date="2022-04-24", Tour="2")


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_t324(tmp_path: Path, order: tuple[int, ...]) -> None:
    paths = write(tmp_path, {"old.csv": OLD, "new.csv": NEW, "late.csv": LATE})
    result = of_results(*(paths[at] for at in order))
    assert told(result) == sum((told(of_results(path)) for path in paths), Counter())
    assert len(findings(result, "R201")) == 12
    assert findings(result, "R211", "C107", "T309") == []
    assert {(one.left.source, str(one.left.value), one.details["rows"]) for one in findings(result, "T324")} == {
        (str(paths[0]), "presidential election 2017, round 1", 4),
        (str(paths[1]), "presidential election 2022, round 1", 4),
    }
    assert {str(one.right.value) for one in findings(result, "T324")} == {"2022, round 2"}  # of as many rows the latest
    assert {one.severity for one in findings(result, "T324")} == {Severity.WARNING}
    assert {(each.used, str(each.why)) for each in result.inputs} == {
        (Used.PART, f"4 rows of another election (presidential election {which}): checked by themselves only")
        for which in ("2017, round 1", "2022, round 1")
    } | {(Used.WHOLE, "")}


def test_both_elections_in_one_table(tmp_path: Path) -> None:
    [together] = write(tmp_path, {"both.csv": OLD + NEW.partition("\n")[2]})
    result = of_results(together)
    assert [(one.severity, one.details["rows"]) for one in findings(result, "T324")] == [(Severity.INFO, 4)]
    assert len(findings(result, "R201")) == 8
    assert findings(result, "I113", "T306", "T309", "R211") == []


def test_the_night_is_of_the_election_of_its_pvs_or_of_what_is_said_of_it(tmp_path: Path) -> None:
    old, new, pv = write(tmp_path, {"old.csv": OLD, "new.csv": NEW, "pv.csv": HEAD + rows(0)})
    result = audited(published=(old, new), records=(pv,))
    assert sources_of(result, "T324") == [str(new)]
    assert findings(result, "T301", "R226") == []
    night = small_night()
    folder = tmp_path / "night"
    night.write(folder)
    beside = audited(folder, published=(old, folder / "publie.txt"))
    assert [str(one.right.value) for one in findings(beside, "T324")] == [
        str(night_of(night.files()["election.toml"]).text)
    ]
    assert {one.left.source for one in findings(beside, "T324")} == {str(old)}


def night_of(toml: bytes) -> StatedElection:
    """The election that the small night is of."""
    text = toml.decode()
    kind = StatedElection.of_text(text.partition("type =")[2].splitlines()[0]).kind
    return StatedElection(kind, int(text.partition("date = ")[2][:4]), int(text.partition("tour = ")[2][:1]))


@pytest.mark.parametrize("names", [("t1.csv", "t2.csv"), ("T1/res.csv", "T2/res.csv"), ("2017.csv", "2022.csv")])
def test_by_the_names_of_files_and_folders_where_they_say_nothing_themselves(
    tmp_path: Path, names: tuple[str, str]
) -> None:
    one, two = write(tmp_path, dict(zip(names, (HEAD + rows(0), HEAD + rows(7)), strict=True)))
    result = of_results(one, two)
    assert sources_of(result, "T324") == [str(one)]
    assert findings(result, "T309") == []
    write(tmp_path, {names[1]: HEAD + rows(0)})  # the same figures say more than a name
    assert findings(of_results(one, two), "T324") == []


def test_what_does_not_say_its_round_is_taken_for_that_of_its_figures(tmp_path: Path) -> None:
    said, same, other, elsewhere = write(
        tmp_path,
        {
            "said.csv": with_columns(HEAD + rows(0), Tour="1"),
            "same.csv": HEAD + rows(0),
            "other.csv": HEAD + rows(7),
            "elsewhere.csv": HEAD + rows(7).replace("77001", "77002"),
        },
    )
    assert findings(of_results(said, same), "T324") == []
    [apart] = findings(of_results(said, other), "T324")
    assert str(apart.left.value) == "one that is not named, with other figures"
    result = of_results(said, elsewhere)
    assert findings(result, "T324") == []
    assert "does not say of which election: taken for round 1" in str(result.inputs[1].note)


def test_editions_of_one_election_are_still_compared(tmp_path: Path) -> None:
    first, last = write(tmp_path, {"a.csv": HEAD + rows(0), "b.csv": (HEAD + rows(0)).replace(";10;2;", ";9;3;", 1)})
    result = of_results(first, last)
    assert {one.field for one in findings(result, "T309")} == {"blank", "null"}
    assert findings(result, "T324") == []


def test_folders_named_after_rounds(tmp_path: Path) -> None:
    """Of files in a folder and of files given alike; what says no round is named."""
    pv = "INSEE;Bureau;Émargements;Bulletins trouvés\n77001;0001;{a};{a}\n77001;0002;200;200\n"
    signed = "INSEE;Bureau;Émargements\n77001;0001;300\n77001;0002;200\n"
    files = {"T1/pv.csv": pv.format(a=300), "T2/pv.csv": pv.format(a=310), "liste.csv": signed}
    paths = write(tmp_path / "night", files)
    for sources in (Sources(folder=tmp_path / "night"), Sources(files=paths)):
        result = audit.run(load(sources))
        assert findings(result, "R205", "R226") == []
        found = {Path(each.path).parts[-2:]: each for each in result.inputs}
        assert found["T2", "pv.csv"].used is Used.NONE
        assert str(found["T2", "pv.csv"].why) == "of another round, by its name"
        [silent] = [each for each in result.inputs if Path(each.path).name == "liste.csv"]
        assert "does not say of which round: taken for round 1" in str(silent.note)


def test_a_pv_table_whose_column_says_another_round_is_not_used(tmp_path: Path) -> None:
    night = small_night()
    folder = tmp_path / "night"
    night.write(folder)
    other = 3 - night_of(night.files()["election.toml"]).round
    (pv,) = write(tmp_path, {"pv.csv": with_columns(HEAD + rows(0), Tour=str(other))})
    result = audited(folder, records=(pv,))
    used = input_of(result, str(pv))
    assert used.used is Used.NONE
    assert f"got of round {other}, which --round {other} reads" in str(used.why)
    [said] = findings(result, "I113")
    assert (said.left.source, said.severity) == (str(pv), Severity.ERROR)


def test_what_a_title_says() -> None:
    for text, said in (
        ("Présidentielle 2017 tour 1", ("pres", 2017, 1)),
        ("2022_pres_t1", ("pres", 2022, 1)),
        ("Élections législatives des 12 et 19 juin 2022 - 2ème tour", ("legi", 2022, 2)),
        ("Départements | Feuil1", ("", 0, 0)),
        ("municipales 2020 et communautaires, T1 et T2", ("muni", 2020, 0)),
        ("présidentielle 2017, mis à jour en 2018", ("pres", 0, 0)),
        ("20170423", ("", 0, 0)),
        ("Résultats par circonscriptions législatives - Tour 2 | Circo. Leg. Tour 2", ("", 0, 2)),
        ("Présidentielle 2022 par circonscription législative", ("pres", 2022, 0)),
        ("Législatives 2022 par circonscription législative", ("legi", 2022, 0)),
        ("Results by legislative constituency, 2017", ("", 2017, 0)),
        ("2017-presidentielle-1_par_bureau_large.csv.gz", ("pres", 2017, 1)),
        ("2017-legislatives-2", ("legi", 2017, 2)),
        ("2022_pres_2.csv", ("pres", 2022, 2)),
        ("legislatives-2022.csv", ("legi", 2022, 0)),
        ("municipales-1-mars-2020", ("muni", 2020, 0)),
        ("regionales-12 juin.csv", ("regi", 0, 0)),
        ("presidentielle-1 et presidentielle-2", ("pres", 0, 0)),
    ):
        assert StatedElection.of_text(text) == StatedElection(*said)


def test_a_title_says_the_day_of_the_poll_if_it_is_a_sunday_beside_kind_and_round() -> None:
    """Any other day may be that of a print."""
    for text, day in (
        ("Élections législatives, 1er tour, dimanche 30 juin 2024", "2024-06-30"),
        ("Présidentielle - 2nd tour - 24/04/2022", "2022-04-24"),
        ("2022-04-10 présidentielle T1", "2022-04-10"),
        ("Legislative election, Sunday 1st june 2025", "2025-06-01"),
        ("Élections législatives, 1er tour, lundi 1er juillet 2024", None),
        ("Élections municipales, relu le 3 mars 2024", None),
        ("1er tour, dimanche 30 juin 2024", None),
        ("Élections législatives des 12 et 19 juin 2022, 1er tour", None),
        ("Législatives, 1er tour, 30 juin 2024 et 7 juillet 2024", None),
        ("Législatives, 1er tour, 31/02/2024", None),
    ):
        found = StatedElection.of_text(text).day
        assert (None if found is None else found.isoformat()) == day


def test_both_rounds_in_one_table_of_a_known_layout(tmp_path: Path) -> None:
    """As if each had been given by itself, at its own rows; a folder's file as one that is given."""
    head = "annee,tour,code_insee,commune,bureau,inscrits,votants,blancs,nuls,exprimes,DURAND Anne,PETIT Luc\n"
    one = "2022,1,77001,Essai,0001,400,300,12,0,288,188,100\n2022,1,77001,Essai,0002,90,80,0,2,77,40,38\n"
    two = "2022,2,77001,Essai,0001,400,310,12,0,298,188,110\n2022,2,77001,Essai,0002,90,81,0,2,78,40,39\n"
    (path,) = write(tmp_path / "one", {"r.csv": head + one + two})
    alone = write(tmp_path / "alone", {"a.csv": head + one, "b.csv": head + two})
    each = sum(
        (Counter((f.code, f.bureau, str(f.field)) for f in findings(of_results(given), "T306")) for given in alone),
        Counter(),
    )
    for sources in (Sources(published=(path,)), Sources(folder=path.parent)):
        result = audit.run(load(sources))
        assert Counter((found.code, found.bureau, str(found.field)) for found in findings(result, "T306")) == each
        assert {found.left.source.rpartition(":")[2] for found in findings(result, "T306")} == {"3", "5"}
        assert findings(result, "I113", "C107", "R211", "T309") == []
        [beside] = findings(result, "T324")
        assert (beside.severity, str(beside.left.value)) == (Severity.INFO, "2022, round 1")
        assert {str(choice) for choice in load(sources).tables[0].labels} == {"DURAND Anne", "PETIT Luc"}


PV = "INSEE;Bureau;Émargements;Bulletins trouvés;Blancs;Nuls;Exprimés;DURAND Anne;PETIT Luc\n" + "".join(
    f"77001;{at:04};{700 + at};{700 + at};10;0;{690 + at};{400 + at};290\n" for at in range(1, 5)
)
OTHERS = "INSEE;Bureau;Inscrits;Votants;Blancs;Nuls;Exprimés;{choices}\n" + "".join(
    f"77001;{at:04};1100;{500 + at};10;2;{488 + at};{300 + at};188\n" for at in range(1, 5)
)


def test_results_of_other_choices_with_other_figures_are_of_another_election(tmp_path: Path) -> None:
    pv, published = write(tmp_path, {"pv.csv": PV, "results.csv": OTHERS.format(choices="ROUX Marie;NOIR Jean")})
    result = audited(records=(pv,), published=(published,))
    [found] = findings(result, "T324")
    assert (found.left.source, found.details["rows"], found.severity) == (str(published), 4, Severity.WARNING)
    assert "another election or round: one that is not named, with other figures" in str(found.message)
    assert findings(result, "T301", "R211") == []


def test_of_the_same_choices_other_figures_are_wrong_figures(tmp_path: Path) -> None:
    pv, published = write(tmp_path, {"pv.csv": PV, "results.csv": OTHERS.format(choices="DURAND Anne;PETIT Luc")})
    result = audited(records=(pv,), published=(published,))
    assert findings(result, "T324") == []
    assert len({found.bureau for found in findings(result, "T301")}) == 4


def test_of_other_choices_the_same_figures_are_the_nights(tmp_path: Path) -> None:
    same = PV.replace("Émargements;", "").replace("DURAND Anne;PETIT Luc", "Liste A;Liste B")
    rows = [line.split(";") for line in same.splitlines()[1:]]
    text = same.splitlines()[0] + "\n" + "".join(";".join([*row[:2], *row[3:]]) + "\n" for row in rows)
    pv, published = write(tmp_path, {"pv.csv": PV, "results.csv": text})
    assert findings(audited(records=(pv,), published=(published,)), "T324") == []


def test_results_of_another_town_do_not_hide_whose_the_sign_in_counts_are(tmp_path: Path) -> None:
    """Nor do they make the night one of their own election."""
    elsewhere = with_columns(OTHERS.format(choices="ROUX Marie;NOIR Jean"), Élection="Législatives 2022", Tour="1")
    ours = PV.replace("Émargements;Bulletins trouvés", "Inscrits;Votants")
    signed = "Bureau;Émargements\n" + "".join(f"{at};{700 + at}\n" for at in range(1, 5))
    files = {"pv.csv": PV, "a.csv": elsewhere.replace("77001", "29019"), "b.csv": ours, "emargements.csv": signed}
    pv, one, other, roll = write(tmp_path, files)
    result = audited(records=(pv,), published=(one, other), signatures=(roll,))
    assert sources_of(result, "T324") == [str(one)]
    assert findings(result, "I113") == []
    signatures = [found for found in findings(result, "C111") if found.field == "emargements"]
    assert [found.left.value for found in signatures] == [4]


RESULTS = PV.replace("Émargements;Bulletins trouvés", "Inscrits;Votants")


@pytest.mark.parametrize(
    "text",
    [
        RESULTS,
        RESULTS.replace(";000", ";"),
        re.sub(r"(77001;000[234];\d+);\d+;\d+;0;\d+", r"\1;;;;", RESULTS),
    ],
    ids=["same codes", "codes without zeros", "one count of four"],
)
def test_figures_of_the_night_say_more_than_the_name_of_a_file(text: str, tmp_path: Path) -> None:
    pv, named, others = write(tmp_path, {"pv.csv": PV, "t2.csv": text, "b/t2.csv": HEAD + rows(7)})
    result = audited(records=(pv,), published=(named,), round=1)
    assert findings(result, "T324") == []
    apart = audited(records=(pv,), published=(others,), round=1)
    assert sources_of(apart, "T324") == [str(others)]


def test_what_says_itself_of_which_election_it_is_needs_no_figures(tmp_path: Path) -> None:
    """Two files of one round are of one night, though all figures and choices differ."""
    said = {"Élection": "Présidentielle 2022", "Tour": "1"}
    texts = (RESULTS, OTHERS.format(choices="ROUX Marie;NOIR Jean"))
    one, two = write(tmp_path, {name: with_columns(text, **said) for name, text in zip(("a", "b"), texts, strict=True)})
    result = of_results(one, two)
    assert findings(result, "T324") == []
    assert len(findings(result, "R211")) == 4


def test_of_the_folders_that_a_file_is_in_the_nearest_counts(tmp_path: Path) -> None:
    late, early = write(tmp_path, {"T1/T2/res.csv": HEAD + rows(0), "T2/T1/res.csv": HEAD + rows(7)})
    assert sources_of(of_results(late, early), "T324") == [str(early)]


ELECTION = "2022_pres_t1"


def run() -> Audit:
    """The first of the two small elections, both tables given."""
    return audited(published=written(small()), election=ELECTION)


def test_t323(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "known_bureaux", lambda: {ELECTION: 4})
    [found] = only(run(), "T323")
    assert (found.level, found.severity) == ("file", Severity.WARNING)
    assert figures(found) == (3, 4)
    assert Path(found.left.source).name == "general_results.parquet"
    assert "4 were known" in str(found.message)
    for known in (3, None):
        monkeypatch.setattr(results, "known_bureaux", lambda known=known: {ELECTION: known})
        quiet(run(), "T323")
