"""No sentence of regard is outside of the catalogue: with a language made from it, nothing that is said stays plain.

A third language is one file: the one that is written here, and nothing else, is what every command then speaks.
"""

import contextlib
import json
import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path

import numpy as np
import pytest

from protocol import words
from protocol.errors import FormatError, InputError, RegardError
from protocol.export import reading
from protocol.export import record as export
from protocol.urn.limits import faults as faults_of_image
from regard import docs
from regard.cli import COMMANDS, main
from regard.language import default, say_error, show
from regard.letters.law import ELECTIONS
from regard.reference.documents import name_in
from regard.reference.rule_text import paragraphs, title
from regard.studies import calibration_document, trials
from regard.studies.evidence_sets import PARTS
from sim.calibration import OBSERVED, SimulatedGaps
from sim.faults.catalogue import faults
from sim.faults.model import Unit
from tests.protocol.export.records import FROZEN, changed, frozen
from tests.protocol.urn.module_violations import VIOLATIONS
from tests.protocol.urn.module_violations import changed as changed_image
from tests.regard import pseudo
from tests.regard.reading.readings import BAUD, served
from tests.sources import new_file, put_text
from tests.verify.forecasts import samples as forecasts
from tests.verify.night_builder import small_night
from tests.verify.published import samples
from verify.read.results_files import read_all
from verify.rulebook.catalogue import rules

Command = Callable[..., str]
KNOWN = pseudo.vocabulary()
NAMES = frozenset(("Scrutin", "Villenoy", "Valras", "Marne", "Seine", "premier", "tour", "min", "municipales"))
"""Words of the simulated evidence that are words of the texts as well, and the sign of minutes."""
FIELDS = frozenset(("magic", "model", "election", "insee", "bureau", "date", "round", "poll", "part", "choices"))
FIELDS |= {"constituency", "registered", "opening", "closing", "export", "voters", "enablings", "cancellations"}
FIELDS |= {"cast", "blank", "tallies", "reserved", "configuration", "complement", "log", "marks", "unreadable"}
"""Names of fields in the definitions of the formats, which are the same in every language."""
TALLIES = frozenset(("presidentielle", "tour", "urn"))
"""Words of a contest's name, which are those of the files, and the ending of a file."""
CHOICES = frozenset(COMMANDS) | {
    "lab",
    "study",
    "regard",
    "error",
    "warning",
    "never",
    "new",
    "plan",
    "pty",
    "referendum",
    *ELECTIONS,
}
"""Words of the command line."""
SOURCES = frozenset(("Claim", "Est", "Nord", "Sud", "low", "polls", "share"))
"""Forecasters of the tests' tables, and headers of these."""


