"""Every fault: it happens at its rate, it touches what it says and nothing else, and the truth has it."""

import copy
import math
from collections import Counter
from collections.abc import Iterator

import pytest

from protocol.export import record as export
from sim import polling
from sim.bureaux import Bureau, choose, machine_bureaux
from sim.elections import SCENARIOS
from sim.equipment import Conduct
from sim.errors import UnknownFault
from sim.evidence import BureauEvidence
from sim.faults import catalogue, urns
from sim.faults.model import ConductFault, DayFault, Fault, PaperFault, Plan, Stage, Unit
from sim.nights.night import copy_papers
from sim.parameters import MACHINE_CARE
from sim.voters import draw

SCENARIO = SCENARIOS[2022]
GAPS = {"voted-twice": 0.004, "signed-without-vote": 0.004}
PIECES = ("exports", "modules", "roll", "record", "tabulated", "published")
TOUCHED = {
    Stage.DUMP: {"exports"},
    Stage.ROLL: {"roll"},
    Stage.RECORD: {"record", "tabulated", "published"},
    Stage.TABULATION: {"tabulated", "published"},
    Stage.PUBLICATION: {"published"},
    Stage.KEEPING: {"exports"},
}
"""Papers that a fault of each stage may touch: its own paper, and those copied from it."""
ALL = list(catalogue.faults().values())
EXCEPTIONS = {
    "votes-decayed": {"modules"},
    "counter-decayed": {"modules"},
    "slot-decayed": {"modules"},
    "vote-foreign": {"modules", "exports"},
    **{fault.name: {"modules", "exports"} for fault in urns.FAULTS if fault.name.startswith("urn-")},
    **{fault.name: {"modules"} for fault in ALL if fault.name.startswith("module-")},
    "published-by-telephone": {"record", "published"},
    "roll-from-votes": {"roll", "record", "tabulated", "published"},
}
STRIKES_SEVERAL = {
    "roll-slipped": 4,
    "dump-misfiled": 2,
    "module-misfiled": 2,
    "records-exchanged": 2,
    "published-rows-exchanged": 2,
}
JOINS_FILES = {"dump-batch-torn"}
"""Faults that put the exports of a commune into one file, and harm those of one bureau."""
DAY = [fault for fault in ALL if isinstance(fault, DayFault)]
CONDUCT = [fault for fault in ALL if isinstance(fault, ConductFault)]
ELSEWHERE = {"machine-forgotten"}
"""It needs a bureau with two machines, which the commune below does not have."""
PAPER = [fault for fault in ALL if isinstance(fault, PaperFault) and not fault.paper and fault.name not in ELSEWHERE]


def names(fault: Fault) -> str:
    return fault.name


def bureaux(*codes: str) -> list[Bureau]:
    return [bureau for commune in choose(2022, codes) for bureau in machine_bureaux(1, SCENARIO, commune)]


def snapshot(evidence: BureauEvidence) -> dict[str, object]:
    return {
        "exports": list(evidence.exports),
        "modules": list(evidence.urns),
        "roll": (
            *(evidence.roll_registered, evidence.roll_signatures, evidence.hourly),
            *(evidence.roll_code, evidence.roll_total),
        ),
        "record": copy.deepcopy(evidence.record),
        "tabulated": copy.deepcopy(evidence.tabulated),
        "published": copy.deepcopy(
            (evidence.published, evidence.first_edition, evidence.only_in_sums, evidence.left_out)
        ),
    }


@pytest.fixture(scope="module")
def after_the_day() -> list[BureauEvidence]:
    """A commune of 22 bureaux, many with a gap, before any paper goes wrong."""
    return [polling.hold(1, SCENARIO, bureau, GAPS) for bureau in bureaux("06123")]


