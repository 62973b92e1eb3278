"""Small tables of data.gouv.fr's shape, in its three generations, as CSV and as Parquet; all figures are invented."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet

from tests.sources import new_folder

COUNTS = ("inscrits", "abstentions", "votants", "blancs", "nuls", "exprimes")
RATIOS = (
    ("abstentions", "inscrits"), ("votants", "inscrits"), ("blancs", "inscrits"), ("blancs", "votants"),
    ("nuls", "inscrits"), ("nuls", "votants"), ("exprimes", "inscrits"), ("exprimes", "votants"),
)  # fmt: skip
NAMES = ("nuance", "sexe", "nom", "prenom", "liste", "libelle_abrege_liste", "libelle_etendu_liste", "nom_tete_liste")
GENERATIONS = ("G1", "G2", "G3")
FRENCH = {
    "code_departement": "Code du département", "libelle_departement": "Libellé du département",
    "code_canton": "Code du canton", "libelle_canton": "Libellé du canton", "code_commune": "Code de la commune",
    "libelle_commune": "Libellé de la commune", "code_circonscription": "Code de la circonscription",
    "libelle_circonscription": "Libellé de la circonscription", "code_bv": "Code du b.vote", "inscrits": "Inscrits",
    "abstentions": "Abstentions", "votants": "Votants", "blancs": "Blancs", "nuls": "Nuls", "exprimes": "Exprimés",
    "ratio_abstentions_inscrits": "% Abs/Ins", "ratio_votants_inscrits": "% Vot/Ins",
    "ratio_blancs_inscrits": "% Blancs/Ins", "ratio_blancs_votants": "% Blancs/Vot",
    "ratio_nuls_inscrits": "% Nuls/Ins", "ratio_nuls_votants": "% Nuls/Vot",
    "ratio_exprimes_inscrits": "% Exp/Ins", "ratio_exprimes_votants": "% Exp/Vot", "no_panneau": "N°Panneau",
    "voix": "Voix", "ratio_voix_inscrits": "% Voix/Ins", "ratio_voix_exprimes": "% Voix/Exp", "nuance": "Nuance",
    "sexe": "Sexe", "nom": "Nom", "prenom": "Prénom", "liste": "Liste",
    "libelle_abrege_liste": "Libellé Abrégé Liste", "libelle_etendu_liste": "Libellé Etendu Liste",
    "nom_tete_liste": "Nom Tête de Liste", "binome": "Binôme",
}  # fmt: skip
"""Headers of the first generation."""


@dataclass(frozen=True)
class Choice:
    """A choice of a bureau: its votes, what names it, and its panel."""

    votes: int | str
    names: dict[str, str]
    panel: int | None = None


@dataclass(frozen=True)
class Bureau:
    """A bureau of an election. Counts that are None are not published."""

    election: str
    id: str
    registered: int | str
    found: int | str
    blank: int | str | None
    null: int | str
    choices: tuple[Choice, ...]
    valid: int | None = None
    changes: dict[str, str] = field(default_factory=dict)
    """Cells of its row that are otherwise than they would be, by column."""


def person(surname: str, votes: int | str, panel: int | None = None, **names: str) -> Choice:
    return Choice(votes, {"nom": surname, "prenom": "Anne", **names}, panel)


def bureau(election: str, id_: str, first: int, second: int, **changes: object) -> Bureau:
    """A bureau with two choices, 10 blank votes, 5 null, and 100 abstentions."""
    found = first + second + 15
    choices = (person("DURAND", first, 1), person("PETIT", second, 2))
    made = Bureau(election, id_, found + 100, found, 10, 5, choices)
    return replace(made, **changes)  # type: ignore[arg-type]


def small() -> list[Bureau]:
    """Two elections of three bureaux each."""
    places = (("01001_0001", 300, 200), ("01001_0002", 150, 90), ("ZA101_0A11", 80, 70))
    return [
        bureau(election, id_, first + more, second)
        for election, more in (("2022_pres_t1", 0), ("2022_pres_t2", 7))
        for id_, first, second in places
    ]


def share(part: object, whole: object) -> str:
    """A percentage with two decimals, rounded half up; empty where a figure is no count."""
    if not (isinstance(part, int) and isinstance(whole, int)):
        return ""
    hundredths = (20_000 * part + whole) // (2 * whole) if whole else 0
    return f"{hundredths // 100}.{hundredths % 100:02}".removesuffix("0").removesuffix(".0")


def general(bureaux: Iterable[Bureau]) -> list[dict[str, str]]:
    """Rows of the table of counts, as the second generation names its columns."""
    rows = []
    for each in bureaux:
        votes = [choice.votes for choice in each.choices if isinstance(choice.votes, int)]
        valid = sum(votes) if each.valid is None else each.valid
        abstained = ""
        if isinstance(each.registered, int) and isinstance(each.found, int):
            abstained = str(each.registered - each.found)
        counts = (each.registered, abstained and int(abstained), each.found, each.blank, each.null, valid)
        figures = dict(zip(COUNTS, counts, strict=True))
        commune, _, code = each.id.partition("_")
        row = {
            "id_election": each.election,
            "id_brut_miom": each.id,
            "code_departement": commune[:2],
            "libelle_departement": "Quelque Part",
            "code_canton": "",
            "libelle_canton": "",
            "code_commune": commune,
            "libelle_commune": "Ambérac",
            "code_circonscription": "",
            "libelle_circonscription": "",
            "code_bv": code,
            **{name: "" if figure is None else str(figure) for name, figure in figures.items()},
            **{f"ratio_{above}_{below}": share(figures[above], figures[below]) for above, below in RATIOS},
        }
        rows.append(row | {name: cell for name, cell in each.changes.items() if name in row})
    return rows


def candidats(bureaux: Iterable[Bureau]) -> list[dict[str, str]]:
    """Rows of the table of votes, likewise."""
    rows = []
    for each in bureaux:
        votes = [choice.votes for choice in each.choices if isinstance(choice.votes, int)]
        valid = sum(votes) if each.valid is None else each.valid
        commune, _, code = each.id.partition("_")
        for choice in each.choices:
            rows.append(
                {
                    "id_election": each.election,
                    "id_brut_miom": each.id,
                    "code_departement": commune[:2],
                    "code_commune": commune,
                    "code_bv": code,
                    "no_panneau": "" if choice.panel is None else str(choice.panel),
                    "voix": str(choice.votes),
                    "ratio_voix_inscrits": share(choice.votes, each.registered),
                    "ratio_voix_exprimes": share(choice.votes, valid),
                    **{name: choice.names.get(name, "") for name in NAMES},
                    "binome": choice.names.get("binome", ""),
                }
            )
    return rows


def in_generation(rows: Sequence[dict[str, str]], generation: str) -> list[dict[str, str]]:
    """Rows as a generation names their columns; the first has three digits for a commune, and decimal commas."""
    if generation == "G2":
        return list(rows)
    if generation == "G3":
        return [{name: cell for name, cell in row.items() if name != "liste"} for row in rows]
    found = []
    for row in rows:
        changed = {**row, "code_commune": row["code_commune"][2:]}
        changed = {k: v.replace(".", ",") if k.startswith("ratio") else v for k, v in changed.items()}
        found.append({FRENCH.get(name, name): cell for name, cell in changed.items()})
    return found


def as_csv(rows: Sequence[dict[str, str]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=";", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def as_parquet(rows: Sequence[dict[str, str]], *, typed: bool = True, **options: object) -> bytes:
    """Rows as Parquet, with types since May 2024, as texts before."""
    arrays = {}
    for name in rows[0]:
        cells = [row[name] or None for row in rows]
        numbers = typed and (name in COUNTS or name in ("voix", "no_panneau"))
        ratios = typed and name.startswith("ratio")
        if numbers:
            arrays[name] = pa.array([None if cell is None else int(cell) for cell in cells], pa.int32())
        elif ratios:
            arrays[name] = pa.array([None if cell is None else float(cell) for cell in cells], pa.float32())
        else:
            arrays[name] = pa.array(cells, pa.string())
    out = io.BytesIO()
    pyarrow.parquet.write_table(pa.table(arrays), out, **({"compression": "zstd"} | options))
    return out.getvalue()


def written(bureaux: Sequence[Bureau], generation: str = "G3", form: str = "parquet") -> tuple[Path, Path]:
    """Both tables in a folder: of counts, of votes."""
    folder = new_folder()
    paths = []
    for name, rows in (("general", general(bureaux)), ("candidats", candidats(bureaux))):
        path = folder / f"{name}_results.{form.partition(' ')[0]}"
        own = in_generation(rows, generation)
        data = as_csv(own) if form == "csv" else as_parquet(own, typed=form == "parquet", row_group_size=4)
        path.write_bytes(data)
        paths.append(path)
    return paths[0], paths[1]
