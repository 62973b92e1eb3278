"""A night as an independent implementer writes it: from night.md and format.md in docs/reference, and nothing else.

Two polls on one day, one by canton and one of the whole region, in two communes: a bureau with a machine, one with a
machine and its reserve, one that counts paper. All of it is invented. What stands here was looked up in the documents,
and the export's fields are taken from the table of theirs.
"""

import csv
import datetime
import hashlib
import io
import json
import re
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.sources import DOCS

FORMAT = (DOCS / "reference" / "format.md").read_text("utf-8")
DAY = datetime.date(2021, 6, 20)
ELECTION = """
id = "essai-2021"
nom = "Départementales et régionales, essai"
date = 2021-06-20
tour = 1
ouverture = "08:00"
cloture = "18:00"
complet = ["exports", "emargements", "pv", "publie"]

[[scrutins]]
numero = 1
nom = "Départementales"
type = "departementales"

[[scrutins]]
numero = 2
nom = "Régionales"
type = "regionales"
sieges = 9
"""
LISTS = {
    ("1", "01"): ("ARAGO François et SAND George", "NOETHER Emmy et GALOIS Évariste"),
    ("1", "02"): ("CURIE Marie et ZOLA Émile", "HUGO Victor et COLETTE Gabrielle", "WEIL Simone et PROUST Marcel"),
    ("2", ""): ("Essai ensemble", 'La liste "À côté"', "Autrement, dit-elle"),
}


@dataclass(frozen=True)
class Bureau:
    """A bureau with what it counted: by poll, the votes for each choice in every part of the day."""

    insee: str
    commune: str
    code: str
    canton: str
    registered: int
    blank: int
    null: int
    votes: Mapping[str, Sequence[Sequence[int]]]
    machines: Sequence[str] = ()

    def labels(self, poll: str) -> tuple[str, ...]:
        return LISTS[poll, self.canton if poll == "1" else ""]

    def sums(self, poll: str) -> list[int]:
        return [sum(of_choice) for of_choice in zip(*self.votes[poll], strict=True)]

    def counts(self, poll: str) -> list[int]:
        """Registered, signatures, votes found, blank, null, valid."""
        valid = sum(self.sums(poll))
        found = valid + self.blank + self.null
        return [self.registered, found, found, self.blank, self.null, valid]


BUREAUX = (
    Bureau("77001", "Essai-sur-Marne", "0001", "01", 900, 20, 0, {"1": [(300, 180)], "2": [(200, 150, 130)]}, ["A1"]),
    Bureau(
        *("77001", "Essai-sur-Marne", "0A.2", "02", 800, 10, 0),
        {"1": [(150, 40, 10), (91, 80, 20)], "2": [(100, 50, 50), (91, 50, 50)]},
        ["B1", "B2"],
    ),
    Bureau("77002", "Sainte-Épreuve", "1", "02", 300, 5, 3, {"1": [(100, 60, 32)], "2": [(64, 64, 64)]}),
)


def write(folder: Path) -> Path:
    """The whole night."""
    written = dict(files())
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in written.items()}
    written["manifest.json"] = json.dumps({"files": digests}).encode()
    for name, data in written.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def files() -> Iterator[tuple[str, bytes]]:
    rows = [(bureau, poll, [bureau.insee, bureau.code, poll]) for bureau in BUREAUX for poll in bureau.votes]
    counts = "insee,bureau,scrutin,inscrits,emargements,votes_trouves,blancs,nuls,exprimes"
    yield "election.toml", ELECTION.encode()
    yield (
        "choix.csv",
        table(
            "scrutin,circonscription,panneau,choix,type",
            [
                [poll, canton, panel, label, "binome" if poll == "1" else "liste"]
                for (poll, canton), labels in LISTS.items()
                for panel, label in enumerate(labels, start=1)
            ],
        ),
    )
    yield (
        "univers.csv",
        table(
            "insee,commune,departement,circonscription,bureau,inscrits,comptage,ouverture,cloture,"
            "machine,module,scelle_machine,scelle_module",
            [
                [
                    *(bureau.insee, bureau.commune, "77", bureau.canton, bureau.code, bureau.registered),
                    *("machine" if bureau.machines else "papier", "08:00", "18:00"),
                    *("+".join(f"{letter}-{machine}" for machine in bureau.machines) for letter in "MUST"),
                ]
                for bureau in BUREAUX
            ],
        ),
    )
    signed = [[*key, *bureau.counts(poll)[:2]] for bureau, poll, key in rows]
    yield "emargements.csv", table("insee,bureau,scrutin,inscrits,emargements", signed)
    yield (
        "pv.csv",
        table(
            f"{counts},procurations,ouverture,cloture,observations,papier",
            [[*key, *bureau.counts(poll), "", "08:00", "18:00", "néant", ""] for bureau, poll, key in rows],
        ),
    )
    yield "recap.csv", table(counts, [[*key, *bureau.counts(poll)] for bureau, poll, key in rows])
    yield (
        "voix.csv",
        table(
            "insee,bureau,scrutin,choix,voix",
            [
                [*key, label, votes]
                for bureau, poll, key in rows
                for label, votes in zip(bureau.labels(poll), bureau.sums(poll), strict=True)
            ],
        ),
    )
    yield "publie.departementales.txt", pairs()
    yield "publie.regionales.csv", lists()
    for bureau in BUREAUX:
        yield from exports(bureau)