def struck(after: list[BureauEvidence], rates: dict[str, float], seed: int = 1) -> list[BureauEvidence]:
    commune = copy.deepcopy(after)
    for evidence in commune:
        evidence.truth.clear()
    copy_papers(seed, SCENARIO, rates, commune)
    catalogue.strike_papers(seed, (SCENARIO.id, 1, "06123"), rates, Stage.KEEPING, commune)
    return commune


def test_there_are_at_least_thirty_and_each_says_what_it_does() -> None:
    assert len(ALL) >= 30
    assert all(fault.effect for fault in ALL)
    assert len({fault.name for fault in ALL}) == len(ALL) == len(catalogue.EVERY)


@pytest.mark.check(3)
@pytest.mark.parametrize("fault", PAPER, ids=names)
def test_a_fault_of_the_papers_touches_nothing_else(fault: PaperFault, after_the_day: list[BureauEvidence]) -> None:
    before = [snapshot(evidence) for evidence in struck(after_the_day, {})]
    commune = struck(after_the_day, {fault.name: 0.3})
    allowed = EXCEPTIONS.get(fault.name, TOUCHED[fault.stage])
    assert any(evidence.truth for evidence in commune)
    for evidence, old in zip(commune, before, strict=True):
        new = snapshot(evidence)
        changed = {piece for piece in PIECES if new[piece] != old[piece]}
        assert changed <= allowed
        moved = fault.name in JOINS_FILES and changed == {"exports"} and not evidence.exports
        assert bool(changed) == bool(evidence.truth) or moved
        assert all(
            (line.fault, line.insee, line.bureau) == (fault.name, *evidence.bureau.key) for line in evidence.truth
        )


@pytest.mark.check(25)
@pytest.mark.parametrize("fault", PAPER, ids=names)
def test_a_fault_of_the_papers_happens_at_its_rate(fault: PaperFault, after_the_day: list[BureauEvidence]) -> None:
    rate, seeds = 0.05, range(40)
    several = STRIKES_SEVERAL.get(fault.name, 1)
    light = copy.deepcopy(after_the_day)
    image = (b"\xff" * 16 + b"\x5a" * 16) * 0x800
    for evidence in light:  # few cells for the faults that look at all of them, some written and some not
        evidence.urns = [(name, image) for name, _ in evidence.urns]

    def count(rate: float, seeds: range) -> int:
        return sum(len(evidence.truth) for seed in seeds for evidence in struck(light, {fault.name: rate}, seed))

    once = fault.name in JOINS_FILES  # nothing is left to be joined a second time
    each = count(1.0, range(3)) / 3 if several == 1 and not once else len(light)
    possible = each * len(seeds)
    expected = rate * possible
    margin = 4 * math.sqrt(expected) + 1
    assert expected - margin <= count(rate, seeds) <= several * (expected + margin)


@pytest.mark.parametrize("name", STRIKES_SEVERAL)
@pytest.mark.parametrize("rate", [0.5, 1.0])
def test_a_fault_of_several_bureaux_does_not_undo_itself(
    name: str, rate: float, after_the_day: list[BureauEvidence]
) -> None:
    few = after_the_day[:3]
    before = [snapshot(evidence) for evidence in struck(few, {})]
    happened = 0
    for seed in range(20):
        commune = struck(few, {name: rate}, seed)
        happened += any(evidence.truth for evidence in commune)
        for evidence, old, honest in zip(commune, before, few, strict=True):
            assert bool(evidence.truth) == (snapshot(evidence) != old)
            changes = [line.effect for line in evidence.truth if line.effect is not None]
            assert sum(changes) == (evidence.roll_signatures or 0) - (honest.roll_signatures or 0)
    assert happened >= 10


def test_counts_that_are_equal_slip_without_a_trace(after_the_day: list[BureauEvidence]) -> None:
    even = copy.deepcopy(after_the_day)
    for evidence in even:
        evidence.roll_signatures = 700
    assert not any(evidence.truth for evidence in struck(even, {"roll-slipped": 1.0}))


