"""More evidence never shows less: a finding goes only where a narrower one says the same.

Published results with both counts of voters show gaps by themselves, and still do beside results without them, beside
PVs of other bureaux and beside exports. Without an official list the bureaux are those that any evidence names.
"""

import itertools
from pathlib import Path

import pytest

from tests.sources import new_file, put_text
from tests.verify.night_builder import Night, audited, codes_of, figures, findings, loaded, stated
from tests.verify.published import samples
from verify.loading import load
from verify.model.evidence import Sources
from verify.model.universe import MACHINE

MINISTRY = """code_insee,commune,bureau,inscrits,abstentions,votants,blancs,nuls,exprimes,DE L'ÉTANG Anne,PETIT Luc
75056,Paris,0518,400,100,300,12,0,288,188,100
75056,Paris,1502,90,10,80,0,2,78,40,38
"""


def feed(folder: Path, text: str = samples.PARIS) -> Path:
    path = put_text(folder / "paris.csv", text)
    return path


def pv(folder: Path, rows: str, name: str = "pv.csv") -> Path:
    path = put_text(folder / name, f"INSEE;Bureau;Émargements;Bulletins trouvés\n{rows}")
    return path


def test_a_feed_with_both_counts_shows_its_gaps_beside_results_without_them(tmp_path: Path) -> None:
    both, ministry = feed(tmp_path), tmp_path / "ministry.csv"
    put_text(ministry, MINISTRY)
    for given in ((both,), (both, ministry), (ministry, both)):
        result = audited(published=given)
        assert stated(result, "R202") == [("0518", 301, 300)]
        assert findings(result, "R201", "R204") == []


def test_without_a_list_the_bureaux_are_all_that_any_file_names(tmp_path: Path) -> None:
    ministry, records = tmp_path / "ministry.csv", pv(tmp_path, "75056;1502;80;81\n77001;1;5;6\n")
    put_text(ministry, MINISTRY.replace("75056,Paris,0518,400", "75056,Paris,0518,4000"))
    listed = put_text(tmp_path / "emargements.csv", "INSEE;Bureau;Émargements\n77001;0001;5\n77001;0002;7\n")
    found = audited(published=(ministry,), records=(records,), signatures=(listed,))
    assert {(bureau, number) for group in found.coverage.groups for bureau, number in group.bureaux} == {
        ("75056", "0518"), ("75056", "1502"), ("77001", "0001"), ("77001", "0002"),
    }  # fmt: skip
    assert found.coverage.source == " + ".join(map(str, (records, listed, ministry)))
    assert {one.bureau for one in findings(found, "T306")} == {"0518"}  # as by itself
    # a lack is named in the communes of which there is any evidence of the kind
    assert {(one.code, one.insee, one.bureau) for one in findings(found, "C105", "C106", "C107")} == {
        ("C106", "75056", "0518"), ("C106", "77001", "0002"),
    }  # fmt: skip
    [gap] = [one for one in findings(found, "R201") if one.insee == "75056"]
    assert gap.left.source == f"{records}:2"


def test_the_commune_s_name_and_the_way_of_counting_come_from_whoever_says_them(night: Night) -> None:
    folder = night.write()
    exports = (folder / "exports",)
    published = new_file(
        "results.csv", "code_insee,commune,bureau,inscrits,votants,exprimes,ZOLA\n77001,Essai,0001,900,700,700,700\n"
    )
    alone = loaded(exports=exports).universe
    for sources in (
        Sources(exports=exports, published=(published,)),
        Sources(exports=exports, records=(folder / "pv.csv",)),
    ):
        universe = load(sources).universe
        machines = {code for code, kind in zip(universe.bureau, universe.counting, strict=True) if kind == MACHINE}
        assert set(alone.bureau.tolist()) <= machines
    assert "Essai" in loaded(exports=exports, published=(published,)).universe.commune.tolist()


def test_r203_and_r220_of_published_counts(tmp_path: Path) -> None:
    text = samples.PARIS.replace(",20,400,301,300,", ",450,400,401,300,")
    result = audited(published=(feed(tmp_path, text),))
    assert [(found.left.value, found.right.value) for found in findings(result, "R203")] == [(401, 400)]
    assert [(found.left.value, found.right.value) for found in findings(result, "R220")] == [(450, 401)]
    assert {"R203", "R220", "R201"} <= set(result.coverage.checked)


