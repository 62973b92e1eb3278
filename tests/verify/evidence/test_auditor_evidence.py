"""Findings from auditors' PVs and sign-in counts, with nothing guessed and nothing lost."""

import datetime
import re
from pathlib import Path

import pytest

from protocol import night
from protocol.words import language
from regard.dossier.contents import build
from regard.language import show
from regard.letters.asking import AskedVote, SaidVote, vote_of
from regard.letters.law import Vote
from regard.serve.election_pages import form_values
from tests.sources import DOCS, new_folder, put_text
from tests.verify.night_builder import (
    CURIE,
    INSEE,
    LOVELACE,
    ZOLA,
    audited,
    bureaux_with,
    findings,
    loaded,
    small_night,
    stated,
)
from tests.verify.published import samples
from verify import audit
from verify.audit import Audit
from verify.loading import load
from verify.model.evidence import Sources
from verify.model.identity import StatedElection
from verify.model.use import NothingReadable

SIGNED = night.SIGNATURES.kind
TABLE = """Commune;N° bureau;Inscrits;Nb émargements;Bulletins trouvés dans l'urne;Blancs;Nuls;Suffrages exprimés;ZOLA
Essai;0001;1000;700;702;10;0;692;692
Essai;0002;1200;801;801;1;0;800;800
"""


def checked(**files: str) -> Audit:
    """An audit of these files alone; `pv`, `emargements`, `voix`, `univers` as text."""
    folder = new_folder()
    given_files: dict[str, tuple[Path, ...]] = {}
    for name, content in files.items():
        path = put_text(folder / f"{name}.csv", content)
        given_files[name] = (path,)
    sources = Sources(
        folder=folder if "univers" in files else None,
        records=given_files.get("pv", ()),
        signatures=given_files.get("emargements", ()),
        votes=given_files.get("voix", ()),
    )
    return audit.run(load(sources))


UNIVERSE = """insee,commune,departement,circonscription,bureau,inscrits,comptage,ouverture,cloture
68224,Mulhouse,68,,0001,1000,machine,08:00,19:00
68224,Mulhouse,68,,0002,1200,machine,08:00,19:00
42218,Saint-Étienne,42,,0001,900,papier,08:00,19:00
"""


def test_tabs_of_one_kind_are_one_table_and_other_tabs_are_named(tmp_path: Path) -> None:
    row = "Commune|N° bureau|Émargements|Votants\n{}|'0001|5|{}\n"
    book = samples.workbook({"Nord": row.format("A", 6), "Notes": "Lire ceci\n", "Sud": row.format("B", 7)})
    (tmp_path / "only.xlsx").write_bytes(book)
    result = audited(records=(tmp_path / "only.xlsx",))
    assert [one.right.value for one in findings(result, "R201")] == [6, 7]
    assert "not used" in str(result.inputs[0].note)
    assert [one.right.source for one in findings(result, "R201")] == [
        f"{tmp_path / 'only.xlsx'}:2 [Nord]",
        f"{tmp_path / 'only.xlsx'}:2 [Sud]",
    ]


def test_headers_with_nothing_below_are_no_evidence_and_not_wrong() -> None:
    for text in ("Bureau;Émargements\n", "Bureau;Émargements\n0001;\n0002;\n"):
        with pytest.raises(NothingReadable):
            checked(emargements=text)
    result = checked(pv=TABLE, emargements="Bureau;Inscrits;Émargements\n0001;;\n")
    assert findings(result, "I113") == []
    assert [str(used.note) for used in result.inputs if used.kind == SIGNED] == ["nothing filled in"]


def test_a_total_of_a_commune_is_no_commune_of_the_list() -> None:
    text = "Commune;Bureau;Votants\nMulhouse;0001;5\n;0002;6\nTotal Mulhouse;;11\n"
    result = checked(univers=UNIVERSE, pv=text)
    assert findings(result, "I113") == []
    [total] = findings(result, "C110")
    assert total.left.value == "Total Mulhouse"
    assert "est une ligne de total (Total Mulhouse) et non un bureau" in show("fr", total.message)


def test_bv_before_a_code_is_no_part_of_it() -> None:
    result = checked(pv="Bureau;Votants\nBV1;6\nBV02;7\n", emargements="Bureau;Émargements\n0001;5\n2;7\n")
    assert [(gap.bureau, gap.left.value) for gap in findings(result, "R201")] == [("0001", 5)]
    assert findings(result, "I113", "R202") == []


