"""What the headers of auditors' tables mean: one table from the spellings in use to quantities and columns of a night.

Accents, case, spaces and punctuation play no part, nor do words that only say that something is counted
(« Nb d'inscrits » is ``inscrits``). « Votants » can mean either count of voters; the other headers decide which.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from protocol.quantities import column_of
from protocol.words import Message, msg, series
from verify.model.field_names import field_label

VOTERS = "votants"
"""The one header that is not a column of a night: the count by the sign-in list, or the ballots found."""

SPELLINGS: dict[str, tuple[str, ...]] = {
    "insee": (
        "INSEE", "code INSEE", "code INSEE commune", "INSEE commune", "code commune INSEE", "n° INSEE", "CODGEO",
        "DEPCOM", "code commune", "n° commune", "code géographique", "INSEE code",
    ),
    "commune": (
        "commune", "nom commune", "libellé commune", "ville", "nom ville", "municipalité", "mairie", "municipality",
    ),
    "departement": ("code département", "département", "dép", "dpt", "code dpt", "n° département"),
    "circonscription": (
        "circonscription", "n° circonscription", "code circonscription", "circo", "n° circo", "constituency",
    ),
    "bureau": (
        "n° bureau", "n° bureau de vote", "code bureau", "code bureau de vote", "code du b.vote", "code BV", "n° BV",
        "ID bvote", "bureau n°", "bureau de vote n°", "bureau", "bureau de vote", "BV", "bur.", "n° bur.",
        "polling station", "station",
    ),
    "scrutin": ("scrutin", "n° scrutin", "poll"),
    "registered": (
        "inscrits", "électeurs inscrits", "inscrits sur la liste électorale", "inscr.", "électeurs", "registered",
        "registered voters",
    ),
    "signatures": (
        "émargements", "émarg.", "émargés", "électeurs émargés", "signatures", "votants émargements",
        "votants d'après les émargements", "votants d'après les feuilles d'émargement",
        "votants d'après la liste d'émargement", "votants constatés par les émargements",
        "votants constaté par la liste d'émargement", "votants selon les émargements", "votants par émargement",
        "votants (émargements)", "émargements constatés", "émargements comptés", "émargements relevés", "sign-ins",
        "total émargements", "total des émargements", "émargements total",
    ),
    VOTERS: ("votants", "total votants", "votants total", "électeurs ayant voté", "voters"),
    "votes_found": (
        "votes trouvés", "bulletins trouvés dans l'urne", "bulletins trouvés", "bulletins", "bulletins dans l'urne",
        "enveloppes et bulletins trouvés dans l'urne", "enveloppes et bulletins", "enveloppes trouvées dans l'urne",
        "enveloppes trouvées", "enveloppes", "bulletins et enveloppes trouvés dans l'urne", "votes trouvés dans l'urne",
        "votes dans l'urne", "votants d'après l'urne", "votants (urne)", "votants bulletins", "votes au compteur",
        "compteur", "compteur de la machine", "votes machine", "votes enregistrés", "votes émis", "total bulletins",
        "votes", "votes found", "ballots found", "ballots",
    ),
    "blank": ("blancs", "blanc", "bulletins blancs", "votes blancs", "suffrages blancs", "bl.", "blank"),
    "null": ("nuls", "nul", "bulletins nuls", "votes nuls", "suffrages nuls", "null votes", "null"),
    "valid": (
        "exprimés", "suffrages exprimés", "votes exprimés", "bulletins exprimés", "exprim.", "expr.",
        "suffrages valablement exprimés", "suffrages valables", "valid votes", "valid",
    ),
    "proxies": (
        "procurations", "procu.", "proc.", "votes par procuration", "mandats", "votants par procuration", "proxies",
    ),
    "ouverture": ("ouverture", "heure d'ouverture", "ouverture du scrutin", "ouvert à", "opening"),
    "cloture": (
        "clôture", "heure de clôture", "clôture du scrutin", "fermeture", "heure de fermeture", "fermé à", "closing",
    ),
    "observations": (
        "observations", "observation", "observations et réclamations", "réclamations", "remarques", "remarque",
        "mentions", "mentions au PV", "observations du PV", "commentaires", "commentaire", "remarks",
    ),
    "paper": ("papier", "bulletins papier", "votes papier", "votes sur papier"),
    "choix": (
        "choix", "candidat", "candidats", "nom du candidat", "candidat ou liste", "liste ou candidat", "liste",
        "nom de la liste", "binôme", "rubrique", "choice", "candidate",
    ),
    "votes": (
        "voix", "suffrages obtenus", "suffrages recueillis", "voix obtenues", "voix recueillies", "suffrages", "score",
        "votes by choice",
    ),
}  # fmt: skip
"""Spellings of each column, the surest first: where a table has two of them, the earlier one is taken."""

PAGES = (
    "page", "pages", "page du scan", "page scan", "page du PV", "page du PDF", "n° page", "p.", "folio", "feuillet",
    "vue", "scan", "fichier", "document", "source", "pièce", "onglet", "sheet",
)  # fmt: skip
"""Headers of columns that say where in a scan or a workbook a row was read."""

OTHERS = (
    "abstentions", "abstention", "canton", "code canton", "tour", "date", "année", "arrondissement", "quartier",
    "adresse", "lieu", "lieu de vote", "nom du bureau", "nom du lieu", "libellé du bureau", "intitulé", "code postal",
    "président", "présidente", "participation", "id", "objectid", "latitude", "longitude", "geo shape", "geo point 2d",
    "région", "code région", "nuance", "écart", "différence", "total", "total voix", "total des voix", "somme",
    "contrôle", "vérification", "machine", "n° machine", "n° série", "scellé", "scellés", "blancs et nuls", "bl nul",
    "blancs nuls", "élection", "type", "rang", "ligne", "n°", "n° ordre", "n° liste", "sexe", "prénom", "comptage",
    "population", "bureau centralisateur", "nombre de listes", "n° panneau", "panneau",
)  # fmt: skip
"""Headers of figures and texts that are no choice of the voters and are not read."""

_FIGURES = ("nombre", "nb", "valeur", "résultat", "chiffre", "number", "value")
"""Headers of the figures of a table with a row for each choice, where nothing else is headed as votes."""

_NOISE = frozenset(("nb", "nbr", "nbre", "nombre", "de", "des", "d", "du", "la", "le", "les", "l", "of", "the"))
_NUMBER = frozenset(("n", "no", "num", "numero", "number"))
_SHARE = re.compile(r"%|^\s*(taux|pourcentage|pct|part)\b|\b(pourcentage|pct)\s*$", re.IGNORECASE)
_HOUR = re.compile(r"(?:emargement|emarg|signature)(?:a)?([01]?[0-9]|2[0-3])(?:h|heures)(?:00)?")
_TOTAL = re.compile(
    r"\W*((grand|sous)[- ]?)?(tota(l|ux)\b|(ensemble|somme|cumul)( (de|des|du|d|la|commune|ville)\b|\W*$))",
    re.IGNORECASE,
)
_RUN_TOGETHER = re.compile(r"(?:nbre|nbr|nb|nombre)(?:d|de|des)?(?=[a-z]{3})")
_NEAR = 0.8
_NOTED = 80
"""Characters of a header in a note."""
_CUT = 200


def names_total(*texts: str) -> bool:
    """Whether one of the texts that should name a commune or a bureau says that its row sums up others.

    Only from its first word on: Bray-sur-Somme is a commune.
    """
    return any(_TOTAL.match(line) for text in texts for line in text.splitlines())


def key(header: str) -> str:
    """A header as small letters and digits, in the singular, without what plays no part; ``n°`` stays, as ``n``."""
    text = re.sub(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])", " ", header[:_CUT])
    text = unicodedata.normalize("NFKD", text.replace("°", "o ").replace("º", "o ").replace("№", "no ")).casefold()
    words = re.findall(r"[a-z0-9]+", "".join(letter for letter in text if not unicodedata.combining(letter)))
    words = ["n" if word in _NUMBER else word.rstrip("sx") if len(word) > 3 else word for word in words]
    said = [word for word in words[:-1] if word not in _NOISE]
    # a letter at the end is no article: « Candidat D » is one of several
    return "".join(said + [word for word in words[-1:] if word not in _NOISE or len(word) == 1] or words)


@cache
def _column_of() -> dict[str, tuple[str, int]]:
    return {
        key(spelling): (column, rank)
        for column, spellings in reversed(SPELLINGS.items())
        for rank, spelling in reversed(list(enumerate((*spellings, column_of(column)))))
    }


@cache
def _keys(spellings: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(key, spellings))


def meaning_of(header: str) -> str | None:
    """The column that a header means by itself: a name of `SPELLINGS`, or None."""
    found = _found(header)
    return found[0] if found else None


def _found(header: str) -> tuple[str, int] | None:
    if _SHARE.search(header):
        return None
    plain = key(header)
    return _column_of().get(plain) or _column_of().get(_RUN_TOGETHER.sub("", plain, count=1))


def is_page(header: str) -> bool:
    """Whether a column says where in a scan a row was read."""
    return key(header) in _keys(PAGES)


def hour_of(header: str) -> int | None:
    """The hour at which a column's signatures were counted: 9 for « Émargements à 9 h »."""
    found = _HOUR.fullmatch(key(header))
    return int(found[1]) if found else None


