"""The generated documents: current, and written anew by one command."""

from pathlib import Path

import pytest

from regard import docs


def test_the_committed_documents_are_current() -> None:
    assert docs.stale() == [], "run `make docs`"


def test_writing_makes_current_what_was_missing_or_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "reference"
    folder.mkdir()
    assert docs.main(["--check"], folder) == 1
    named = capsys.readouterr().err
    assert all(name in named for name in docs.documents())
    assert list(folder.iterdir()) == []
    assert docs.main([], folder) == 0
    assert docs.main(["--check"], folder) == 0
    (folder / "format.md").write_text("edited by hand", encoding="utf-8")
    capsys.readouterr()
    assert docs.main(["--check"], folder) == 1
    assert capsys.readouterr().err.count("not current") == 1
    assert docs.main([], folder) == 0
    assert docs.stale(folder) == []


def test_without_a_source_tree_there_is_nothing_to_write(tmp_path: Path) -> None:
    assert docs.main([], tmp_path / "none") == 2


@pytest.mark.parametrize("document", docs.documents())
def test_a_document_names_nothing_of_the_machine_it_was_made_on(document: str) -> None:
    text = docs.text_of(document)
    assert text.endswith("\n")
    assert "/home/" not in text
    assert "/tmp/" not in text  # noqa: S108


def test_the_formats_say_in_their_first_lines_that_they_are_a_model() -> None:
    for document in ("format.md", "esf.h"):
        assert "model" in docs.text_of(document)[:300]
