"""What the headers of auditors' tables mean, in all spellings, and what is never guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import night
from verify.model.field_names import field_label
from verify.read.tables import headers

FORMS = {
    "registered": ["Inscrits", "INSCRITS", "Nb d'inscrits", "Nombre d’inscrits", "NB_INSCR", "nbinscrits", "Inscrit"],
    "signatures": [
        "Émargements", "EMARGEMENTS", "Nb émargements", "NbEmargements", "NB_EMARG", "Émargement",
        "Nombre de votants d'après les feuilles d'émargement", "Votants (émargements)", "votants_emargement",
    ],
    "votes_found": [
        "Bulletins trouvés dans l'urne", "BULLETINS TROUVES DANS L'URNE", "Nombre de bulletins", "votes_trouves",
        "Enveloppes et bulletins trouvés dans l’urne", "Compteur de la machine",
    ],
    "bureau": ["N° bureau", "Nº BUREAU", "№ bureau", "Numéro du bureau de vote", "Code du b.vote", "BV", "Bureau"],
    "insee": ["Code commune", "INSEE", "Code INSEE", "code_insee", "CodeInsee"],
    "valid": ["Suffrages exprimés", "Exprimés", "NB_EXPRIM", "suffrages exprime\u0301s"],
    "blank": ["Blancs", "Bulletins blancs", "NB_BL", "Votes blancs"],
    "null": ["Nuls", "Nul", "Bulletins nuls"],
    "proxies": ["Procurations", "NB_PROCU", "Votes par procuration"],
    "observations": ["Observations", "OBSERVATION", "Remarques", "Observations et réclamations"],
    "cloture": ["Clôture", "Heure de clôture", "cloture"],
    "choix": ["Candidat", "Choix", "Liste", "Nom du candidat"],
    "votes": ["Voix", "Nb voix", "Suffrages obtenus"],
    headers.VOTERS: ["Votants", "Nb votants", "NOMBRE DE VOTANTS"],
}  # fmt: skip


@pytest.mark.parametrize(("column", "text"), [(column, text) for column, texts in FORMS.items() for text in texts])
def test_spellings(column: str, text: str) -> None:
    assert headers.meaning_of(text) == column
    assert headers.meaning_of(f"  {text.upper()} ") == column


def test_every_column_of_sign_ins_pvs_and_votes_has_its_own_name_and_spellings() -> None:
    for table in (night.SIGNATURES, night.RECORDS, night.VOTES):
        for column in (*table.columns, *table.further):
            assert headers.meaning_of(column.name) == column.key
            assert headers.SPELLINGS[column.key]


def test_no_spelling_means_two_columns() -> None:
    meanings: dict[str, set[str]] = {}
    for column, spellings in headers.SPELLINGS.items():
        for spelling in spellings:
            meanings.setdefault(headers.key(spelling), set()).add(column)
    assert {plain: of for plain, of in meanings.items() if len(of) > 1} == {}


@pytest.mark.parametrize(
    "text", ["% exprimés", "Blancs (%)", "Taux de participation", "LE PEN Marine", "Blancs et nuls", ""]
)
def test_what_is_none_of_them(text: str) -> None:
    assert headers.meaning_of(text) is None


@pytest.mark.parametrize(
    "text", ["Abstentions", "Canton", "% LE PEN", "Page", "N°", "12", "Blancs et nuls", "Total voix"]
)
def test_what_is_no_choice(text: str) -> None:
    assert headers.is_other(text)


@pytest.mark.parametrize(
    "text", ["LE PEN", "M. BLANC", "Liste 3", "Mme Pagès", "MACRON Emmanuel", "Candidat D", "Liste L"]
)
def test_what_may_be_a_choice(text: str) -> None:
    assert headers.meaning_of(text) is None
    assert not headers.is_other(text)


@pytest.mark.parametrize("text", ["Page", "N° de page", "PAGE DU SCAN", "p.", "Fichier", "onglet"])
def test_pages(text: str) -> None:
    assert headers.is_page(text)


@pytest.mark.parametrize(
    ("text", "hour"),
    [("emargements_09h", 9), ("Émargements à 10h", 10), ("Émargements 17 h 00", 17), ("Émargements", None)],
)
def test_hours(text: str, hour: int | None) -> None:
    assert headers.hour_of(text) == hour


@pytest.mark.parametrize(
    ("cells", "signatures", "meant"),
    [
        (["Bureau", "Votants"], False, "votes_found"),
        (["Bureau", "Votants"], True, "signatures"),
        (["Bureau", "Émargements", "Votants"], False, "votes_found"),
        (["Bureau", "Votants", "Bulletins"], False, "signatures"),
        (["Bureau", "Votants", "Émargements"], True, "votes_found"),
    ],
)
def test_votants_is_the_count_that_the_others_leave_and_is_said_to_be_judged(
    cells: list[str], signatures: bool, meant: str
) -> None:
    header = headers.read(cells, signatures=signatures)
    assert header.at[meant] == cells.index("Votants")
    assert header.judged == {meant: "Votants"}
    assert f"« Votants » = {field_label(meant)}?" in map(str, header.note())


def test_votants_beside_both_counts_is_left() -> None:
    header = headers.read(["Bureau", "Votants", "Émargements", "Bulletins"], signatures=False)
    assert header.at == {"bureau": 0, "signatures": 2, "votes_found": 3}
    assert header.unread() == [1]


def test_of_two_spellings_the_surer_is_taken() -> None:
    assert headers.read(["Bureau", "N° bureau", "Inscrits"], signatures=False).at["bureau"] == 1


def test_votes_beside_the_name_of_a_choice_are_its_votes() -> None:
    assert headers.read(["Bureau", "Candidat", "Votes"], signatures=False).at == {"bureau": 0, "choix": 1, "votes": 2}


def test_the_nearest_of_the_columns_asked_for() -> None:
    assert headers.nearest("Emargemants", ["signatures", "registered"]) == "signatures"
    assert headers.nearest("Emargemants", ["registered"]) is None
    assert headers.nearest("X", list(headers.SPELLINGS)) is None


@pytest.mark.parametrize(
    "text", ["TOTAL", "Total général", "Sous-total", "sous total", "TOTAUX", "Ensemble", "Somme", "Grand total"]
)
def test_totals(text: str) -> None:
    assert headers.names_total("", text)


@pytest.mark.parametrize("text", ["0001", "Bray-sur-Somme", "Salle Ensemble", "Ensemble scolaire", "Totalité"])
def test_no_totals(text: str) -> None:
    assert not headers.names_total(text, "0001")


@given(st.lists(st.text(max_size=20), max_size=12), st.booleans())
def test_any_header_is_read(cells: list[str], signatures: bool) -> None:
    header = headers.read(cells, signatures=signatures)
    assert all(0 <= index < len(cells) for index in header.at.values())
    assert len(set(header.at.values())) == len(header.at)
    assert not set(header.unread()) & set(header.at.values())