@pytest.mark.parametrize("fault", CONDUCT, ids=names)
def test_a_fault_of_conduct_happens_at_its_rate(fault: ConductFault) -> None:
    where, rate = bureaux("77513")[0], 0.2
    voters = draw(1, SCENARIO, where)
    happened = 0
    for number in range(300):
        plan = Plan(SCENARIO, where, copy.deepcopy(voters), Conduct())
        struck = catalogue.strike_conduct(number, ("e", 1, "x", "y"), {fault.name: rate}, plan)
        happened += len(struck)
        assert struck or (plan.conduct == Conduct() and (plan.voters.choices == voters.choices).all())
    assert abs(happened - 60) <= 4 * math.sqrt(300 * rate * (1 - rate))


@pytest.mark.parametrize("fault", DAY, ids=names)
def test_a_fault_of_the_day_happens_at_its_rate(fault: DayFault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "carelessness", lambda seed, key, care: 1.0)
    people = happened = 0
    for bureau in bureaux("06123"):
        voters = draw(1, SCENARIO, bureau)
        people += len(voters)
        key = (SCENARIO.id, 1, *bureau.key)
        happened += len(catalogue.strike_day(1, key, {fault.name: 0.02}, voters, paper=not fault.machines))
    assert abs(happened - 0.02 * people) <= 4 * math.sqrt(0.02 * people) + 0.002 * people


def test_carelessness_varies_and_is_one_on_average() -> None:
    values = [catalogue.carelessness(1, ("e", 1, f"c{at % 2000}", f"b{at}"), MACHINE_CARE) for at in range(20_000)]
    assert sum(values) / len(values) == pytest.approx(1.0, abs=0.1)
    assert max(values) > 5


def true_gap(evidence: BureauEvidence) -> int:
    """Votes less signatures, by the truth."""
    effects: Counter[str] = Counter()
    for line in evidence.truth:
        if line.piece == "jour" and line.effect is not None:
            effects[line.field] += line.effect
    return effects["votes"] - effects["emargements"]


def days(rates: dict[str, float], seeds: range = range(3)) -> Iterator[tuple[BureauEvidence, BureauEvidence]]:
    """Each bureau's day without faults and with them."""
    for seed in seeds:
        for bureau in bureaux("77513"):
            yield polling.hold(seed, SCENARIO, bureau, {}), polling.hold(seed, SCENARIO, bureau, rates)


@pytest.mark.check(18)
@pytest.mark.parametrize("fault", [*(fault for fault in DAY if fault.machines), *CONDUCT], ids=names)
def test_a_fault_of_the_day_changes_the_gap_by_what_the_truth_says(fault: Fault) -> None:
    rate = 0.01 if fault.unit is Unit.PERSON else 0.5
    seen = 0
    for honest, faulty in days({fault.name: rate}):
        figures = faulty.record.figures
        assert figures.votes_found is not None
        assert figures.signatures is not None
        assert honest.record.figures.votes_found == honest.record.figures.signatures
        assert figures.votes_found - figures.signatures == true_gap(faulty)
        assert {line.fault for line in faulty.truth} <= {fault.name}
        if faulty.truth:
            seen += 1
            assert snapshot(faulty) != snapshot(honest)
        else:
            assert snapshot(faulty) == snapshot(honest)
    assert seen


def only(name: str) -> list[BureauEvidence]:
    return [faulty for _, faulty in days({name: 1.0})]


