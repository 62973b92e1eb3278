"""A small feed of an invented election in both generations: two départements, four constituencies, the nation."""

from __future__ import annotations

import io
import os
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

PLACES = {"02A": 2, "048": 1}
"""Départements, by their three characters, and how many legislative constituencies each has by the law."""


@dataclass(frozen=True)
class Result:
    """A place's figures. Votes by name; marks by name, NON where there is none."""

    registered: int
    blank: int
    null: int
    votes: Mapping[str, int]
    marks: Mapping[str, str] = field(default_factory=dict)
    filled: int = 0
    abstained: int = 100

    @property
    def valid(self) -> int:
        return sum(self.votes.values())

    def __add__(self, other: Result) -> Result:
        names = dict.fromkeys((*self.votes, *other.votes))
        votes = {name: self.votes.get(name, 0) + other.votes.get(name, 0) for name in names}
        return Result(
            self.registered + other.registered,
            self.blank + other.blank,
            self.null + other.null,
            votes,
            abstained=self.abstained + other.abstained,
        )


def result(first: int, second: int, third: int = 20, **changes: object) -> Result:
    """A place where nobody is elected, unless the changes say so; 100 abstentions, 10 blank votes, 5 null."""
    votes = {"DURAND Anne": first, "PETIT Luc": second, "ROCHE Lia": third}
    marks = {"DURAND Anne": "QUALIF T2", "PETIT Luc": "QUALIF T2"}
    made = Result(first + second + third + 115, 10, 5, votes, marks)
    return replace(made, **changes)  # type: ignore[arg-type]


def communes() -> dict[tuple[str, str, str], Result]:
    """By département, constituency and commune."""
    return {
        ("02A", "01", "004"): result(300, 280),
        ("02A", "01", "006"): result(200, 190),
        ("02A", "02", "004"): result(150, 170),
        ("048", "01", "002"): result(400, 390),
        ("048", "01", "003"): result(90, 80),
    }


def new_feed(
    results: Mapping[tuple[str, str, str], Result] | None = None, year: str = "2022", number: str = "1"
) -> dict[str, bytes]:
    """The files of the generation of 2024 by their names: constituencies, communes, départements, the nation."""
    results = communes() if results is None else dict(results)
    files = {}
    for code in PLACES:
        short = code.removeprefix("0")
        own = {key: value for key, value in results.items() if key[0] == code}
        head = f"<CodDpt>{short}</CodDpt><LibDpt>Département {short}</LibDpt>"
        parts: dict[str, Result] = {}
        for key, value in own.items():
            parts[key[1]] = parts[key[1]] + value if key[1] in parts else value
        inside = "".join(
            f"<Circonscription><CodCirElec>{short}{circo}</CodCirElec><LibCirElec>{circo}e</LibCirElec>"
            f"<NbSap>1</NbSap><NbSiePourvus>{each.filled}</NbSiePourvus>"
            f"{tours(marked(each, own, circo), number)}</Circonscription>"
            for circo, each in parts.items()
        )
        files[f"{short}/R{number}{short}CIR.xml"] = departement(
            head, f"<Circonscriptions>{inside}</Circonscriptions>", year
        )
        towns = "".join(
            f"<Commune><CodSubCom>{key[2]}</CodSubCom><LibSubCom>Ville {key[2]}</LibSubCom>"
            f"<CodCirElec>{short}{key[1]}</CodCirElec>{tours(replace(value, marks={}), number, marks=False)}</Commune>"
            for key, value in own.items()
        )
        files[f"{short}/R{number}{short}COM.xml"] = departement(head, f"<Communes>{towns}</Communes>", year)
        whole = tours(total(own), number, marks=False)
        files[f"{short}/R{number}{short}.xml"] = departement(head, whole, year)
    nation = (
        f"<EnsembleGeo><LibEnsGeo>France entière</LibEnsGeo>{tours(total(results), number, marks=False)}</EnsembleGeo>"
    )
    files[f"R{number}FE.xml"] = election(nation, year)
    return files


