"""T330 to T337 and C126: an honest way up of which one table is altered by hand, or a document is not there."""

from pathlib import Path

import pytest

from protocol.transmission import CORRECTIONS, StepUp
from tests.sim.nights import rows
from tests.verify.cases.faulty_files import is_case
from tests.verify.way_up.way_up_nights import CHOICES, altered, audited, found, grave, nation, without

PLACE = ("01004", "0002")
Row = dict[str, str]


def row_of(lines: list[Row], place: tuple[str, str] = PLACE) -> Row:
    return next(line for line in lines if (line["insee"], line["bureau"]) == place)


def changed(folder: Path, step: StepUp, column: str, by: int) -> tuple[int, int]:
    """Add to a figure of the bureau in one step's table; the figure before, and after."""
    figures: list[int] = []

    def change(lines: list[Row]) -> None:
        row = row_of(lines)
        figures.extend((int(row[column]), int(row[column]) + by))
        row[column] = str(figures[1])

    altered(folder, step.file, change)
    return figures[0], figures[1]


def corrected(folder: Path, step: StepUp, column: str, before: int, after: int, hour: str) -> None:
    """Put a correction of the bureau into the table of them."""
    cells = (step.value, *PLACE, "1", column, str(before), str(after), hour, "relevé 12")
    names = [column.name for column in CORRECTIONS.columns]
    altered(folder, CORRECTIONS.file, lambda lines: lines.append(dict(zip(names, cells, strict=True))))


def test_t330() -> None:
    folder = nation()
    old, new = changed(folder, StepUp.NIGHT, "blancs", 7)
    [finding] = found(folder, "T330")
    assert (finding.insee, finding.bureau, finding.field) == (*PLACE, "blank")
    assert (finding.left.value, finding.right.value) == (new, old)
    assert finding.left.source.startswith(StepUp.NIGHT.file)
    assert finding.right.source.startswith(StepUp.ENTRY.file)
    [case] = grave(audited(folder))
    assert (case.piece, [each.becomes for each in case.detail.corrections]) == ("nuit", [old])
    assert not found(nation(), "T330")


def test_t330_names_the_choice() -> None:
    folder = nation()
    changed(folder, StepUp.PROVISIONAL, "voix_3", 1)
    assert [finding.field for finding in found(folder, "T330")] == [CHOICES[2]]


def blanks(*steps: StepUp) -> tuple[Path, int, int]:
    """A way up with two blank votes more at these steps; its folder, the figure before and after."""
    folder = nation()
    [(old, new), *_] = [changed(folder, step, "blancs", 2) for step in steps]
    return folder, old, new


def test_t331() -> None:
    folder, old, new = blanks(StepUp.COMMISSION, StepUp.DEFINITIVE)
    without(folder, StepUp.DEFINITIVE.sums_file)
    corrected(folder, StepUp.COMMISSION, "blancs", old, new, "33:00")
    [finding] = found(folder, "T331")
    assert (finding.left.value, finding.right.value) == (new, old)
    assert "relevé 12" in str(finding.details["document"])
    assert not grave(audited(folder))  # the results by bureau do not follow, and nothing else says otherwise


def test_t332() -> None:
    folder, old, new = blanks(StepUp.COMMISSION, StepUp.DEFINITIVE)
    without(folder, StepUp.DEFINITIVE.sums_file)
    [finding] = found(folder, "T332")
    assert (finding.left.value, finding.right.value) == (new, old)
    [case] = grave(audited(folder))
    is_case(case, "correction-unrecorded", "commission")


def test_t333() -> None:
    folder, old, new = blanks(StepUp.ENTRY, StepUp.NIGHT)  # put right by the call back, as a document says
    corrected(folder, StepUp.CALL_BACK, "blancs", new, old, "23:50")
    assert not found(folder, "T333")  # the night edition was written before
    assert not grave(audited(folder))
    changed(folder, StepUp.PROVISIONAL, "blancs", 2)
    [finding] = found(folder, "T333")
    assert (finding.left.value, finding.right.value) == (new, old)
    assert finding.right.source == f"{CORRECTIONS.file}:2"
    [case] = grave(audited(folder))
    is_case(case, "older-edition", "provisoire")


