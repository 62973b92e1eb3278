"""A start of the verifier takes in what a night of PVs and sign-in counts needs, and little else."""

import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

from verify.columns import needs

RARE = (
    "json",
    "difflib",
    "verify.align.lined_published",
    "verify.columns.contests_at_hand",
    "verify.columns.published",
    "verify.materiality.annulment",
    "verify.materiality.steps",
    "verify.model.follow_ups",
    "verify.read.published.checks",
    "verify.read.published.comparison",
    "verify.read.tables.headers",
)
"""Of these hardly any night has need, or only those that are wrong."""
NAMED = re.compile(r'_later\("(\w+)\.(\w+)"\)')


def test_what_few_nights_need_is_imported_by_those() -> None:
    code = "import sys, verify.loading, verify.rules; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    loaded = set(done.stdout.split())
    assert "verify.rules.materiality" in loaded
    assert loaded.isdisjoint(RARE)


def test_every_column_that_is_named_is_there() -> None:
    named = NAMED.findall(Path(needs.__file__).read_text())
    assert len(named) > 10
    for module, function in named:
        assert callable(getattr(import_module(f"verify.columns.{module}"), function)), f"{module}.{function}"
