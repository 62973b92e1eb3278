"""The bars on real files as they are: rows of Paris rearranged, and a provisional edition."""

from pathlib import Path

import pytest

from tests.outside.real_files import provisional_edition, rearrange
from tests.outside.study import REARRANGED


@pytest.mark.check(16)
def test_rearranged_rows_of_paris_are_one_case_each_that_restores_every_figure(real_data: Path) -> None:
    found = [rearrange(real_data, 1, number) for number in range(REARRANGED)]
    assert [each for each in found if each.cases != 1 or each.wrong or each.restored != len(each.right)] == []
    assert sum(each.is_whole for each in found) >= len(found) - 1  # in one run a gap of the file as it is gets a case


@pytest.mark.check(2)
def test_a_provisional_edition_is_one_case_that_names_its_departements(real_data: Path) -> None:
    of, named, new = provisional_edition(real_data, 1)
    assert (of, len(named), len(new)) == (12, 12, 1)
