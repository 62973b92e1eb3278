"""D: what the layouts of other machines have checked of their dumps becomes findings of the night, under its codes."""

import html
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType

import pytest
from pypdf import PdfReader

from protocol.dumps import recognising
from protocol.dumps.checks import CheckTopic, CheckVerdict, DumpCheck
from protocol.dumps.layouts import LAYOUTS, DumpFile, DumpLayout, DumpReading
from protocol.dumps.tallies import DumpChoice, DumpContest, TallyBuilder, TallyKind
from protocol.export.terms import MAGIC
from protocol.opening import open_evidence
from protocol.words import msg
from tests.regard.calling import CommandLine
from tests.sources import new_file, put_text
from tests.verify.night_builder import audited, codes_of, figures, findings, input_of, small_night
from verify.audit import Audit
from verify.model.findings import Severity
from verify.rulebook.catalogue import rules

MARK = b"A DUMP OF A MACHINE OF THE TESTS\n"


def recognise(head: bytes, name: str) -> bool:
    """By its mark."""
    return head.startswith(MARK)


def read(
    layout: DumpLayout, files: Sequence[Path], below: Path | None, progress: Callable[[int], None] | None
) -> DumpReading:
    """Each line after the mark: a code, a verdict, and two figures."""
    builder = TallyBuilder(("place",))
    contest = builder.contest(DumpContest("1", "question"))
    builder.add(builder.unit("here"), contest, TallyKind.CHOICE, 7, builder.choice(DumpChoice(contest, "1", "oui")))
    checks, seen = [], []
    for path in files:
        file = open_evidence(path, 10_000, below)
        seen.append(DumpFile(path, len(file.data), file.sha256, msg("a dump of the tests")))
        for line in file.data.decode().splitlines()[1:]:
            code, verdict, left, right = line.split()
            checks.append(
                DumpCheck(
                    code,
                    CheckTopic.AGREEMENT,
                    CheckVerdict[verdict],
                    msg("two copies of a figure"),
                    source=path.name,
                    unit="here",
                    left=left,
                    right=right,
                    left_source="one",
                    right_source="other",
                )
            )
    return DumpReading(layout, builder.finish(), tuple(seen), tuple(checks))


@pytest.fixture(autouse=True)
def layout(monkeypatch: pytest.MonkeyPatch) -> None:
    """A layout of a machine that is only here."""
    of_tests = ModuleType("layout_of_the_tests")
    vars(of_tests).update(recognise=recognise, read=read)
    monkeypatch.setitem(sys.modules, "layout_of_the_tests", of_tests)
    known = DumpLayout("of-tests", msg("a machine of the tests"), "layout_of_the_tests")
    monkeypatch.setattr(recognising, "layouts", lambda: (known, *LAYOUTS))


def dump(*lines: str, name: str = "dump.xyz") -> Path:
    """A dump with some checks."""
    return new_file(name, MARK + "\n".join(lines).encode())


def of(path: Path, *paths: Path) -> Audit:
    return audited(exports=(path, *paths))


SEVERITIES = {
    **dict.fromkeys((f"D{number}" for number in (*range(101, 109), 110, 111, 112, 113)), Severity.ERROR),
    **dict.fromkeys(("D109", "D114", "D115", "D117"), Severity.WARNING),
    "D118": Severity.INFO,
}


@pytest.mark.parametrize(("code", "severity"), SEVERITIES.items())
def test_a_check_that_fails_is_a_finding(code: str, severity: Severity) -> None:
    """With both figures, in one case where it is grave; one that holds is none."""
    result = of(dump(f"{code} FAILS 12 13", f"{code} HOLDS 5 5"))
    [found] = findings(result, code)
    assert found.severity is severity
    assert figures(found) == ("12", "13")
    assert str(found.message) == "here, dump.xyz: two copies of a figure: 12 (one), 13 (other)."
    assert code in result.coverage.checked
    assert sum(len(case.findings) for case in result.cases) == (severity is not Severity.INFO)


def test_d119() -> None:
    result = of(dump("D103 NOT_CHECKED 1 2"))
    [found] = findings(result, "D119")
    assert found.severity is Severity.INFO
    assert not findings(result, "D103")


def test_a_dump_beside_a_night_changes_nothing_of_the_night() -> None:
    alone = small_night().run()
    night = small_night()
    night.raw["dump.xyz"] = dump("D104 FAILS 1 2").read_bytes()
    both = night.run()
    assert [each.code for each in both.findings if each.code[0] == "D"] == ["D104"]
    assert [each for each in both.findings if each.code[0] != "D"] == list(alone.findings)
    assert {code for code in both.coverage.checked if code[0] == "D"} == {code for code in rules() if code[0] == "D"}
    assert not [code for code in alone.coverage.checked if code[0] == "D"]
    used = input_of(both, "dump.xyz")
    assert used.kind == "dump"
    assert used.sha256