@pytest.mark.parametrize("total", ["Total", "TOTAL GÉNÉRAL", "Ensemble des bureaux", ""])
@pytest.mark.parametrize("codes", [("Bureau n° 11", "Bureau n° 12"), ("11 - École", "12 - Mairie")])
def test_a_row_of_totals_does_not_keep_words_in_the_codes(codes: tuple[str, str], total: str) -> None:
    pv = f"Bureau;Votants;Exprimés\n{codes[0]};5;5\n{codes[1]};7;6\n{total};12;11\n"
    result = checked(pv=pv, emargements="Bureau;Émargements\n11;5\n12;6\n")
    assert stated(result, "R201") == [("12", 6, 7)]
    assert len(findings(result, "C110")) == 1
    assert findings(result, "C105", "C106") == []


# --- what follows from it --------------------------------------------------------------------------------------------


def test_pvs_alone_show_their_gap_with_the_page_of_the_scan() -> None:
    text = (
        "Commune;Bureau;Émargements;Votants;Observations;Page\nA;1;700;702;RAS;3\nA;2;5;6;un émargement oublié;p. 4\n"
    )
    result = checked(pv=text)
    places = [found.right.source.rpartition("/")[2] for found in findings(result, "R201")]
    assert places == ["pv.csv:2 [page 3]", "pv.csv:3 [p. 4]"]
    [silent] = findings(result, "R204")
    assert silent.bureau == "1"


def test_r204_says_nothing_where_remarks_were_not_given() -> None:
    result = checked(pv=TABLE)
    assert findings(result, "R204") == []
    assert len(findings(result, "R201")) == 1


def test_the_sign_in_sheet_that_carries_both_counts_stands_for_pvs_as_well() -> None:
    result = checked(emargements=TABLE)
    assert len(findings(result, "R201")) == 1
    assert set(result.coverage.kinds) == {"emargements", "pv", "voix"}
    alone = checked(emargements=TABLE, pv=TABLE.replace("0001;1000;700", "0001;1000;702"))
    assert len(findings(alone, "R205")) == 1  # a PV that was given is the PV


def test_a_commune_by_name_is_the_one_of_that_name_on_the_list() -> None:
    text = "Commune;Bureau;Émargements;Votants\nMULHOUSE;0001;5;6\nSt Etienne;0001;7;7\n"
    result = checked(univers=UNIVERSE, pv=text)
    [gap] = findings(result, "R201")
    assert (gap.insee, gap.bureau) == ("68224", "0001")
    assert result.coverage.kinds["pv"] == (2, 3)
    assert findings(result, "I113", "C108") == []


def test_a_name_that_is_not_on_the_list_is_told_with_the_nearest() -> None:
    result = checked(univers=UNIVERSE, pv="Commune;Bureau;Votants\nMulhous;0001;6\nMulhouse;0002;6\n")
    [wrong] = findings(result, "I113")
    assert wrong.field == "commune"
    assert "le fichier contient : « Mulhous » ; le plus proche est « Mulhouse »." in show("fr", wrong.message)
    assert len(findings(result, "C108")) == 1


def test_two_communes_of_one_name_are_told_apart_by_the_departement_or_not_at_all() -> None:
    universe = UNIVERSE + "67001,Mulhouse,67,,0001,10,papier,08:00,18:00\n"
    text = "Département;Commune;Bureau;Votants\n{};Mulhouse;0001;6\n"
    assert findings(checked(univers=universe, pv=text.format("68")), "I113", "C108") == []
    [wrong] = findings(checked(univers=universe, pv=text.format("")), "I113")
    assert wrong.left.value == "68224, 67001"


def test_the_only_commune_needs_no_column() -> None:
    one = "\n".join(UNIVERSE.splitlines()[:3]) + "\n"
    result = checked(univers=one, pv="Bureau;Votants\n0001;5\n")
    assert result.coverage.kinds["pv"] == (1, 2)
    [wrong] = findings(checked(univers=UNIVERSE, pv="Bureau;Votants\n0001;5\n"), "I113")
    assert wrong.field == "insee"


def test_a_row_of_totals_is_no_second_commune() -> None:
    pv = "Commune;Code INSEE;Bureau;Votants\nMulhouse;68224;0001;5\nTOTAL;;;5\n"
    result = checked(pv=pv, emargements="Bureau;Émargements\n1;5\n")
    assert result.coverage.kinds["emargements"] == (1, 1)
    assert findings(result, "I113") == []
    assert "« Code INSEE »" not in " ".join(show("fr", used.note) for used in result.inputs)


def test_without_a_list_12_and_0012_of_two_files_are_one_bureau() -> None:
    result = checked(pv="Bureau;Votants\n12;6\n13;7\n", emargements="Bureau;Émargements\n0012;5\n0014;7\n")
    assert bureaux_with(result, "R201") == ["0012"]
    # no list: which of the two files has a bureau too many, nobody can say
    assert {(found.code, found.bureau) for found in findings(result, "C105", "C106")} == {
        ("C105", "0013"),
        ("C106", "0014"),
    }
    assert {str(found.severity.name) for found in findings(result, "C105", "C106")} == {"INFO"}


