"""A case in a folder, and its page."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.regard.serve.running import Client, serving

PV = """Code INSEE;Commune;Bureau;Inscrits;Émargements;Bulletins trouvés;Blancs;Nuls;Suffrages exprimés;Observations
77001;Essai-sur-Marne;0001;1012;700;702;10;0;692;RAS
77001;Essai-sur-Marne;0002;998;800;800;1;0;799;néant
77002;Autre-Ville;0001;500;300;300;0;0;300;néant
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a case, empty."""
    path = tmp_path / "affaire"
    path.mkdir()
    return path


@pytest.fixture
def client(folder: Path) -> Iterator[Client]:
    """The page of that case, opened."""
    with serving(folder) as one:
        yield one


@pytest.fixture
def with_pv(client: Client, folder: Path) -> Client:
    """The same with three bureaux, one of which has a gap."""
    (folder / "pv du soir.csv").write_text(PV, "utf-8")
    os.utime(folder / "pv du soir.csv", (1, 1))
    return client
