"""What an extra lacks is named whole, with the command that brings it from where this copy came from."""

import json
import re
import sys
import tomllib
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from protocol import extras
from tests.sources import ROOT

OF_NO_COMMAND = {"fast", "outcomes", "bench"}
"""Extras without which everything works, or that no command needs."""


def test_the_extras_are_those_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    declared = {
        extra: {re.split(r"[<>=; ]", each)[0] for each in packages}
        for extra, packages in project["optional-dependencies"].items()
        if extra not in OF_NO_COMMAND
    }
    assert {extra: set(modules.values()) for extra, modules in extras.EXTRAS.items()} == declared


class Installed:
    """A distribution as pip leaves it."""

    def __init__(self, url: str | None) -> None:
        self.url = url

    def read_text(self, name: str) -> str | None:
        assert name == "direct_url.json"
        return None if self.url is None else json.dumps({"url": self.url})


@pytest.mark.parametrize("extra", extras.EXTRAS)
def test_all_that_is_missing_is_named(extra: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "find_spec", lambda name: name)
    extras.need(extra)
    [first, *_] = extras.EXTRAS[extra]
    monkeypatch.setattr(extras, "find_spec", lambda name: None)
    with pytest.raises(extras.ExtraMissing) as refused:
        extras.need(extra, first)
    assert all(package in str(refused.value) for package in extras.EXTRAS[extra].values())
    assert f"[{extra}]" in str(refused.value)


def test_the_command_is_that_of_where_this_copy_came_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = tmp_path / "wheels"
    bundle.mkdir()
    wheel = bundle / "regard-1.0.0-py3-none-any.whl"
    wheel.write_bytes(b"")
    pip = f'"{sys.executable}" -m pip install'
    monkeypatch.setattr("shutil.which", lambda name: None)
    for url, words in (
        (tmp_path.as_uri(), f'{pip} "{tmp_path}[seal]"'),
        (wheel.as_uri(), f'{pip} --find-links "{bundle}" "{wheel}[seal]"'),
        ((tmp_path / "gone").as_uri(), f'{pip} "regard[seal]"'),
        ("https://example.org/regard.whl", f'{pip} "regard[seal]"'),
        (None, f'{pip} "regard[seal]"'),
    ):
        monkeypatch.setattr("importlib.metadata.distribution", lambda name, url=url: Installed(url))
        assert str(extras.say_missing("seal")).endswith(words)

    def not_installed(name: str) -> Installed:
        raise PackageNotFoundError(name)

    monkeypatch.setattr("importlib.metadata.distribution", not_installed)
    assert str(extras.say_missing("seal")).endswith(f'{pip} "{ROOT}[seal]"')
    monkeypatch.setattr("shutil.which", lambda name: str(Path(sys.executable).parent / "pip"))
    assert str(extras.say_missing("seal")).endswith(f'To install: pip install "{ROOT}[seal]"')
