"""Tables of the shape and size of data.gouv.fr's of July 2026, whose own are not part of this repository.

56 elections, 3,162,440 bureaux, 27.5 million rows of votes, in the columns and row groups of the third generation. The
bureaux with their voters are those of the presidential election of 2017; how their valid votes are divided among the
choices of each election is drawn at random, and so is who the choices are. In each election two bureaux and some
percentages are wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow import parquet

from bench.elections import COUNTS, VOTES
from protocol.opening import open_evidence
from verify.model.identity import StatedElection
from verify.read.aggregated.elections import known_bureaux
from verify.read.results_files import parse_all

Ints = npt.NDArray[np.int64]
GROUP = 122_880
"""Rows of a row group, as in the published files."""
CHOICES = {"pres": (12, 2), "legi": (11, 2), "euro": (26,), "regi": (9, 3), "dpmt": (4, 2), "cant": (10, 2)}
"""Choices of a bureau in each round, on average those of the published tables."""
MUNICIPAL_CHOICES = {2008: (4, 3), 2014: (8, 5), 2020: (8, 4), 2026: (3, 3)}
WRONG_RATIOS = 4
"""Percentages of each column and election that are 0.01 too high."""
_RATIOS = (
    ("abstentions", "inscrits"), ("votants", "inscrits"), ("blancs", "inscrits"), ("blancs", "votants"),
    ("nuls", "inscrits"), ("nuls", "votants"), ("exprimes", "inscrits"), ("exprimes", "votants"),
)  # fmt: skip
_NAMES = ("nom", "prenom", "nuance", "sexe", "libelle_abrege_liste", "libelle_etendu_liste", "nom_tete_liste", "binome")


@dataclass(frozen=True, slots=True)
class RealBureaux:
    """The bureaux of a real election.

    Attributes:
        insee, name, bureau: codes and names, shape ``(n,)``.
        counts: registered, voters, blank, null and valid, shape ``(n,)`` each.
    """

    insee: npt.NDArray[np.str_]
    name: npt.NDArray[np.str_]
    bureau: npt.NDArray[np.str_]
    counts: tuple[Ints, ...]


def real_bureaux(path: Path) -> RealBureaux:
    """The bureaux of a file of published results."""
    [table] = parse_all(open_evidence(path))
    registered, found, blank, valid = (
        np.maximum(table.counts[name], 0) for name in ("registered", "votes_found", "blank", "valid")
    )
    return RealBureaux(
        table.insee, table.commune, table.bureau, (registered, found, blank, found - blank - valid, valid)
    )


def write_tables(folder: Path, real: RealBureaux, part: float = 1.0, seed: int = 1) -> tuple[int, int]:
    """Write both tables; gives their rows.

    Args:
        folder: for them.
        real: bureaux to take.
        part: of the bureaux of each election.
        seed: of everything drawn.
    """
    rows = [0, 0]
    writers: list[parquet.ParquetWriter] = []
    try:
        for number, (election, bureaux) in enumerate(known_bureaux().items()):
            stated = StatedElection.of_text(election)
            year, kind, round_ = stated.year, stated.kind, stated.round
            rng = np.random.default_rng(np.random.SeedSequence([seed, number]))
            choices = (MUNICIPAL_CHOICES[year] if kind == "muni" else CHOICES[kind])[round_ - 1]
            made = _tables(real, election, kind, int(bureaux * part), choices, year, rng)
            if not writers:
                writers += [
                    parquet.ParquetWriter(folder / name, table.schema, compression="zstd", store_schema=False)
                    for name, table in zip((COUNTS, VOTES), made, strict=True)
                ]
            for at, table in enumerate(made):
                rows[at] += len(table)
                writers[at].write_table(table, row_group_size=GROUP)
    finally:
        for writer in writers:
            writer.close()
    return rows[0], rows[1]


def _tables(
    real: RealBureaux, election: str, kind: str, n: int, choices: int, year: int, rng: np.random.Generator
) -> tuple[pa.Table, pa.Table]:
    """Both tables of one election."""
    at = np.arange(n) % len(real.insee)
    again = np.where(np.arange(n) >= len(real.insee), "B", "")  # more bureaux than in 2017
    insee, bureau = real.insee[at], np.strings.add(real.bureau[at], again)
    ids = pa.array(np.strings.add(np.strings.add(insee, "_"), bureau).tolist())
    registered, found, blank, null, valid = (values[at].copy() for values in real.counts)
    votes = rng.multinomial(valid, rng.dirichlet(np.full(choices, 1.5)))
    abstentions = registered - found
    abstentions[rng.integers(n)] += 1
    valid[rng.integers(n)] += 1
    with_blank = year >= 2017 or (kind == "muni" and year >= 2008)
    if not with_blank:
        null = null + blank
    counts = {"inscrits": registered, "abstentions": abstentions, "votants": found}
    counts |= {"blancs": blank, "nuls": null, "exprimes": valid}
    department = _department(insee)
    texts = {
        "id_election": _constant(election, n),
        "id_brut_miom": ids,
        "code_departement": department,
        "libelle_departement": department,
        "code_canton": _constant(None, n),
        "libelle_canton": _constant(None, n),
        "code_commune": pa.array(insee.tolist()),
        "libelle_commune": pa.array(real.name[at].tolist()),
        "code_circonscription": _constant("1", n),
        "libelle_circonscription": _constant("1ère circonscription", n),
        "code_bv": pa.array(bureau.tolist()),
    }
    figures = {name: pa.array(values, pa.int32()) for name, values in counts.items()}
    ratios = {f"ratio_{a}_{b}": _ratio(counts[a], counts[b], rng) for a, b in _RATIOS}
    if not with_blank:
        figures["blancs"] = pa.nulls(n, pa.int32())
        ratios |= {name: pa.nulls(n, pa.float32()) for name in ratios if name.startswith("ratio_blancs")}
    unit = np.repeat(np.arange(n), choices)
    cast = votes.ravel()
    panel = np.tile(np.arange(1, choices + 1), n)
    candidats = {
        **{name: texts[name].take(pa.array(unit)) for name in ("id_election", "id_brut_miom", "code_departement")},
        **{name: texts[name].take(pa.array(unit)) for name in ("code_commune", "code_bv")},
        "no_panneau": pa.nulls(len(unit), pa.int32())
        if election in ("2004_euro_t1", "2009_euro_t1")
        else pa.array(panel, pa.int32()),
        "voix": pa.array(cast, pa.int32()),
        "ratio_voix_inscrits": _ratio(cast, registered[unit], rng),
        "ratio_voix_exprimes": _ratio(cast, valid[unit], rng),
        **_names(kind, insee, choices),
    }
    return pa.table({**texts, **figures, **ratios}), pa.table(candidats)


def _constant(text: str | None, n: int) -> Any:
    return pa.array([text] * n, pa.string())


def _department(insee: npt.NDArray[np.str_]) -> Any:
    long = np.strings.startswith(insee, "97") | np.strings.startswith(insee, "98")
    return pa.array(np.where(long, insee.astype("U3"), insee.astype("U2")).tolist())


def _ratio(above: Ints, below: Ints, rng: np.random.Generator) -> Any:
    """Percentages of two decimals, rounded half up, some of them wrong."""
    hundredths = np.where(below > 0, (20_000 * above + below) // np.maximum(2 * below, 1), 0)
    hundredths[rng.integers(len(above), size=WRONG_RATIOS)] += 1
    return pa.array((hundredths / 100).astype(np.float32))


def _names(kind: str, insee: npt.NDArray[np.str_], choices: int) -> dict[str, Any]:
    """Name the choices: the same everywhere, by département, or by commune."""
    place = insee if kind == "muni" else insee.astype("U2") if kind in ("legi", "cant", "dpmt", "regi") else insee[:0]
    places, of = np.unique(place, return_inverse=True) if len(place) else (np.array([""]), np.zeros(len(insee), int))
    code = (of[:, None] * choices + np.arange(choices)).ravel().astype(np.int32)
    there = [(str(where), choice) for where in places for choice in range(choices)]
    columns: dict[str, Any] = {name: pa.nulls(len(code), pa.string()) for name in _NAMES}

    def named(text: str) -> Any:
        texts = [text.format(place=where, choice=choice) for where, choice in there]
        return pa.DictionaryArray.from_arrays(pa.array(code), pa.array(texts)).dictionary_decode()

    if kind in ("pres", "legi", "cant"):
        columns |= {"nom": named("NOM{place}{choice}"), "prenom": named("Prénom{choice}"), "sexe": named("F")}
    if kind in ("euro", "regi", "muni"):
        columns |= {name: named("LISTE {place} {choice}") for name in ("libelle_abrege_liste", "libelle_etendu_liste")}
        columns["nom_tete_liste"] = named("TÊTE {choice} Prénom")
    if kind == "dpmt":
        columns["binome"] = named("Mme A{place}{choice} et M. B{choice}")
    if kind != "pres":
        columns["nuance"] = named("N{choice}")
    return columns