def test_verify_shows_what_was_checked_of_a_dump(language: str, tmp_path: Path, cli: CommandLine) -> None:
    path = dump("D104 FAILS 1 2", "D101 HOLDS 1 1", "D103 NOT_CHECKED 1 1")
    report = tmp_path / "r.json"
    cli("verify", "--exports", path, "--json", report, "--lang", language, code=1)
    wanted = {
        "fr": "1 contrôle conforme, 1 non conforme, 1 impossible",
        "en": "1 check holds, 1 does not hold, 1 could not be made",
    }
    assert wanted[language] in cli.said
    assert "0 bureau" not in cli.said
    assert json.loads(report.read_bytes())["coverage"]["rules"]["not_checked"] == {}


@pytest.mark.parametrize("lines", [(), ("D103 NOT_CHECKED 1 1",)])
def test_it_is_said_that_nothing_could_be_checked(language: str, lines: tuple[str, ...], cli: CommandLine) -> None:
    cli("verify", "--exports", dump(*lines), "--verbose", "--lang", language)
    shown = cli.out
    end = {"fr": "aucun contrôle des relevés n'a pu être fait", "en": "no check of the dumps could be made"}
    assert end[language] in " ".join(shown.split())
    none, left_out = {
        "fr": ("aucun contrôle n'a pu être fait", "non contrôlé – two copies of a figure"),
        "en": ("no check could be made", "not checked – two copies of a figure"),
    }[language]
    assert (none in " ".join(shown.split())) == (not lines)
    assert (left_out in shown) == bool(lines)


def test_what_could_not_be_checked_has_a_line_each(cli: CommandLine) -> None:
    path = dump("D101 HOLDS 1 1", *["D103 NOT_CHECKED 1 1"] * 14)
    cli("verify", "--exports", path, "--verbose")
    lines = [line for line in cli.out.splitlines() if line.startswith("  not checked – two copies of a figure")]
    assert len(lines) == 14
    assert "no check of the dumps" not in cli.out


def test_what_lies_beside_dumps_in_a_folder_is_not_used_and_no_error() -> None:
    folder = dump("D101 HOLDS 1 1").parent
    other = put_text(folder / "expected.csv", "file,count\n")
    result = of(folder)
    assert [each.code for each in result.findings] == []
    assert "exports" not in result.coverage.kinds
    [left] = [each for each in result.inputs if each.unread]
    assert (Path(left.path).name, str(left.why)) == ("expected.csv", "no dump of a known layout")
    assert left.sha256
    named = of(folder, other)
    assert [each.code for each in named.findings if each.severity is Severity.ERROR] == ["I101"]


@pytest.mark.parametrize("name", ["broken.esf", "whole.bin"])
def test_exports_beside_dumps_of_other_machines_are_read_by_their_ending_or_start(name: str) -> None:
    folder = dump("D101 HOLDS 1 1").parent
    (folder / name).write_bytes(b"x" if name.endswith(".esf") else MAGIC + b"x")
    assert codes_of(of(folder).findings) & {"I101", "I102", "I103"}


def test_the_report_names_a_dump_and_how_its_checks_came_out(tmp_path: Path, cli: CommandLine) -> None:
    path, page = dump("D104 FAILS 1 2", "D101 HOLDS 1 1"), tmp_path / "r.html"
    cli("verify", "--exports", path, "--report", page, "--lang", "fr", code=1)
    text = " ".join(html.unescape(page.read_text("utf-8")).split())
    assert "A machine of the tests : 1 fichier, 1 unité, 1 scrutin ; 1 contrôle conforme, 1 non conforme" in text
    assert "relevé d'une autre machine" in text
    for name in ("dumps", "inputs"):
        assert f'<h2 id="{name}">' in text
    for name in ("gaps", "pieces", "communes", "bureaux", "changes"):  # there is no bureau that they could be of
        assert f'id="{name}"' not in text
        assert f'href="#{name}"' not in text
    assert '<th scope="row">oui</th><td class="n">7</td>' in text


def test_the_printed_report_has_the_dump_and_no_empty_sections(tmp_path: Path, cli: CommandLine) -> None:
    pytest.importorskip("typst")
    path, paper = dump("D104 FAILS 1 2", "D101 HOLDS 1 1"), tmp_path / "r.pdf"
    cli("verify", "--exports", path, "--report", paper, code=1)
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(paper).pages).split())
    assert "Does not hold" in text
    assert "Two copies of a figure" in text
    assert "Bureau by bureau" not in text


def test_inspect_shows_a_dump_by_its_sums(cli: CommandLine) -> None:
    path = dump("D104 FAILS 1 2")
    cli("lab", "inspect", path, code=1)
    assert "oui" in cli.out
    assert "does not hold – two copies of a figure: 1 (one), 2 (other)" in cli.out
    cli("lab", "inspect", path, "--record", "1", code=2)
    cli("lab", "inspect", dump("D104 HOLDS 1 1"))


def test_results_names_a_dump_and_the_command_for_it(cli: CommandLine) -> None:
    path = dump("D104 HOLDS 2 2")
    cli("results", path, code=2)
    assert "a machine's dump: regard totals shows it" in cli.err


def test_a_dump_that_is_no_dump_ends_with_two(cli: CommandLine) -> None:
    path = new_file("x.bin", b"nothing")
    cli("verify", "--exports", path, code=2)
