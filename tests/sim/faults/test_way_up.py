"""The simulated way up: its documents, its faults and their truth, the same for a seed."""

import pytest

from protocol.transmission import CORRECTIONS, StepUp, ancestors
from sim.errors import UnknownFault
from sim.faults.catalogue import parse_rates
from sim.transmission.faults import way_faults
from tests.sim.nights import FEW, by_bureau, files, night, rows
from tests.verify.way_up.way_up_nights import COMMUNES, nation, results

EVERY = dict.fromkeys(way_faults(), 0.04)
CHANGING = {
    "entry-digit": StepUp.ENTRY,
    "entry-digits-exchanged": StepUp.ENTRY,
    "entry-lines-exchanged": StepUp.ENTRY,
    "entry-of-another": StepUp.ENTRY,
    "record-digit": StepUp.COMMUNE,
    "callback-unrecorded": StepUp.CALL_BACK,
    "commission-recorded": StepUp.COMMISSION,
    "commission-unrecorded": StepUp.COMMISSION,
    "ministry-digit": StepUp.DEFINITIVE,
}


def test_same_seed_same_bytes_on_any_number_of_processes() -> None:
    one, two = (files(night(seed=3, way_up=EVERY, workers=workers)) for workers in (1, 2))
    assert one == two
    assert {name.partition("/")[0] for name in one} >= {"montee", "presse", "verite.csv"}


def test_an_honest_way_carries_every_figure_up() -> None:
    folder = nation()
    records = by_bureau(folder, "pv.csv")
    for step in StepUp:
        table = by_bureau(folder, step.file)
        assert table.keys() == records.keys()
        for place, row in table.items():
            for name in ("inscrits", "emargements", "votes_trouves", "blancs", "nuls", "exprimes"):
                assert row[name] == records[place][name]
    assert rows(folder, CORRECTIONS.file) == rows(folder, "verite.csv") == []
    departements = {row["departement"]: row for row in rows(folder, StepUp.DEFINITIVE.sums_file)}
    assert set(departements) == {*COMMUNES, ""}
    given = results().rows
    assert int(departements[""]["votes_trouves"]) == sum(row.votes_found for row in given)
    assert int(departements["2A"]["voix_3"]) == sum(row.votes[2] for row in given if row.departement == "2A")


@pytest.mark.parametrize("name", CHANGING)
def test_a_fault_changes_its_step_and_what_is_copied_from_it(name: str) -> None:
    honest, folder = nation(), nation(seed=2, **{name: 0.2})
    struck = {(line["insee"], line["bureau"]) for line in rows(folder, "verite.csv")}
    assert struck
    assert {line["piece"] for line in rows(folder, "verite.csv")} == {CHANGING[name].value}
    for step in StepUp:
        before, now = by_bureau(honest, step.file), by_bureau(folder, step.file)
        other = {place for place in now if now[place] | {"heure": ""} != before[place] | {"heure": ""}}
        later = step is CHANGING[name] or CHANGING[name] in ancestors(step)
        assert other == (struck if later else set())


def test_the_truth_names_field_and_change() -> None:
    folder = nation(entry_digit=0.2)
    entry, record = by_bureau(folder, StepUp.ENTRY.file), by_bureau(folder, StepUp.COMMUNE.file)
    truth = rows(folder, "verite.csv")
    assert truth
    for line in truth:
        place = line["insee"], line["bureau"]
        change = int(entry[place][line["champ"]]) - int(record[place][line["champ"]])
        assert change == int(line["effet"]) != 0


def test_a_call_back_that_corrects_is_in_the_corrections() -> None:
    folder = nation(entry_corrected=0.2)
    truth, said = rows(folder, "verite.csv"), rows(folder, CORRECTIONS.file)
    assert truth
    assert len(said) == len(truth)
    entry, after = by_bureau(folder, StepUp.ENTRY.file), by_bureau(folder, StepUp.CALL_BACK.file)
    for row in said:
        place = row["insee"], row["bureau"]
        assert (entry[place][row["champ"]], after[place][row["champ"]]) == (row["avant"], row["apres"])
        assert row["document"]
        assert row["heure"] == after[place]["heure"]


def test_what_is_drawn_for_a_bureau_depends_on_no_other() -> None:
    both, alone = (
        by_bureau(night(codes, seed=4, way_up={"entry-digit": 0.5}), StepUp.ENTRY.file) for codes in (FEW, FEW[1:])
    )
    assert alone
    assert all(both[place] == row for place, row in alone.items())


def test_rates_are_those_of_the_way() -> None:
    assert parse_rates("default,entry-digit=0.5", way_faults())["entry-digit"] == 0.5
    with pytest.raises(UnknownFault, match="entry-digit"):
        parse_rates("entry-digt=0.5", way_faults())
    with pytest.raises(UnknownFault):
        parse_rates("roll-missing=0.5", way_faults())