def is_other(header: str) -> bool:
    """Whether a column is known to hold neither a count that is read nor the votes of a choice."""
    known = key(header) in _keys(OTHERS) or is_page(header) or hour_of(header) is not None
    return known or _SHARE.search(header) is not None or not re.search(r"[^\W\d_]", header)


def nearest(header: str, columns: Sequence[str]) -> str | None:
    """The column of ``columns`` with a spelling that a header is nearly written like, or None."""
    plain = key(header)
    if len(plain) < 3:
        return None
    of = {spelling: column for spelling, (column, _) in _column_of().items() if column in columns}
    close = difflib.get_close_matches(plain, list(of), 1, _NEAR)
    return of[close[0]] if close else None


def example(column: str) -> str:
    """How a column is written, for a message: its surest spelling."""
    spelling = SPELLINGS[column][0]
    return f"« {spelling[0].upper()}{spelling[1:]} »"


@dataclass(frozen=True, slots=True)
class Header:
    """What the columns of a table mean.

    Attributes:
        cells: the headers as they are written.
        at: index of the column for each name of `SPELLINGS` that the table has, `VOTERS` resolved.
        judged: columns of `at` that the header alone does not settle: which was taken for which.
    """

    cells: tuple[str, ...]
    at: dict[str, int]
    judged: dict[str, str]

    def unread(self) -> list[int]:
        """Indices of the columns that mean nothing known."""
        taken = set(self.at.values())
        return [index for index, cell in enumerate(self.cells) if cell.strip() and index not in taken]

    def note(self) -> list[Message]:
        """Which header was read as what, in the names of a night's columns; ``?`` where it could mean another."""
        return [
            msg(
                "« {header} » = {column}",
                header=cell[:_NOTED],
                column=series((field_label(column), "?" if column in self.judged else ""), ""),
            )
            for column, index in sorted(self.at.items(), key=lambda item: item[1])
            if key(cell := self.cells[index].strip()) != key(column_of(column)) or column in self.judged
        ]