@pytest.mark.parametrize("city", ["2017-presidentielle-t1-paris-city.csv"])
def test_281_gaps_of_paris_whatever_else_is_given_in_whatever_order(real_data: Path, city: str) -> None:
    both, nation = real_data / city, real_data / "2017-presidentielle-1_par_commune_large.csv.gz"
    for given in itertools.permutations((both, nation)):
        gaps = findings(audited(published=given), "R201", "R202")
        assert len(gaps) == len({gap.bureau for gap in gaps}) == 281


def test_signatures_are_compared_with_the_votes_of_their_own_edition(tmp_path: Path) -> None:
    files = {
        "city.csv": "INSEE;Bureau;Inscrits;Émargements;Votants;Exprimés;DURAND Anne;PETIT Luc\n"
        "77001;0001;900;700;702;702;400;302\n77001;0002;900;500;500;500;250;250\n",
        "older.csv": "INSEE;Bureau;Inscrits;Votants;Exprimés;DURAND Anne;PETIT Luc\n"
        "77001;0001;900;710;710;408;302\n77001;0002;900;505;505;255;250\n",
    }
    for name, text in files.items():
        put_text(tmp_path / name, text)
    for given in itertools.permutations(tmp_path / name for name in files):
        [gap] = findings(audited(published=given), "R201", "R202")
        assert figures(gap) == (700, 702)


def test_a_bureau_has_one_code_in_all_findings(tmp_path: Path) -> None:
    """That of the list, however a file writes it: ``3`` in one and ``0003`` in another."""
    head = "INSEE;Bureau;Inscrits;Votants;Exprimés;DURAND Anne;PETIT Luc\n"
    files = {
        "long.csv": head + "77001;0003;900;700;700;400;300\n77001;0004;900;500;500;250;250\n",
        "short.csv": head + "77001;3;900;700;699;400;301\n77001;4;900;500;500;250;250\n",
    }
    paths = []
    for name, text in files.items():
        paths.append(tmp_path / name)
        put_text(paths[-1], text)
    for given in (tuple(paths), tuple(paths[::-1])):
        result = audited(published=given, records=(pv(tmp_path, "77001;3;700;702\n77001;4;500;500\n"),))
        assert codes_of(result.findings) >= {"T301", "T306", "T309", "R201"}
        assert {found.bureau for found in result.findings if found.bureau} == {"0003"}


def tables(folder: Path, *rows: str) -> list[Path]:
    return [pv(folder, "".join(f"77001;{row}\n" for row in each.split()), f"{n}.csv") for n, each in enumerate(rows)]


LONG_AND_SHORT = ("0009;618;618 0010;500;500", "9;618;681")


OF_ONE_LENGTH = ("BV09;618;618 0010;500;500", "0009;618;681")


@pytest.mark.parametrize(
    "rows", [LONG_AND_SHORT, LONG_AND_SHORT[::-1], ("BV9;618;618 0010;500;500", "0009;618;681"), OF_ONE_LENGTH]
)
@pytest.mark.parametrize("signed", ["9;615; 10;500;", "0009;615; 0010;500;"])
def test_a_bureau_has_one_code_where_two_pvs_write_it_in_two_ways(
    tmp_path: Path, rows: tuple[str, str], signed: str
) -> None:
    *records, listed = tables(tmp_path, *rows, signed)
    result = audited(records=tuple(records), signatures=(listed,))
    assert result.coverage.bureaux == 2
    [twice] = findings(result, "R226")
    assert (twice.bureau, {twice.left.value, twice.right.value}) == ("0009", {618, 681})
    assert stated(result, "R205") == [("0009", 618, 615)]
    assert findings(result, "C105", "C106", "I113") == []


BOTH = "77001;9;700;700\n77001;0009;618;618\n77001;0010;500;500\n"


@pytest.mark.parametrize("which", ["records", "signatures", "published"])
def test_codes_that_one_table_has_both_of_are_of_two_bureaux(tmp_path: Path, which: str) -> None:
    """Whichever table it is, and however many others have one of them only; each of these is named for it."""
    names = ("records", "signatures", "published")
    given = dict(zip(names, tables(tmp_path, *("9;700;700 0010;500;500",) * 3), strict=True))
    both, other = pv(tmp_path, BOTH, "both.csv"), pv(tmp_path, "77001;0009;618;618\n", "other.csv")
    several = {name: (both, other) if name == which else (path,) for name, path in given.items()}
    records, signatures, published = (several[name] for name in names)
    result = audited(records=records, signatures=signatures, published=published)
    assert result.coverage.bureaux == 3
    assert findings(result, "R226", "R205", "T301") == []
    doubtful = [
        str(found.message) for found in findings(result, "I113") if "bureaux of their own" in str(found.message)
    ]
    single = {str(path) for name, path in given.items() if name != which} | {str(other)}
    assert {said.partition(" row ")[0] for said in doubtful} == single
    assert len(doubtful) == len(single)


