"""Fixtures and settings that all tests share: real results, a browser, the language, `make check`, and hypothesis."""

import gettext
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.database import DirectoryBasedExampleDatabase

import verify.audit
from tests.real_files import REAL_DATA, needed
from tests.regard.browser import chromium, chromium_address
from tests.regard.calling import CommandLine
from tests.regard.pseudo import pseudo_language
from tests.sources import ROOT
from tests.verify.documented import documented

__all__ = ["chromium", "chromium_address", "pseudo_language"]  # fixtures


os.environ["REGARD_LANG"] = "en"  # whatever the locale; a test of another language asks for it

LONG = 2
"""Processor seconds from which on a test may be left to `make check`."""

verify.audit.run = documented(verify.audit.run)  # before anything takes it from there

# The same examples on every run, however slow the machine is: two runs of one state of the code have one verdict.
# ``--hypothesis-profile=explore`` tries other examples each time, more of them, and keeps those that fail.
settings.register_profile(
    "default",
    deadline=None,
    derandomize=True,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.register_profile(
    "explore",
    settings.get_profile("default"),
    derandomize=False,
    database=DirectoryBasedExampleDatabase(ROOT / ".hypothesis" / "examples"),
    max_examples=1000,
)
settings.load_profile("default")


def pytest_report_header() -> str:
    """Say in the first lines whether the tests on real results will run."""
    return f"real published results: {REAL_DATA if REAL_DATA.is_dir() else 'ABSENT, their tests are skipped'}"


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real published results, which are not part of the repository."""
    return needed(REAL_DATA)


@pytest.fixture(autouse=True)
def language_kept() -> Iterator[None]:
    """Give the process its language back after each test: a command leaves it in the one that it spoke."""
    domain, language = gettext.textdomain(), os.environ.pop("LANGUAGE", None)
    yield
    gettext.textdomain(domain)
    os.environ.pop("LANGUAGE", None)
    if language is not None:
        os.environ["LANGUAGE"] = language


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> CommandLine:
    """The command line in this process."""
    return CommandLine(capsys)


@pytest.fixture(params=["en", "fr"])
def language(request: pytest.FixtureRequest) -> str:
    """Each language, in a test of its own."""
    return str(request.param)


@pytest.fixture
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """English texts of the default width, whatever the locale and the terminal of whoever runs the tests."""
    monkeypatch.setenv("REGARD_LANG", "en")
    monkeypatch.delenv("COLUMNS", raising=False)


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Let the report of a test that is left to `make check` say its seconds; nothing is left there but for its time."""
    for item in items:
        for mark in item.iter_markers("check"):
            if mark.args[0] < LONG:
                raise pytest.UsageError(f"{item.nodeid} is quick enough for `make test`")
            item.user_properties.append(("check", mark.args[0]))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """List what `make check` ran: the seconds it took now, and the processor seconds that its mark states."""
    if config.option.markexpr != "check":
        return
    stated: dict[str, float] = {}
    took = Counter[str]()
    reports = (each for kind in terminalreporter.stats.values() for each in kind if hasattr(each, "duration"))
    for report in reports:
        for seconds in (value for name, value in getattr(report, "user_properties", ()) if name == "check"):
            stated[entry := report.nodeid.partition("[")[0]] = seconds
            took[entry] += report.duration
    terminalreporter.section("left out by make test: seconds now, stated")
    for entry in sorted(stated, key=lambda each: -took[each]):
        terminalreporter.line(f"{took[entry]:6.0f} {stated[entry]:6}  {entry}")
    terminalreporter.line(f"{sum(took.values()):6.0f} {sum(stated.values()):6}  in all")
