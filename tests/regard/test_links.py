"""Files found in a folder belong to it, for every command: a link that leads out of it is named, never read."""

import shutil
from pathlib import Path

import pytest

from tests.regard.calling import CommandLine
from tests.sources import put_text
from tests.verify.night_builder import small_night

OUTSIDE = "MOTDEPASSE"


@pytest.fixture
def night(tmp_path: Path) -> Path:
    """A night whose further files, of every kind that is looked for, are links to files beside it."""
    folder, outside = small_night().write(), tmp_path / "outside"
    shutil.copytree(folder, outside)
    for path in outside.rglob("*.csv"):
        text = path.read_text("utf-8").replace("Essai-sur-Marne", OUTSIDE).replace("CURIE Marie", OUTSIDE)
        put_text(path, text)
    put_text(outside / "election.toml", f'id = "{OUTSIDE}"\n')
    put_text(outside / "lines.txt", f"{OUTSIDE};1\n" * 3)
    for name in ("pv.csv", "voix.csv", "emargements.csv", "univers.csv", "choix.csv", "election.toml"):
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(outside / name)
    for name in ("sheets.csv", "a.tlog-proof", "publie.premier.txt", "a.json", "colonnes.csv", "suites.csv", "a.xml"):
        (folder / name).symlink_to(outside / "lines.txt")
    (folder / "exports" / "link.esf").symlink_to(outside / "lines.txt")
    (folder / "more").symlink_to(outside)
    return folder


@pytest.mark.parametrize(
    "words",
    [
        "verify N --verbose --json -",
        "verify N/exports --json -",
        "verify --exports N/exports --pv N/publie.txt --json -",
        "show N 77001 0001",
        "precision N --json -",
        "next N --election legislatives --date 12/06/2022",
        "totals N/exports",
        "seal N",
        "live N --store OUT --speed 0",
        "score N",
    ],
)
def test_a_link_out_of_a_folder_is_not_followed(night: Path, tmp_path: Path, cli: CommandLine, words: str) -> None:
    out = tmp_path / "out"
    given = [word.replace("OUT", str(out)) if word == "OUT" else word for word in words.split()]
    given = [f"{night}{word[1:]}" if word == "N" or word.startswith("N/") else word for word in given]
    (night / "verite.csv").symlink_to(tmp_path / "outside" / "lines.txt")
    cli(*given, code=None)
    assert OUTSIDE not in cli.out + cli.err
    assert not out.is_file() or OUTSIDE.encode() not in out.read_bytes()