def old_feed(year: str = "2017") -> dict[str, bytes]:
    """The same figures in the generation of 2017, with an index."""
    files = {}
    rows = ""
    for code in PLACES:
        own = {key: value for key, value in communes().items() if key[0] == code}
        head = (
            f"<CodReg>94</CodReg><CodReg3Car>094</CodReg3Car><CodDpt>{code[1:]}</CodDpt><CodDpt3Car>{code}</CodDpt3Car>"
        )
        towns = "".join(
            f"<Commune><CodSubCom>{key[2]}</CodSubCom><LibSubCom>Ville {key[2]}</LibSubCom>"
            f"<CodCirLg>{key[1]}</CodCirLg>{old(tours(value, marks=False))}</Commune>"
            for key, value in own.items()
        )
        folder = f"resultatsT1/094/{code}"
        files[f"{folder}/{code}com.xml"] = departement(head, f"<Communes>{towns}</Communes>", year)
        files[f"{folder}/{code}.xml"] = departement(head, old(tours(total(own), marks=False)), year)
        rows += f"<Departement>{head}<DateDerExtract>11-06-2017</DateDerExtract><Complet>O</Complet></Departement>"
    files["resultatsT1/FE.xml"] = election(old(tours(total(communes()), marks=False)), year)
    files["resultatsT1/index.xml"] = election(f"<Departements>{rows}</Departements>", year)
    return files


def marked(whole: Result, of: Mapping[tuple[str, str, str], Result], circo: str) -> Result:
    """The sum of a constituency with the marks and seats of its first commune."""
    first = next(value for key, value in of.items() if key[1] == circo)
    return replace(whole, marks=first.marks, filled=first.filled)


def total(results: Mapping[tuple[str, str, str], Result]) -> Result:
    first, *others = results.values()
    for other in others:
        first = first + other
    return first


def tours(of: Result, number: str = "1", *, marks: bool = True) -> str:
    found = of.valid + of.blank + of.null
    counts = {
        "Inscrits": of.registered,
        "Abstentions": of.abstained,
        "Votants": found,
        "Blancs": of.blank,
        "Nuls": of.null,
        "Exprimes": of.valid,
    }
    mentions = "".join(
        f"<{name}><Nombre>{count}</Nombre>"
        + (f"<RapportInscrits>{share(count, of.registered)}</RapportInscrits>" if name != "Inscrits" else "")
        + f"</{name}>"
        for name, count in counts.items()
    )
    people = ""
    for panel, (name, votes) in enumerate(of.votes.items(), 1):
        surname, given = name.rsplit(" ", 1)
        people += (
            f"<Candidat><NumPanneauCand>{panel}</NumPanneauCand><NomPsn>{escape(surname)}</NomPsn>"
            f"<PrenomPsn>{given}</PrenomPsn><CodNuaCand>N{panel}</CodNuaCand><NbVoix>{votes}</NbVoix>"
            f"<RapportExprimes>{share(votes, of.valid)}</RapportExprimes>"
            + (f"<Elu>{of.marks.get(name, 'NON')}</Elu>" if marks else "")
            + "</Candidat>"
        )
    return (
        f"<Tours><Tour><NumTour>{number}</NumTour><Mentions>{mentions}</Mentions>"
        f"<Resultats><Candidats>{people}</Candidats></Resultats></Tour></Tours>"
    )


def share(part: int, whole: int) -> str:
    hundredths = (20_000 * part + whole) // (2 * whole) if whole else 0
    return f"{hundredths // 100},{hundredths % 100:02}"


def old(xml: str) -> str:
    """The same in the older generation's tags."""
    return xml.replace("RapportInscrits", "RapportInscrit").replace("RapportExprimes", "RapportExprime")


def departement(head: str, inside: str, year: str) -> bytes:
    return election(f"<Departement>{head}{inside}</Departement>", year)


def election(inside: str, year: str, kind: str = "Législatives") -> bytes:
    text = f"<Election><Scrutin><Type>{kind}</Type><Annee>{year}</Annee></Scrutin>{inside}</Election>"
    lines = text.replace("><", ">\n<")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{lines}\n'.encode()


def written(files: Mapping[str, bytes], folder: Path) -> Path:
    """The files in a folder."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def tarred(files: Mapping[str, bytes], kind: bytes = tarfile.REGTYPE) -> bytes:
    """The files in a tar, with their folders."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        folder = tarfile.TarInfo("feed")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size, info.type, info.linkname = len(data) if kind == tarfile.REGTYPE else 0, kind, "elsewhere"
            archive.addfile(info, io.BytesIO(data))
    return packed.getvalue()


def close(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Let no folder of a name be listed, as if somebody else's; of whoever may read everything as well."""
    scandir = os.scandir

    def scan(path: str | Path = ".") -> object:
        if Path(path).name == name:
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", scan)