def test_the_poll_may_be_left_out_where_there_is_one() -> None:
    text = f"INSEE;Bureau;Émargements;Votants\n{INSEE};0001;5;6\n"
    for polls in (1, 2):
        built = small_night(polls=polls)
        built.incomplete()
        built.raw["pv.csv"] = text.encode()
        told = [found.field for found in findings(built.run(), "I113")]
        assert told == ([] if polls == 1 else ["scrutin"])


def test_choices_are_matched_with_the_list_of_the_night(tmp_path: Path) -> None:
    built = small_night()
    row = built.row("pv.csv", "0001")
    cast = [int(built.row("voix.csv", "0001", choice=choice)["voix"]) for choice in (ZOLA, CURIE, LOVELACE)]
    head = "INSEE;Bureau;Inscrits;Émargements;Votes trouvés;Blancs;Nuls;Exprimés;M. ZOLA;Mme Curie Marie;LOVELACE"
    keys = ("inscrits", "emargements", "votes_trouves", "blancs", "nuls", "exprimes")
    folder = tmp_path / "night"
    built.write(folder)
    for change in (0, 1):
        cells = [row[key] for key in keys] + [str(cast[0] + change), str(cast[1]), str(cast[2])]
        put_text(tmp_path / "wide.csv", f"{head}\n{INSEE};0001;{';'.join(cells)}\n")
        (folder / "voix.csv").unlink(missing_ok=True)
        result = audited(folder, records=(tmp_path / "wide.csv",))
        assert [found.field for found in findings(result, "R207")] == [ZOLA] * change


def test_a_night_file_with_columns_of_choices_besides(tmp_path: Path) -> None:
    head = "insee,bureau,scrutin,inscrits,emargements,votes_trouves,blancs,nuls,exprimes,ZOLA"
    text = f"{head}\n77001,0001,1,9,6,6,0,0,6,6\n"
    put_text(tmp_path / "pv.csv", text)
    assert audited(records=(tmp_path / "pv.csv",)).coverage.kinds["voix"] == (1, 1)


# --- real feeds with both counts -------------------------------------------------------------------------------------


@pytest.mark.check(15)
@pytest.mark.parametrize("option", ["records", "signatures", "published"])
@pytest.mark.parametrize(
    ("file", "more", "fewer"),
    [
        ("2017-presidentielle-t1-paris-city.csv", 213, 68),
        ("2022-presidentielle-t2-paris-city.csv", 172, 58),
        ("2015-departementales-t1-toulouse.json", 10, 9),
    ],
)
def test_a_feed_with_both_counts_serves_as_both(real_data: Path, option: str, file: str, more: int, fewer: int) -> None:
    path = real_data / file
    sources = {"records": Sources(records=(path,)), "signatures": Sources(signatures=(path,))}
    result = audit.run(load(sources.get(option, Sources(published=(path,)))))
    assert (len(findings(result, "R201")), len(findings(result, "R202"))) == (more, fewer)
    assert findings(result, "R204", "C108", "I114") == []
    both = audited(records=(path,), published=(path,))
    assert len(findings(both, "P401")) == len({(found.insee, found.bureau) for found in findings(both, "P401")})


# --- the guides for auditors -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("guide", ["pieces.md", "evidence.md"])
def test_every_example_of_the_guides_is_read_as_it_says(guide: str) -> None:
    examples = re.findall(r"```csv\n(.*?)```", (DOCS / "guide" / guide).read_text("utf-8"), re.DOTALL)
    assert len(examples) == 3
    for number, example in enumerate(examples):
        result = checked(pv=example)
        assert findings(result, "I113", "R210") == []
        assert len(findings(result, "R204")) == (number == 0)  # « RAS » mentions no gap; the others have no remarks
        assert [(one.bureau, one.right.value) for one in findings(result, "R201")] == [("0001", 702)]
        assert len(findings(result, "C110")) == (number == 0)
        assert ("voix" in result.coverage.kinds) == (number > 0)