@pytest.fixture(autouse=True, scope="module")
def language(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The only catalogue that there is: that of the language made here."""
    with pseudo.only_language(tmp_path_factory.mktemp("locale")):
        yield


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs a command in the language, and gives all that it printed."""

    def run(*arguments: object) -> str:
        capsys.readouterr()
        with contextlib.suppress(SystemExit):
            main([*map(str, arguments), "--lang", pseudo.CODE])
        return "".join(capsys.readouterr())

    return run


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A night in which most faults happen somewhere."""
    rates = {Unit.BUREAU: 0.25, Unit.GAP: 0.6}
    chosen = ",".join(f"{name}={rates.get(fault.unit, 0.002)}" for name, fault in faults().items())
    folder = tmp_path_factory.mktemp("simulated") / "night"
    words_of = ("simulate", folder, "--communes", "77513,34324,92076", "--seed", "1", "--workers", "1")
    assert main([*map(str, words_of), "--faults", chosen, "--lang", pseudo.CODE]) == 0
    return folder


def assert_spoken(text: str, allowed: frozenset[str] = frozenset()) -> None:
    """It says something in the language, and nothing in another one."""
    assert "⟦" in text
    assert pseudo.plain(text, KNOWN, NAMES | allowed) == [], text


def test_the_language_is_there_and_english_where_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert words.languages() == ("en", pseudo.CODE)
    for value, code in ((f"{pseudo.CODE}_YY.UTF-8", pseudo.CODE), ("fr", "en"), ("en_GB", "en")):
        monkeypatch.setenv("REGARD_LANG", value)
        assert default() == code


def test_what_is_plain_is_found() -> None:
    assert pseudo.plain("⟦ṽǿŧḗş⟧ votes found: 'x', --seed, pv.csv", KNOWN) == ["votes", "found"]


# --- Help, wrong usage, failure ---


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help(command: str, say: Command) -> None:
    assert_spoken(say(*filter(None, [command, "--help"])), CHOICES)


@pytest.mark.parametrize(
    "arguments",
    [
        "",
        "tell",
        "verify",
        "verify --nothing",
        "verify --fail-on all",
        "verify --p x",
        "verify --pv",
        "verify absentee",
        "verify / /usr --pv x",
        "verify / --scheduler x",
        "simulate",
        "simulate a --force=1",
        "simulate a --faults vot=1",
        "simulate a --faults voted-twice=2",
        "simulate a --communes 77531",
        "plan a --hours 3",
        "plan a --days -1",
        "plan a --election x",
        "emulate x --noise 2",
        "emulate absentee",
        "results",
        "results --compare a",
        "results absentee",
        "totals",
        "totals absentee",
        "inspect /",
        "inspect absentee",
        "inspect a --record x",
        "export absentee -o x",
        "read",
        "read --port /absentee -o x.urn",
        "replay absentee x",
        "precision absentee",
        "score absentee",
        "rules R999",
        "help nothing",
        "matrix --seeds 0",
        "matrix --fault vot",
        "calibrate --nights x",
    ],
)
def test_wrong_usage(arguments: str, say: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert_spoken(say(*arguments.split()), CHOICES)


def test_a_failure_of_regard_itself(say: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REGARD_TRACEBACK", raising=False)
    monkeypatch.setattr("regard.commands.guide.rules.run", lambda _: 1 // 0)
    assert_spoken(say("rules").replace("ZeroDivisionError: integer division or modulo by zero", ""))


# --- Errors of readers ---


def assert_errors_are_spoken(errors: list[RegardError], least: int, cited: frozenset[str] = frozenset()) -> None:
    assert len(errors) >= least
    for error in errors:
        if isinstance(error, FormatError | InputError):
            said = " ".join(show(pseudo.CODE, each) for each in (error.expected, error.got))
        else:
            said = say_error(pseudo.CODE, error)
        assert pseudo.plain(said, KNOWN, NAMES | FIELDS | cited) == [], said


def test_exports_that_the_format_does_not_allow(tmp_path: Path) -> None:
    one = frozen(next(iter(FROZEN)))
    spoilt = [changed(one, name, b"\xff" * size) for name, (_, size) in export.PLACES.items()]
    spoilt += [one[:572] + b"abcd", one[:9], b"\0" + one[1:], one + b"x"]
    assert_errors_are_spoken([error for record in spoilt for error in export.faults(record)], 90)
    for number, data in enumerate([b"", b"x", one + b"x", one[:9], one + b"junk" + one, one + one[:8] + b"\0\2" + one]):
        (tmp_path / f"{number}.esf").write_bytes(data)
    for problem in reading.read([tmp_path]).problems:
        said = " ".join(show(pseudo.CODE, each) for each in (problem.expected, problem.got))
        assert pseudo.plain(said, KNOWN, NAMES | FIELDS) == [], said


def test_images_that_the_format_does_not_allow() -> None:
    images = [changed_image(violation.change) for violation in VIOLATIONS]
    assert_errors_are_spoken([error for image in images for error in faults_of_image(image)], len(VIOLATIONS))


def test_published_results_that_are_damaged() -> None:
    texts = sorted(text for name, text in vars(samples).items() if name.isupper() and isinstance(text, str))
    found: list[RegardError] = []
    cited = set[str]()  # the headers of a table that nobody knows
    for number, data in enumerate(damaged(texts)):
        path = new_file(f"{number}.csv", data)
        words = re.findall(r"[A-Za-z]+", data.decode(errors="replace"))
        cited.update(word[:length] for word in words for length in range(1, len(word) + 1))  # a long header is cut
        try:
            found += [problem for table in read_all(path) for problem in table.problems]
        except RegardError as error:
            found.append(error)
    assert_errors_are_spoken(found, 100, frozenset(cited))


def damaged(texts: list[str]) -> Iterator[bytes]:
    """Each text four times, with some bytes of it changed or gone."""
    random = np.random.default_rng(1)
    for text in texts:
        for _ in range(4 if len(text) > 60 else 0):
            data = bytearray(text.encode())
            for at in random.integers(1, len(data) - 50, 3).tolist():
                data[at : at + int(random.integers(0, 30))] = bytes([int(random.integers(32, 127))])
            yield bytes(data)


@pytest.mark.check(4)
def test_a_night_whose_files_are_damaged(tmp_path: Path, say: Command) -> None:
    folder = tmp_path / "night"
    small_night().write(folder)
    files = {path: path.read_text("utf-8") for path in sorted(folder.iterdir()) if path.suffix in (".csv", ".toml")}
    columns = frozenset(cell for text in files.values() for cell in re.split(r"[,;\n]", text) if cell.isalpha())
    for path, text in files.items():
        for data in damaged([text, text]):
            path.write_bytes(data)
            assert_spoken(say("verify", folder), columns | {"exports", "publie", "Voix", "Nuls", "Blancs"})
        put_text(path, text)


# --- Rules and findings ---


def test_a_rule() -> None:
    for rule in rules().values():
        for line in (title(rule), *paragraphs(rule)):
            assert_spoken(show(pseudo.CODE, line), frozenset(("autre",)))
        assert_spoken(show(pseudo.CODE, rule.title))


@pytest.mark.check(7)
def test_findings_and_reports_of_a_night(night: Path, tmp_path: Path, say: Command) -> None:
    target = tmp_path / "findings.json"
    assert_spoken(say("verify", night, "--json", target), frozenset(("urne", "cloture", "copie")))
    document = json.loads(target.read_bytes())
    codes = {found["code"] for found in document["findings"]}
    assert len(codes) > 70
    for found in document["findings"]:
        said = found["message"]
        for shown in (*(found[side]["source"] for side in ("left", "right")), found["field"]):
            said = said.replace(shown, "")
        assert pseudo.plain(said, KNOWN, NAMES | {"urne", "cloture", "copie", "Total"}) == [], said  # a cell's own word
        assert pseudo.plain(found["what_to_do"], KNOWN) == []
    for used in document["inputs"]:
        assert pseudo.plain(f"{used['note']} {used['why']}", KNOWN) == []


# --- Commands and documents ---


def test_forecasts(tmp_path: Path, say: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # no line is broken within a path
    rows = forecasts.POLLS + "Claim,,,,Émile Zola,40.5,,\n"
    bad = "Nord,soon,many,,Émile Zola,x,,,\nNord,2022-04-08,,,Zola,3,2,,\n"
    table = forecasts.forecast_file(tmp_path, rows + bad)
    result = forecasts.result_file(tmp_path, forecasts.RESULT.replace("10,980,", "10,780,"))
    assert_spoken(say("forecast", table.name, result.name, "--results", result.name), SOURCES)
    assert_spoken(say("template", "new", "--forecast"), SOURCES)


@pytest.mark.check(13)
def test_what_is_said_of_files(night: Path, tmp_path: Path, say: Command) -> None:
    image = next(path for path in sorted((night / "modules").iterdir()) if path.name.startswith("77513"))
    published = night / "publie.txt"
    assert_spoken(re.sub(r"(?m)^\S+", "", say("score", night)))  # faults have one name everywhere
    assert_spoken(say("precision", night))

    assert_spoken(say("results", published))
    assert_spoken(say("results", "--compare", published, night / "publie.txt"))
    in_names = {"avant", "cloture", "esf"}  # of files, which may be broken
    assert_spoken(say("totals", night, "--json", tmp_path / "t.json"), TALLIES | in_names)
    assert_spoken(say("inspect", image), FIELDS)
    assert_spoken(say("inspect", sorted((night / "exports").iterdir())[0]), FIELDS)
    assert_spoken(say("export", image, "-o", tmp_path / "x.esf"))
    assert_spoken(say("replay", published, tmp_path / "replayed", "--date", "2022-04-10"))
    assert_spoken(say("template", tmp_path / "tables"))
    for page in (tmp_path / "tables").glob("*.txt"):
        assert_spoken(page.read_text("utf-8"))


def test_the_page_of_a_plan(tmp_path: Path, say: Command) -> None:
    (tmp_path / "t.csv").write_text("Bureau;Inscrits\n1;1250\n2;700\n", "utf-8")
    scenarios = ("polls=2", "out=17:00/40", "breakdown=0.1,then=reserve,reserves=1", "patience=30")
    say(
        *("plan", tmp_path / "t.csv", "--days", "50", "--workers", "1", "--report", tmp_path / "p.html"),
        *(word for each in scenarios for word in ("--scenario", each)),
    )
    text = re.sub(r"<style>.*?</style>", "", (tmp_path / "p.html").read_text("utf-8"), flags=re.DOTALL)
    shown = unescape(re.sub(r"<[^>]*>", " ", text)).replace(str(tmp_path), "")
    assert_spoken(re.sub(r"\b[0-9a-f]{64}\b|2022-P1", "", shown))


def test_what_is_said_of_simulations(tmp_path: Path, say: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trials, "MACHINES", ("77513",))
    shown = say("matrix", "--fault", "panel-exchanged", "--seeds", "1", "-o", tmp_path, "--workers", "1")
    assert_spoken(shown, frozenset(PARTS))
    document = (tmp_path / f"{name_in(pseudo.CODE, 'matrix')}.md").read_text("utf-8")
    assert_spoken(re.sub(r"\(\S+\)|`[^`]*`", "", document))


def test_the_calibration(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = SimulatedGaps(100, 30, 7, 4, 1, 20, (20, 6, 4), (0.1, 0.5), 2.5)
    monkeypatch.setattr(calibration_document, "gaps", lambda observed, nights: counted)
    monkeypatch.setattr(calibration_document, "REPLICATIONS", 5)
    text = calibration_document.document(1, pseudo.CODE)
    assert all(show(pseudo.CODE, observed.name) in text for observed in OBSERVED)
    assert_spoken(re.sub(r"`[^`]*`|Paris|Essonne", "", text))


def test_an_urn_that_is_read(tmp_path: Path, say: Command) -> None:
    with served() as (ports, _):
        assert_spoken(say("read", "--port", ports[0], "-o", tmp_path / "m.urn", "--baud", BAUD))


def test_documents_in_every_language() -> None:
    made = docs.documents()
    for topic in docs.IN_ALL_LANGUAGES:
        name = docs.place_of(topic, pseudo.CODE)
        assert name in made
        assert name != docs.place_of(topic, "en")
        assert_spoken(re.sub(r"`[^`]*`|\(\S+\)", "", made[name]()))


def test_the_list_of_documents_says_that_they_are_in_another_language(say: Command) -> None:
    listed = dict(re.findall(r"(?m)^  (\S+) +(.*)$", say("help")))
    assert "troubleshooting" in listed
    assert [topic for topic, heading in listed.items() if "⟦" not in heading] == []
    assert_spoken(say("rules"))


def test_no_serial_port(say: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regard.commands.lab.ports.ports", list)
    assert_spoken(say("ports"))
