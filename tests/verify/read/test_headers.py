"""Meaning of headers in auditors' tables, in all spellings, and headers that are never guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import night
from tests.sources import new_folder
from tests.verify.night_builder import loaded
from verify.model.labels import field_label
from verify.read.tables import header_rows, headers
from verify.read.tables.asked import Asked, AskedColumn
from verify.read.tables.headers import find_meaning, key, wordings
from verify.read.totals import names_total

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
    headers.VOTANTS: ["Votants", "Nb votants", "NOMBRE DE VOTANTS"],
}  # fmt: skip


def test_spellings() -> None:
    for column, text in [(column, text) for column, texts in FORMS.items() for text in texts]:
        assert headers.meaning_of(text) == column
        assert headers.meaning_of(f"  {text.upper()} ") == column


IN_USE = {
    "votes_found": (
        "Votants (d'après le compteur de la machine)", "Total du compteur",
        "Nombre de votes enregistrés par la machine",
        "Nombre d'enveloppes et bulletins sans enveloppe trouvés dans l'urne", "Votes au compteur",
        "Compteur de la machine à voter", "Total machine", "Votants machine", "Votants (machine)",
        "Votants (compteur)", "Relevé du compteur", "Nombre total de votes émis", "Bulletins trouvés dans l'urne",
        "Nombre de bulletins dans l'urne", "Enveloppes trouvées dans l'urne", "Enveloppes et bulletins trouvés",
        "Nombre de bulletins dépouillés", "Bulletins et enveloppes", "Votes trouvés dans l'urne électronique",
        "Nombre de votants d'après l'urne", "Nb votes machine", "Suffrages enregistrés par la machine",
        "Nombre de votants au compteur", "Machine count", "Chiffre du compteur", "Dépouillés",
        "Total des votes", "Votes enregistrés", "Total général du compteur",
        "Compteur public", "Votants d'après la machine à voter", "Bulletins comptés",
        "Votes comptabilisés par la machine", "Votants selon le compteur public", "ballots found in the box",
        "Ballots counted", "Ballots cast", "Votes cast", "Votes recorded by the machine", "Voting machine total",
        "Machine counter", "Total ballots in the urn", "Envelopes found",
        "Number of envelopes and ballots found in the urn", "Public counter", "Votes on the machine", "Votants urne",
        "Votants d'après les bulletins trouvés dans l'urne", "Nombre d'enveloppes", "Total votes",
        "nb de bulletins trouvés dans l'urne", "Compteur à la clôture",
    ),
    "signatures": (
        "Signatures (chiffre du PV)", "Émargements au PV", "Signatures apposées",
        "Combien de signatures sur la liste d'émargement ?",
        "Émargements", "Émargements à la clôture", "Signatures (clôture)", "Nombre d'émargements", "Nb d'émargements",
        "Votants (liste d'émargement)",
        "Votants d'après la liste d'émargement", "Nombre de votants constaté par les émargements",
        "Électeurs ayant émargé", "Nombre d'électeurs ayant émargé", "Signatures", "Nombre de signatures",
        "Émargements relevés sur la liste", "Total des émargements", "Votants émargés",
        "Nombre de votants (émargements)", "Nombre de votants d'après les feuilles d'émargement",
        "Votants ayant signé", "Électeurs ayant signé la liste d'émargement", "Émargements (liste papier)", "Signed",
        "Number of signatures", "Sign-in count", "Voters who signed", "Voters on the sign-in list",
        "Signatures on the list", "Poll book signatures", "Pointage", "Nombre d'émargements constatés",
        "Votants pointés", "Émargements de la liste électorale", "Nombre de votants d'après la liste", "Émarg",
    ),
    "registered": (
        "Inscrits", "Électeurs inscrits", "Nombre d'électeurs inscrits", "Nombre d'inscrits",
        "Inscrits sur la liste électorale", "Nombre d'électeurs inscrits sur la liste d'émargement",
        "Inscrits (liste principale)", "Electeurs", "Registered", "Registered voters", "Number of registered voters",
        "Voters registered", "Electorate", "Eligible voters", "NB_INSCR", "Total inscrits",
        "Inscrits liste électorale",
    ),
    "blank": (
        "Blancs", "Bulletins blancs", "Votes blancs", "Nombre de bulletins blancs",
        "Bulletins blancs et enveloppes vides", "Blancs (bulletins)", "Votes blancs enregistrés", "Blank",
        "Blank votes", "Blank ballots", "Suffrages blancs", "Nb blancs", "Total blancs", "Vote blanc",
        "Bulletins blancs trouvés dans l'urne", "Bull. blancs",
    ),
    "null": (
        "Nuls", "Bulletins nuls", "Votes nuls", "Nombre de bulletins nuls", "Bulletins déclarés nuls", "Null votes",
        "Spoilt ballots", "Invalid votes", "Rejected ballots", "Spoiled", "Nb nuls",
        "Bull. nuls",
    ),
    "valid": (
        "Exprimés", "Suffrages exprimés", "Nombre de suffrages exprimés", "Total des suffrages exprimés",
        "Suffrages valablement exprimés", "Votes exprimés", "Valid votes", "Valid", "Valid ballots", "NB_EXPRIM",
        "Bulletins valables", "Suffr. expr.", "Suff. exprimés", "Suff. Exp.", "Suff exp", "suffr_expr",
        "S. exp.", "S.E.",
    ),
    "proxies": (
        "Procurations", "Nombre de procurations", "Votes par procuration", "Votants par procuration",
        "Procurations utilisées", "Proxies", "Proxy votes", "Nb proc.",
    ),
    "observations": (
        "Observations", "Observations du bureau", "Observations et réclamations", "Remarques", "Mentions au PV",
        "Observations portées au procès-verbal", "Réclamations", "Commentaires", "Remarks", "Comments", "Incidents",
        "Notes", "Observations éventuelles", "Réclamations des délégués",
    ),
    "cloture": (
        "Clôture", "Heure de clôture", "Heure de fermeture", "Fermeture du bureau", "Closing time",
        "Clôture du scrutin", "Fin du scrutin", "Closed",
    ),
    "ouverture": (
        "Ouverture", "Heure d'ouverture", "Opening time", "Ouverture du bureau de vote", "Début du scrutin",
    ),
    "votants": (
        "Votants", "Nombre de votants", "Total votants", "Voters", "Nb votants", "Électeurs ayant voté",
        "Votants total", "Turnout",
    ),
    "bureau": (
        "Bureau", "N° bureau", "Bureau de vote n°", "Code BV", "Numéro du bureau", "BV", "Polling station", "N° BDV",
        "Bureau (n°)", "N° de bureau", "Num bureau", "Bureau de vote (numéro)", "Precinct",
    ),
    "paper": (
        "Bulletins papier", "Votes papier", "Paper ballots", "Bulletins de vote papier",
    ),
    "commune": (
        "Commune", "Ville", "Nom de la commune", "Town",
    ),
    "insee": (
        "Code INSEE", "INSEE", "Code commune", "Code INSEE de la commune",
    ),
}  # fmt: skip
"""Wordings that PVs, circulars, city portals and spreadsheets use or may use."""

NOTHING_KNOWN = (
    "Écart", "Écart émargements/votes", "Différence votes - émargements", "Taux de participation", "% exprimés",
    "Blancs et nuls", "Nom du bureau", "Adresse du bureau", "Machine", "N° de la machine", "Numéro machine à voter",
    "Numéro de série de la machine", "Scellé de l'urne", "Inscrits ayant voté par procuration à la clôture",
    "LE PEN Marine", "M. BLANC Louis", "B. BLANC", "BLANC Éric", "NUL Jean", "URNE Paul", "Mme VOTANT Claire",
    "Liste Le Vote Blanc", "Pour un vote utile", "MACHINE Arthur", "Votants A", "Émargements à 10h",
    "Émargements 17 h", "Heure", "Président du bureau", "Compteur à l'ouverture", "Temps de vote",
    "PV reçu", "Ensemble", "ENVELOPPE Luc", "Bureau centralisateur", "Lieu de vote",
    "Votants - émargements", "Total", "Participation", "% votants", "Pourcentage de blancs", "Ecart compteur",
    "Bidule", "Machin",
)  # fmt: skip
"""Names, differences, shares, numbers and words of another kind: none of them is a count by its words."""


def test_wordings_by_their_words() -> None:
    for column, text in [(column, text) for column, texts in IN_USE.items() for text in texts]:
        meant = find_meaning(text)
        assert meant is not None
        assert meant[0] == column


def test_no_count_by_its_words() -> None:
    for text in NOTHING_KNOWN:
        assert find_meaning(text) is None


def test_whoever_has_the_name_of_a_count_is_a_choice() -> None:
    for name in ("BLANC Éric", "NUL Jean", "URNE Paul", "Mme VOTANT Claire", "Liste Le Vote Blanc", "MACHINE Arthur"):
        assert not headers.is_other(name)
    for several in ("Votants - émargements", "Blancs / nuls", "Taux de participation", "PCT_VOTANTS"):
        assert headers.is_other(several)


@given(st.lists(st.sampled_from(sorted({text for texts in IN_USE.values() for text in texts}) + list(NOTHING_KNOWN))))
def test_a_header_is_read_alike_in_whatever_order(cells: list[str]) -> None:
    one, other = (headers.read(row) for row in (cells, cells[::-1]))
    assert one.at.keys() == other.at.keys()


def test_every_column_of_sign_ins_pvs_and_votes_has_its_own_name_and_spellings() -> None:
    for table in (night.SIGNATURES, night.RECORDS, night.VOTES):
        for column in (*table.columns, *table.further):
            assert headers.meaning_of(column.name) == column.key
            assert wordings().whole[column.key]


def test_no_spelling_means_two_columns() -> None:
    meanings: dict[str, set[str]] = {}
    for column, spellings in wordings().whole.items():
        for spelling in spellings:
            meanings.setdefault(key(spelling), set()).add(column)
    assert {plain: of for plain, of in meanings.items() if len(of) > 1} == {}


def test_what_is_none_of_them() -> None:
    for text in ("% exprimés", "Blancs (%)", "Taux de participation", "LE PEN Marine", "Blancs et nuls", ""):
        assert headers.meaning_of(text) is None


def test_what_is_no_choice() -> None:
    for text in ("Arrondissement", "Canton", "% LE PEN", "Page", "N°", "12", "Blancs et nuls", "Total voix"):
        assert headers.is_other(text)


@pytest.mark.parametrize(
    "text", ["LE PEN", "M. BLANC", "Liste 3", "Mme Pagès", "MACRON Emmanuel", "Candidat D", "Liste L", "-x", "Y."]
)
def test_what_may_be_a_choice(text: str) -> None:
    assert headers.meaning_of(text) is None
    assert not headers.is_other(text)


def test_pages() -> None:
    for text in ("Page", "N° de page", "PAGE DU SCAN", "p.", "Fichier", "onglet"):
        assert headers.is_page(text)


def test_hours() -> None:
    for text, hour in (
        ("emargements_09h", 9),
        ("Émargements à 10h", 10),
        ("Émargements 17 h 00", 17),
        ("Émargements", None),
    ):
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
    header = headers.read(cells, Asked(signatures=signatures))
    assert header.at[meant] == cells.index("Votants")
    assert header.judged == {meant}
    [taken] = [each for each in header.taken({}) if each.header == "Votants"]
    assert (taken.meaning, taken.label, taken.sure) == (meant, field_label(meant), False)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("N° Insc. Émarg. Vot. Bl. N. Expr.", "bureau registered signatures votes_found blank null valid"),
        ("BV I Em Vts B N E", "bureau registered signatures votes_found blank null valid"),
        ("BV I E V B N SE", "bureau registered signatures votes_found blank null valid"),
        ("BV Ins. Vot. N B Exp.", "bureau registered votes_found - - valid"),
        ("BV Ins. Vot. B N", "bureau registered votes_found - -"),
        ("N° Ins. Ém. Vot.", "bureau registered signatures votes_found"),
        ("BV Ins. Vot. EM LR", "bureau registered votes_found - -"),
        ("BV Ins. Vot. E.M. N.", "bureau registered votes_found - -"),
    ],
)
def test_initials_are_counts_where_blank_null_and_valid_votes_stand_together(written: str, meant: str) -> None:
    header = headers.with_numbers(headers.read(written.split()))
    said = {index: column for column, index in header.at.items()}
    assert [said.get(index, "-") for index in range(len(header.cells))] == meant.split()


def test_what_a_user_says_of_a_header_is_of_no_other_with_the_same_letters() -> None:
    asked = Asked({headers.key("N."): AskedColumn("null", "N.")})
    assert headers.read(["N°", "Inscrits", "Émargements", "N."], asked).at["null"] == 3
    assert headers.read(["N°", "Inscrits", "Émargements"], asked).at["null"] == 0


def test_a_header_that_a_user_explains_is_not_joined_with_its_group() -> None:
    rows = [["Lieu", "Bulletins"], ["Bureau", "Nb"]]
    asked = Asked({headers.key("Nb"): AskedColumn("null", "Nb")})
    assert header_rows.with_above(rows, 1, rows[1], Asked()) == ["Bureau", "Nb Bulletins"]
    assert header_rows.with_above(rows, 1, rows[1], asked) == rows[1]


def test_votants_beside_both_counts_is_left() -> None:
    header = headers.read(["Bureau", "Votants", "Émargements", "Bulletins"])
    assert header.at == {"bureau": 0, "signatures": 2, "votes_found": 3}
    assert header.unread() == [1]


def test_of_two_spellings_the_surer_is_taken() -> None:
    assert headers.read(["Bureau", "N° bureau", "Inscrits"]).at["bureau"] == 1


def test_votes_beside_the_name_of_a_choice_are_its_votes() -> None:
    assert headers.read(["Bureau", "Candidat", "Votes"]).at == {"bureau": 0, "choix": 1, "votes": 2}


def test_the_nearest_of_the_columns_asked_for() -> None:
    assert headers.nearest("Emargemants", ["signatures", "registered"]) == "signatures"
    assert headers.nearest("Emargemants", ["registered"]) is None
    assert headers.nearest("X", list(wordings().whole)) is None


def test_totals() -> None:
    for text in ("TOTAL", "Total général", "Sous-total", "sous total", "TOTAUX", "Ensemble", "Somme", "Grand total"):
        assert names_total("", text)


@pytest.mark.parametrize("text", ["0001", "Bray-sur-Somme", "Salle Ensemble", "Ensemble scolaire", "Totalité"])
def test_no_totals(text: str) -> None:
    assert not names_total(text, "0001")


@given(st.lists(st.text(max_size=20), max_size=12), st.booleans())
def test_any_header_is_read(cells: list[str], signatures: bool) -> None:
    header = headers.read(cells, Asked(signatures=signatures))
    assert all(0 <= index < len(cells) for index in header.at.values())
    assert len(set(header.at.values())) == len(header.at)
    assert not set(header.unread()) & set(header.at.values())


@pytest.mark.parametrize("header", ["Participation 12h", "Votants à 17 h 00", "12h", "Émargements 12 heures"])
def test_a_count_of_an_hour_is_no_choice(header: str) -> None:
    assert headers.is_other(header)
    assert not headers.is_other(header.replace("h", "hab"))


@pytest.mark.parametrize(
    "text",
    [
        "Bureau;Émargements;Votes trouvés;Exprimés;LE CHOIX;VIVRE ENSEMBLE\n1;7;7;7;4;3\n",
        "Bureau;Liste;Voix\n1;LE CHOIX;4\n1;VIVRE ENSEMBLE;3\n",
    ],
)
def test_a_list_that_is_called_the_choice_keeps_its_votes(text: str) -> None:
    evidence = loaded(new_folder({"tableau.csv": text}))
    assert evidence.votes is not None
    assert evidence.votes.values.ravel().tolist() == [4, 3]
    assert evidence.problems == []