class TestConduct:
    """Each fault on the machine and in the PV."""

    def test_late_opening_and_early_closing_stand_in_the_pv(self) -> None:
        assert all(each.record.opening > "08:00" for each in only("late-opening"))
        assert any(each.record.closing < "19:00" for each in only("early-closing"))

    def test_a_wrong_clock_shifts_the_machine_and_not_the_pv(self) -> None:
        for honest, faulty in days({"wrong-clock": 1.0}):
            ours, theirs = (export.parse(each.exports[0][1]) for each in (honest, faulty))
            shift = (theirs.opening or 0) - (ours.opening or 0)
            assert shift % 60 == 0
            assert shift != 0
            assert (theirs.closing or 0) - (ours.closing or 0) == shift
            assert faulty.record == honest.record

    def test_a_skipped_zero_check_is_not_in_the_export(self) -> None:
        assert all(export.parse(each.exports[0][1]).zero_check is None for each in only("zero-check-skipped"))

    def test_test_votes_are_counted_and_the_zero_check_shows_them(self) -> None:
        for each in only("test-votes-left"):
            values = export.parse(each.exports[0][1])
            assert 1 <= values.zero_sum <= 5
            assert values.cast == values.voters + values.zero_sum == each.record.figures.votes_found

    def test_a_wrong_list_has_another_digest(self) -> None:
        digest = export.choices_digest(SCENARIO.labels)
        assert all(export.parse(each.exports[0][1]).choices_digest != digest for each in only("wrong-list"))

    def test_an_exchanged_panel_leaves_no_trace_but_the_votes(self) -> None:
        for honest, faulty in days({"panel-exchanged": 1.0}):
            ours, theirs = honest.record.figures, faulty.record.figures
            assert sorted(vote or 0 for vote in ours.votes) == sorted(vote or 0 for vote in theirs.votes)
            assert (ours.votes_found, ours.blank) == (theirs.votes_found, theirs.blank)

    def test_a_reserve_machine_has_an_urn_of_its_own(self) -> None:
        for each in only("reserve-machine"):
            parts = [export.parse(data) for _, data in each.exports]
            assert [part.part for part in parts] == [1, 2]
            assert sum(part.cast for part in parts) == each.record.figures.votes_found
            assert all(part.enablings - part.cancellations == part.cast for part in parts)
            assert "machine de réserve" in " ".join(each.record.remarks)

    def test_paper_after_a_failure_is_in_the_pv_only(self) -> None:
        for each in only("paper-instead"):
            (part,) = [export.parse(data) for _, data in each.exports]
            assert 0 < part.cast < (each.record.figures.votes_found or 0)
            assert "bulletins papier" in " ".join(each.record.remarks)

    def test_a_power_cut_loses_nothing(self) -> None:
        for honest, faulty in days({"power-cut": 1.0}):
            assert faulty.record.figures == honest.record.figures
            assert len(faulty.exports) == 1

    def test_a_machine_fails_once_whatever_strikes_it(self) -> None:
        every = {"reserve-machine": 1.0, "paper-instead": 1.0, "power-cut": 1.0}
        for _, each in days(every):
            assert [line.fault for line in each.truth] == ["reserve-machine"]
            assert each.parts == 2
            assert len(each.record.remarks) == 1 + (each.record.closing > "19:00")

    def test_one_number_for_both_keys(self) -> None:
        for honest, faulty in days({"one-key-number": 1.0}):
            assert faulty.urns != honest.urns
            assert faulty.record == honest.record


class TestRates:
    def test_none_default_and_named(self) -> None:
        assert catalogue.parse_rates("none") == {}
        assert catalogue.parse_rates("default") == catalogue.default_rates()
        assert catalogue.parse_rates("voted-twice=0.5, dump-lost=1") == {"voted-twice": 0.5, "dump-lost": 1.0}
        assert catalogue.parse_rates("dump-lost") == {"dump-lost": catalogue.faults()["dump-lost"].rate}
        assert catalogue.parse_rates("default,dump-lost=0").keys() == catalogue.default_rates().keys() - {"dump-lost"}

    @pytest.mark.parametrize("text", ["nonsense", "voted-twice=", "voted-twice=-0.1", "voted-twice=1.01", "=1"])
    def test_what_is_refused(self, text: str) -> None:
        with pytest.raises(UnknownFault):
            catalogue.parse_rates(text)