def read(cells: Sequence[str], *, signatures: bool) -> Header:
    """What a row of headers means.

    Where a table has « Votants » beside one of the two counts of voters, it is taken for the other one; beside both it
    is left. Alone it is the ballots found, as the published « votants » are, but in a table of sign-in counts it is
    the signatures. ``votes`` is a choice's votes where a column names the choice.

    Args:
        cells: the headers.
        signatures: whether the table was given as one of sign-in counts.
    """
    best: dict[str, tuple[int, int]] = {}
    for index, cell in enumerate(cells):
        if (found := _found(cell)) is not None:
            column, rank = found
            best[column] = min(best.get(column, (rank, index)), (rank, index))
    at = {column: index for column, (_, index) in best.items()}
    judged: dict[str, str] = {}
    if "choix" in at and "votes" not in at and key(cells[at.get("votes_found", 0)]) == key("votes"):
        at["votes"] = at.pop("votes_found")
    if "choix" in at and "votes" not in at:
        at.update(("votes", index) for index, cell in list(enumerate(cells))[::-1] if key(cell) in _keys(_FIGURES))
    voters = at.pop(VOTERS, None)
    if voters is not None:
        if "signatures" in at:
            meant = "votes_found"
        elif "votes_found" in at or signatures:
            meant = "signatures"
        else:
            meant = "votes_found"
        if meant not in at:
            at[meant] = voters
            judged[meant] = cells[voters]
    return Header(tuple(cells), at, judged)