def table(header: str, rows: Sequence[Sequence[object]], delimiter: str = ",") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([header.split(delimiter), *rows])
    return text.getvalue().encode()


def pairs() -> bytes:
    """The first poll in the ministry's text, with what it needs and no more."""
    rows = []
    for bureau in BUREAUX:
        registered, _, found, blank, null, valid = bureau.counts("1")
        rows.append(["77", bureau.canton, bureau.insee, bureau.code, registered, found, blank, null, valid])
        for panel, (label, votes) in enumerate(zip(bureau.labels("1"), bureau.sums("1"), strict=True), start=1):
            rows[-1] += [panel, label, votes]
    header = (
        "Code du département;Code du canton;Code de la commune;Code du b.vote;Inscrits;Votants;Blancs;Nuls;Exprimés"
    )
    return table(f"{header};N°Panneau;Binôme;Voix", rows, ";").decode().encode("iso-8859-1")


def lists() -> bytes:
    """The second poll as a table with a column for each list."""
    labels = LISTS["2", ""]
    header = ["code_insee", "commune", "bureau", "inscrits", "abstentions", "votants", "blancs", "nuls", "exprimes"]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*header, *labels])
    for bureau in BUREAUX:
        registered, _, found, blank, null, valid = bureau.counts("2")
        place = [bureau.insee, bureau.commune, bureau.code]
        writer.writerow([*place, registered, registered - found, found, blank, null, valid, *bureau.sums("2")])
    return text.getvalue().encode()


def exports(bureau: Bureau) -> Iterator[tuple[str, bytes]]:
    """File name and record for each poll and part."""
    for poll, parts in bureau.votes.items():
        labels = bureau.labels(poll)
        for part, machine in enumerate(bureau.machines, start=1):
            blank = bureau.blank if part == 1 else 0
            cast = sum(parts[part - 1]) + blank
            name = "".join(c if c.isdigit() or c.isupper() else f"_{ord(c):02x}" for c in bureau.code)
            yield (
                f"exports/{bureau.insee}-{name}-{poll}-{part}.esf",
                record(
                    magic=bytes.fromhex("8945 5346 0D0A 1A0A"),
                    format_version=1,
                    record_length=576,
                    model="ESF1 (HW 1.06/2.01 - FW 4.02)",
                    machine_serial=f"M-{machine}",
                    module_serial=f"U-{machine}",
                    machine_seal=f"S-{machine}",
                    module_seal=f"T-{machine}",
                    election="essai-2021",
                    constituency=bureau.canton if poll == "1" else "",
                    insee=bureau.insee,
                    bureau=bureau.code,
                    date=int(f"{DAY:%Y%m%d}"),
                    round=1,
                    poll=int(poll),
                    part=part,
                    choices=len(labels),
                    registered=bureau.registered,
                    zero_check=seconds("07:40"),
                    opening=seconds("08:00"),
                    closing=seconds("18:01"),
                    export=seconds("18:20"),
                    voters=cast,
                    enablings=cast,
                    cast=cast,
                    blank=blank,
                    choices_digest=hashlib.sha256("".join(f"{label}\n" for label in labels).encode()).digest(),
                    tallies=tuple(parts[part - 1]),
                ),
            )


def record(**values: int | str | bytes | tuple[int, ...]) -> bytes:
    """One record, each field where the document's table has it; what is not among the values is zeros."""
    data = bytearray(576)
    fields = re.findall(r"^\| (\d+) \| (\d+) \| .*? \| `(\w+)` \|", FORMAT, re.MULTILINE)
    places = {name: (int(offset), int(size)) for offset, size, name in fields}
    for name, value in values.items():
        offset, size = places[name]
        if isinstance(value, int):
            data[offset : offset + size] = value.to_bytes(size, "big")
        elif isinstance(value, tuple):
            struct.pack_into(f">{len(value)}I", data, offset, *value)
        else:
            raw = value.encode("ascii") if isinstance(value, str) else value
            data[offset : offset + len(raw)] = raw
    data[572:] = zlib.crc32(data[:572]).to_bytes(4, "big")
    return bytes(data)


def seconds(clock: str) -> int:
    hour, minute = map(int, clock.split(":"))
    return (DAY - datetime.date(2000, 1, 1)).days * 86400 + hour * 3600 + minute * 60
