"""Fuzzing of `regard verify` as a whole: one file of a night's folder, or one file of an auditor, is changed.

Whatever it says, the command ends with a report and the exit code that belongs to it. This drives the readers of a
night's own tables, of the election, the manifest and the thresholds, of auditors' spreadsheets, the lining up, every
rule, and the report in both languages.
"""

import contextlib
import io
import json
import os
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

from regard.cli import main
from tests.fuzz._guided import Bounds, Harness
from tests.verify.night_builder import small_night
from tests.verify.published.samples import workbook

BOUNDS = Bounds(seconds=10, memory=96 * 2**20)
"""For a whole audit of a few bureaux."""

FORMS = {
    "--pv wide": (
        "Commune;N° bureau;Inscrits;Nb émargements;Bulletins trouvés dans l'urne;Blancs;Nuls;Suffrages exprimés;ZOLA;"
        "Voix CURIE;Page\nEssai;0001;1 000;700;702;10;0;692;600;92;3\nEssai;0002;1200;801;801;1;0;800;700;100;4\n"
        "TOTAL;;2200;1501;1503;11;0;1492;1300;192;\n"
    ).encode(),
    "--pv long": (
        "insee,bureau,votants d'après les émargements,votants,exprimés,choix,voix\n77001,0001,700,702,692,ZOLA,600\n"
        "77001,0001,700,702,692,CURIE,92\n77001,0002,801,801,800,ZOLA,800\n"
    ).encode("latin-1"),
    "--pv workbook": workbook(
        {"PV": "Mairie\n\nCommune|Bureau|Émargements|Votants|Exprimés|ZOLA\nEssai|'0001|700|702|692|692\n"}
    ),
    "--pv page": (
        "<html><body><h1>Ville</h1><table><tr><td rowspan=2>Bureau<td colspan='2'>1er tour<td colspan=2>2nd tour"
        "<tr><td>Émargements<td>Votants<td>Émargements<td>Votants<tr><td>1<td>700<td>702<td>650<td>651"
        "<tr><td>2<td>801<td>801<td>790<td>790</table><!-- <tr> --></body></html>"
    ).encode(),
    "--emargements": (
        "Bureau de vote;Nombre d'électeurs inscrits;Émargements;10h;12h\n1;1000;700;200;400\n2;1200;801;;\n"
    ).encode("utf-8-sig"),
}
"""Files of an auditor by the option that they are given with."""

THRESHOLDS = b"gap_permille = 2\ngap_votes = 12\n"
OTHER = {
    "manifest.json": json.dumps({"files": {"pv.csv": "0" * 64, "exports": "x", "gone.csv": "1" * 64}}).encode(),
    "recap.csv": b"insee,bureau,scrutin,inscrits,emargements,votes_trouves,blancs,nuls,exprimes\n"
    b"77001,0001,1,900,626,626,20,0,606\n77001,0002,1,850,546,547,17,0,530\n",
}
"""Files of a folder that the small night does not have by itself."""


def seeds() -> dict[str, bytes]:
    """One example of every kind of file: those of a night by their names, an auditor's by their options."""
    files = small_night().files()
    exports = sorted(name for name in files if name.startswith("exports/"))
    return {name: files[name] for name in files if name not in exports[1:]} | OTHER | FORMS | {"thresholds": THRESHOLDS}


def examine(name: str, path: Path, data: bytes) -> int:
    """Verify a folder with one file changed, or one file alone, in French and in English.

    Returns:
        1 where the evidence could be read.

    Raises:
        AssertionError: no report, or an exit code that says something else than the report.
    """
    folder = path.parent / "night"
    arguments = ["verify"]
    if name.startswith("--"):
        path.write_bytes(data)
        arguments += [name.split()[0], str(path)]
    else:
        if not folder.exists():
            small_night().write(folder)
        arguments.append(str(folder))
        if name == "thresholds":
            path.write_bytes(data)
            arguments += ["--thresholds", str(path)]
    with changed(folder / name, data) if "." in name else contextlib.nullcontext():
        codes = [code for lang in ("fr", "en") for code in [said(arguments, lang)]]
    assert codes[0] == codes[1]
    return codes[0] < 2


@contextlib.contextmanager
def changed(path: Path, data: bytes) -> Iterator[None]:
    """A file of a folder with other content, for a while."""
    before = path.read_bytes() if path.exists() else None
    path.write_bytes(data)
    try:
        yield
    finally:
        if before is None:
            path.unlink()
        else:
            path.write_bytes(before)


def said(arguments: list[str], lang: str) -> int:
    """Run the command with its report and its JSON; the exit code.

    Raises:
        SystemExit: a signal has ended the command, which says so by its code; it was meant for the whole run.
    """
    report, told = io.StringIO(), io.StringIO()
    path = Path(arguments[-1]).parent / "out.json"
    path.unlink(missing_ok=True)
    with (
        contextlib.redirect_stdout(report),
        contextlib.redirect_stderr(told),
        mock.patch.dict(os.environ, {"REGARD_TRACEBACK": "1"}),
    ):
        code = main([*arguments, "--lang", lang, "--json", str(path)])
    if code > 2:
        raise SystemExit(code)
    if code == 2:
        assert told.getvalue().strip(), "nothing readable, and not a word"
        return code
    found = json.loads(path.read_bytes())
    errors = any(one["severity"] == "error" for one in found["findings"])
    assert code == errors, f"exit code {code}"
    assert report.getvalue()
    failed = [one["message"] for one in found["findings"] if one["code"] in ("I120", "I121")]
    assert not failed, f"something was raised: {failed[0]}"
    held = [at for case in found["cases"] for at in case["findings"]]
    grave = [at for at, one in enumerate(found["findings"]) if one["severity"] != "info"]
    assert len(held) == len(set(held)) and set(grave) <= set(held), "a finding in no case, or in two"  # noqa: PT018
    return code


run = Harness(seeds, examine, BOUNDS).run
