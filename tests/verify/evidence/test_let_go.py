"""Evidence is let go of as soon as nobody holds it, so that its memory serves the next night."""

import gc
import weakref
from pathlib import Path

from tests.verify.night_builder import loaded, small_night
from verify import audit


def test_a_night_that_was_audited_is_let_go_of(tmp_path: Path) -> None:
    small_night().write(tmp_path / "night")
    gc.disable()  # which would come for it later, after the next night has taken memory of its own
    try:
        evidence = loaded(tmp_path / "night")
        bureaux = weakref.ref(evidence.universe)
        audit.run(evidence)
        del evidence
        assert bureaux() is None
    finally:
        gc.enable()
