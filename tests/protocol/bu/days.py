"""Made-up days of an urna for the tests: small, with every kind of vote, two elections and two rolls."""

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from protocol.bu.bulletin import EnvelopeKind
from protocol.bu.counts import OfficeCounts, UrnaSection
from protocol.bu.schema import FormatVersion
from protocol.dumps.checks import CheckVerdict, DumpCheck
from protocol.dumps.layouts import LAYOUTS, DumpReading
from tests.protocol.bu.printing import write_printed
from tests.protocol.bu.writing import UrnaDay, write_ballots, write_bulletin, write_envelope

LAYOUT = next(layout for layout in LAYOUTS if layout.name == "bu")
UNIT = "06050/0002/0824"
STEM = {FormatVersion.V2022: "o00406-0605000020824.", FormatVersion.V2024: "o00406ap0605000020824-"}
_ENDING = {FormatVersion.V2022: "", FormatVersion.V2024: ".dat"}
BULLETIN_NAME, BALLOTS_NAME, PRINTED_NAME = (
    {version: f"{STEM[version]}{kind}{_ENDING[version]}" for version in FormatVersion}
    for kind in ("bu", "rdv", "imgbu")
)
SIGNATURES_NAME = {
    FormatVersion.V2022: f"{STEM[FormatVersion.V2022]}vscmr",
    FormatVersion.V2024: f"{STEM[FormatVersion.V2024]}vota.vsc",
}


def offices() -> list[OfficeCounts]:
    """A deputy with party votes, a senator with null votes only, and a president with another roll."""
    deputy = OfficeCounts(
        546,
        6,
        9,
        8,
        nominal=Counter({1212: 3, 1213: 1, 1301: 1}),
        party=Counter({12: 1}),
        parties={1212: 12, 1213: 12, 1301: 13},
    )
    deputy.blank, deputy.null = 1, 1
    senator = OfficeCounts(546, 5, 9, 8, null=8)
    president = OfficeCounts(544, 1, 20, 17, nominal=Counter({13: 9, 22: 7}), parties={13: 13, 22: 22}, blank=1)
    return [deputy, senator, president]


def day(year: int = 2022) -> UrnaDay:
    """A day in October of a year."""
    return UrnaDay(
        section=UrnaSection(2, 406, 6050, 2, 824),
        place=2402,
        machine=2016070,
        software="8.26.0.0 - Onça-pintada",
        load_code="026174821264803373650036",
        loaded=f"{year}0920T171800",
        opened=f"{year}1002T080242",
        closed=f"{year}1002T170333",
        written=f"{year}1002T170722",
        offices=offices(),
        key=hashlib.sha256(b"a key of nobody").digest(),
        by_hand=2,
        by_finger=14,
    )


def write_day(folder: Path, version: FormatVersion, made: UrnaDay | None = None, null_digits: str = "") -> UrnaDay:
    """The bulletin and the votes of a day, under the names that an urna gives them."""
    made = made or day(int(version.value))
    folder.mkdir(exist_ok=True)
    (folder / BULLETIN_NAME[version]).write_bytes(write_bulletin(made, version))
    (folder / BALLOTS_NAME[version]).write_bytes(write_ballots(made, version, null_digits))
    printed = write_envelope(made, version, EnvelopeKind.PRINTED, write_printed(made))
    (folder / PRINTED_NAME[version]).write_bytes(printed)
    return made


def read_folder(folder: Path, signatures: bool = True) -> DumpReading:
    """All files of a folder that the layout recognises."""
    from protocol.bu.reader import read, recognise

    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return read(
        LAYOUT, [path for path in paths if recognise(path.read_bytes()[:4096], path.name)], signatures=signatures
    )


def outcomes(reading: DumpReading) -> dict[str, CheckVerdict]:
    """By code of the rulebook the worst that was found."""
    worst = (CheckVerdict.HOLDS, CheckVerdict.NOT_CHECKED, CheckVerdict.FAILS)
    found: dict[str, CheckVerdict] = {}
    for check in reading.checks:
        found[check.code] = max(found.get(check.code, CheckVerdict.HOLDS), check.verdict, key=worst.index)
    return found


def failing(reading: DumpReading) -> list[DumpCheck]:
    """All checks that fail."""
    return [check for check in reading.checks if check.verdict is CheckVerdict.FAILS]


def votes(reading: DumpReading) -> dict[tuple[str, str, str], int]:
    """Votes by contest's identifier, kind and choice."""
    found = {}
    tallies = reading.tallies
    for (_, _, _, kind, number), (_, contest, choice, _, _) in zip(tallies.tidy(), tallies.rows.tolist(), strict=True):
        name = tallies.choices[choice].id if choice >= 0 else ""
        found[tallies.contests[contest].id, kind, name] = number
    return found


def change_offices(made: UrnaDay, change: Callable[[list[OfficeCounts]], object]) -> UrnaDay:
    """The same day with other counts."""
    counts = offices()
    change(counts)
    return replace(made, offices=counts)