def test_t333_of_the_night_edition_goes_by_the_hour() -> None:
    folder, old, new = blanks(StepUp.ENTRY, StepUp.NIGHT)
    corrected(folder, StepUp.CALL_BACK, "blancs", new, old, row_of(rows(folder, StepUp.NIGHT.file))["heure"])
    assert not found(folder, "T333")  # of the very minute
    corrected(folder, StepUp.CALL_BACK, "blancs", new, old, "19:01")
    [finding] = found(folder, "T333")
    assert finding.left.source.startswith(StepUp.NIGHT.file)


def test_t334() -> None:
    folder = nation()
    own = row_of(rows(folder, StepUp.COMMUNE.file))

    def without_bureau(lines: list[Row]) -> None:
        row = next(line for line in lines if line["insee"] == PLACE[0])
        for name in own.keys() & row.keys() - {"insee", "scrutin"}:
            row[name] = str(int(row[name]) - int(own[name]))

    altered(folder, StepUp.COMMUNE.sums_file, without_bureau)
    [finding] = found(folder, "T334")
    assert (finding.insee, finding.level, finding.case) == (PLACE[0], "commune", "lacks")
    [case] = grave(audited(folder))
    assert [(place.insee, place.bureau) for place in case.places] == [PLACE]
    assert not found(nation(), "T334")


def test_t334_of_a_sum_that_is_no_bureau_s_is_open() -> None:
    folder = nation()
    altered(folder, StepUp.COMMUNE.sums_file, lambda lines: lines[0].update(blancs=str(int(lines[0]["blancs"]) + 1)))
    [finding] = found(folder, "T334")
    assert (finding.case, finding.left.source) == ("", f"{StepUp.COMMUNE.sums_file}:2")
    [case] = grave(audited(folder))
    assert (case.cause.name, case.piece, case.sure.value) == ("sum-leaves-out", "recap", "open")


def test_t334_of_the_country_adds_up_its_departements() -> None:
    folder = nation()
    altered(folder, StepUp.DEFINITIVE.sums_file, lambda lines: lines[-1].update(nuls=str(int(lines[-1]["nuls"]) + 7)))
    [finding] = found(folder, "T334")
    assert (finding.level, finding.insee) == ("nation", "")
    assert isinstance(finding.left.value, int)
    assert isinstance(finding.right.value, int)
    assert finding.left.value - finding.right.value == 7


def test_t335() -> None:
    folder = nation()
    altered(folder, StepUp.PROVISIONAL.file, lambda lines: lines.remove(row_of(lines)))
    [finding] = found(folder, "T335")
    assert (finding.insee, finding.bureau) == PLACE
    [case] = grave(audited(folder))
    is_case(case, "lost-on-the-way", "provisoire")


def test_t335_says_nothing_of_a_departement_that_a_table_does_not_cover() -> None:
    folder = nation()

    def one_departement(lines: list[Row]) -> None:
        lines[:] = [line for line in lines if line["insee"].startswith("2A")]

    altered(folder, StepUp.ENTRY.file, one_departement)
    assert not found(folder, "T335")


def test_t336() -> None:
    folder = nation()

    def of_another(lines: list[Row]) -> None:
        row, other = row_of(lines), row_of(lines, (PLACE[0], "0003"))
        row.update({name: value for name, value in other.items() if name not in ("bureau", "heure")})

    altered(folder, StepUp.PROVISIONAL.file, of_another)
    [finding] = found(folder, "T336")
    assert (finding.insee, finding.bureau, finding.details["other"]) == (*PLACE, "0003")
    assert not found(folder, "T330")
    [case] = grave(audited(folder))
    is_case(case, "row-of-another", "provisoire")


def test_t337() -> None:
    for gone in (("publie.txt",), ("publie.txt", "montee")):
        folder = nation(3, feed_sum_short=0.15)
        struck = {line["insee"] for line in rows(folder, "verite.csv")}
        without(folder, *gone)
        assert struck
        assert {finding.insee for finding in found(folder, "T337")} == struck
    honest = nation()
    without(honest, "publie.txt")
    assert not found(honest, "T337")


EVERY = [*(step.file for step in StepUp), CORRECTIONS.file]


def test_c126() -> None:
    folder = nation()
    assert not found(folder, "C126")
    without(folder, *EVERY[1:])
    assert [finding.left.source for finding in found(folder, "C126")] == [" + ".join(EVERY[1:])]


@pytest.mark.parametrize("name", EVERY)
def test_each_document_alone_that_is_missing_is_said(name: str) -> None:
    folder = nation()
    without(folder, name)
    assert [finding.left.source for finding in found(folder, "C126")] == [name]
    assert not grave(audited(folder))