@pytest.mark.parametrize("code", ["", "01350"])
def test_a_commune_has_the_name_that_says_most_in_whatever_order_it_is_written(code: str) -> None:
    header = "Code INSEE;Commune;Bureau;Inscrits;Émargements;Bulletins trouvés\n"
    written = ("SAINT-ETIENNE-DU-BOIS", "Saint-Etienne-du-Bois", "Saint-Étienne-du-Bois")
    for first, second, third in (written, written[::-1]):
        pv = header + f"{code};{first};0001;1000;700;701\n{code};{second};0002;1000;700;700\n"
        result = checked(pv=pv, emargements=f"Code INSEE;Commune;Bureau;Émargements\n{code};{third};0003;9\n")
        assert set(result.coverage.communes.values()) == {"Saint-Étienne-du-Bois"}
        assert {found.insee for found in findings(result, "R201")} == {code or "Saint-Étienne-du-Bois"}


def test_two_communes_under_one_code_keep_their_names(tmp_path: Path) -> None:
    pv = "Code INSEE;Commune;Bureau;Inscrits;Émargements;Bulletins trouvés\n01350;Bois;0001;9;7;8\n"
    pv += "01350;Prés;0002;9;7;7\n"
    put_text(tmp_path / "pv.csv", pv)
    universe = loaded(records=(tmp_path / "pv.csv",)).universe
    assert universe.commune.tolist() == ["Bois", "Prés"]


def test_words_around_what_stands_in_cells_are_said_once() -> None:
    pv = "Commune;Bureau;Votants\nMulhouse;0001;=5\nMulhouse;0002;=6\n"
    [found] = findings(checked(univers=UNIVERSE, pv=pv), "I113")
    said = show("en", found.message)
    assert said.count("formula") == 1
    assert "“=6” in row 3" in said
    [found] = findings(checked(univers=UNIVERSE, pv=pv.replace("=5", "né").replace("=6", "rien")), "I113")
    assert "found “né”, “rien” in row 3." in show("en", found.message)


@pytest.mark.parametrize(
    ("title", "kind", "number"),
    [
        ("Commune d'Essai - Élection présidentielle - 1er tour - 11 avril 2022", "pres", 1),
        ("Élections municipales;;relu le 3 mars 2024", "muni", 0),
        ("Élections régionales et départementales, 2e tour", "", 2),
        ("PV relus par Mme Dupont", "", 0),
    ],
)
def test_a_title_above_the_header_says_which_election_a_table_is_of(
    tmp_path: Path, title: str, kind: str, number: int
) -> None:
    put_text(tmp_path / "pv.csv", f"{title};;;;;;;;\n;;;;;;;;\n{TABLE}")
    evidence = loaded(records=(tmp_path / "pv.csv",))
    assert evidence.stated == StatedElection(kind, 0, number)


def test_a_day_in_a_title_is_the_day_of_the_vote_wherever_it_is_asked_for(tmp_path: Path) -> None:
    title = "Élections législatives, 1er tour, dimanche 30 juin 2024"
    put_text(tmp_path / "pv.csv", f"{title};;;;;;;;\n{TABLE}")
    evidence = loaded(records=(tmp_path / "pv.csv",))
    day = datetime.date(2024, 6, 30)
    assert evidence.stated == StatedElection("legi", 2024, 1, day)
    assert SaidVote.of(evidence) == SaidVote(("legislatives",), day, 1)
    assert vote_of(AskedVote(), SaidVote.of(evidence)) == Vote("legislatives", day, 1)
    other = vote_of(AskedVote(date=datetime.date(2024, 7, 7)), SaidVote.of(evidence))
    assert "the folder says: legislative elections, first round, Sunday 30 June 2024" in show("en", other)
    dossier = build(evidence, audit.run(evidence), "en")
    assert dossier.title == "Legislative election 2024, round 1, Essai, Sunday 30 June 2024"
    assert dossier.steps
    typed = form_values(None, evidence, language("en"))
    assert typed == {"date": "2024-06-30", "round": "1", "kind-1": "legislatives"}


def test_a_column_says_more_than_a_title(tmp_path: Path) -> None:
    titled = TABLE.replace("ZOLA", "ZOLA;Tour").replace("692\n", "692;1\n").replace(";800\n", ";800;1\n")
    put_text(tmp_path / "pv.csv", f"Législatives, 2e tour;;;;;;;;;\n{titled}")
    assert loaded(records=(tmp_path / "pv.csv",)).stated == StatedElection("legi", 0, 1)


@pytest.mark.parametrize("name", ["pv.csv", "mairie.csv"])
def test_a_table_of_which_no_row_can_be_read_is_not_called_empty(tmp_path: Path, name: str) -> None:
    put_text(tmp_path / name, "Bureau;Inscrits;Votants\n1;900;500;450\n2;800;400;390\n")
    with pytest.raises(NothingReadable, match="row 2: expected 3 cells, got 4 cells") as refused:
        loaded(tmp_path)
    assert "nothing filled in" not in str(refused.value)
    assert "columns such as" not in str(refused.value)