def test_two_bureaux_of_the_only_table_are_in_no_doubt() -> None:
    """Nor where one of them has no votes by choice in it."""
    path = new_file(
        "pv.csv",
        "INSEE;Bureau;Émargements;Votants;Exprimés;DURAND Anne;PETIT Luc\n77001;9;7;7;7;3;4\n77001;0009;6;6;6;;\n",
    )
    result = audited(records=(path,))
    assert result.coverage.bureaux == 2
    assert findings(result, "I113") == []


def test_findings_cite_files_that_were_given(tmp_path: Path) -> None:
    """Of what is covered and of what lacks: the files by their own names, and none where none was given."""
    records = pv(tmp_path, "77001;1;700;702\n77001;2;500;500\n", "procès-verbaux.csv")
    listed = put_text(tmp_path / "listes.csv", "INSEE;Bureau;Émargements\n77001;1;700\n77001;3;5\n")
    result = audited(records=(records,), signatures=(listed,))
    assert {one.field: one.left.source for one in findings(result, "C111")} == {
        "emargements": str(listed),
        "pv": str(records),
    }
    lacks = [(one.code, one.bureau, one.right.source) for one in findings(result, "C105", "C106")]
    assert lacks == [("C105", "2", str(listed)), ("C106", "3", str(records))]


def test_blank_hours_are_found_beside_another_file_s_row_of_another_bureau(tmp_path: Path) -> None:
    """A bureau that two files name adds a second layer of rows, in which the others have none."""
    records = pv(tmp_path, "77001;0001;640;640\n77001;0002;731;731\n", "mairie.csv")
    typed = tmp_path / "saisie.csv"
    head = "INSEE;Bureau;Heure d'ouverture;Heure de clôture;Émargements;Bulletins trouvés\n"
    nine = "77001;0008;08:00;18:00;5;5\n77001;0009;;;618;618\n"
    for more, found in (("", {"0009"}), ("77001;0002;;;731;731\n", {"0002", "0009"})):
        put_text(typed, head + nine + more)
        result = audited(records=(records, typed))
        assert {each.bureau for each in findings(result, "R219")} == found
        assert [each.cause.name for each in result.cases] == ["times-in-record"] * len(found)


OTHER_TOWNS = {
    "the same, written otherwise": "M. MARTIN Paul;Mme DUPONT",
    "the other way round": "DUPONT Anne;MARTIN Paul",
    "a choice of its own": "MARTIN Paul;DURAND Luc",
    "another list": "LEROY;PETIT;DURAND",
}


@pytest.mark.parametrize("names", OTHER_TOWNS.values(), ids=OTHER_TOWNS)
def test_another_town_s_list_of_choices_takes_no_sum_away(tmp_path: Path, names: str) -> None:
    """Without an official list: what a town's PVs do not add up to is told whoever stands elsewhere."""
    head = "Commune;Bureau;Inscrits;Émargements;Votes trouvés;Blancs;Nuls;Exprimés;"
    put_text(
        tmp_path / "here.csv",
        f"{head}MARTIN Paul;DUPONT Anne\nEssai;1;500;300;300;2;1;297;150;147\nEssai;2;600;350;350;2;1;347;160;178\n",
    )
    votes = ";".join(["99"] * names.count(";") + ["198"])
    cast = 198 + 99 * names.count(";")
    put_text(tmp_path / "there.csv", f"{head}{names}\nAutre;1;500;{cast};{cast};0;0;{cast};{votes}\n")
    result = audited(tmp_path)
    assert stated(result, "R210") == [("2", 347, 338)]


def test_what_a_pv_cannot_say_is_read_alike_beside_pvs_with_remarks(tmp_path: Path) -> None:
    rows = "".join(f"77001;{code};{signed};{found}\n" for code, signed, found in ((1, 539, 593), (2, 610, 610)))
    silent, remarked = pv(tmp_path, rows), tmp_path / "others.csv"
    put_text(remarked, "INSEE;Bureau;Émargements;Bulletins trouvés;Observations\n77002;1;400;400;néant\n")
    for given in ((silent,), (silent, remarked)):
        [case] = audited(records=given).cases
        assert (case.cause.name, len(case.detail.readings)) == ("digits-exchanged", 2)
