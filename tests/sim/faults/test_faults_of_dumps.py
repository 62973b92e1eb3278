"""The faults of dumps, module images and files: what each leaves behind, and that all of them get along."""

import hashlib
import json
import zlib
from pathlib import Path

import numpy as np
import pytest

from protocol.export import record as export
from protocol.export.reading import read
from protocol.export.record import MAX_COUNT
from protocol.export.scan import Kind
from protocol.export.terms import RecordVerdict
from protocol.urn.image import IMAGE_SIZE, SPANS, EventKind, Section
from protocol.urn.recount import RecountedUrns, recount
from sim import polling
from sim.bureaux import choose, machine_bureaux
from sim.elections import SCENARIOS
from sim.evidence import BureauEvidence
from sim.faults import catalogue
from sim.faults.model import PaperFault
from tests.sim.nights import honest_commune, night, struck

SCENARIO = SCENARIOS[2022]


def first(evidence: BureauEvidence) -> export.Export:
    return export.parse(evidence.exports[0][1])


def recounted(evidence: BureauEvidence) -> RecountedUrns:
    images = [np.frombuffer(data, np.uint8) for _, data in evidence.urns]
    return recount(np.stack(images).reshape(-1, IMAGE_SIZE))


class TestFigures:
    """An export with a right checksum says what it should not."""

    def test_a_second_reading_is_of_before_the_last_votes_and_adds_up(self) -> None:
        for before, after in struck("dump-read-twice"):
            assert after.exports[:-1] == before.exports
            early, right = export.parse(after.exports[-1][1]), first(before)
            missing = right.cast - early.cast
            assert 1 <= missing <= 5
            assert right.voters - early.voters == right.enablings - early.enablings == missing
            assert early.blank + sum(early.tallies) == early.cast
            assert early.closing is None
            assert (early.export or 0) < (right.closing or 0)
            assert all(one <= other for one, other in zip(early.tallies, right.tallies, strict=True))

    def test_an_unclosed_poll_has_all_its_votes(self) -> None:
        for before, after in struck("dump-unclosed"):
            assert first(after).closing is None
            assert (first(after).export or 0) < (first(before).closing or 0)
            assert (first(after).cast, first(after).tallies) == (first(before).cast, first(before).tallies)

    def test_a_clock_put_back_dates_the_reading_before_the_closing(self) -> None:
        for before, after in struck("dump-clock-behind"):
            assert first(after).closing == first(before).closing
            assert (first(after).export or 0) < (first(after).closing or 0)

    def test_a_restart_leaves_no_time_for_the_votes(self) -> None:
        for _, after in struck("dump-opening-restart"):
            values = first(after)
            open_for = (values.closing or 0) - (values.opening or 0)
            assert 0 < 300 * open_for < 3600 * values.cast

    def test_another_program_is_not_the_approved_one(self) -> None:
        for before, after in struck("dump-model-other"):
            assert first(before).model == export.APPROVED_MODEL
            assert first(after).model == "ESF1 (HW 1.06/2.01 - FW 9.99)"

    def test_a_serial_is_that_of_a_bureau_before(self) -> None:
        pairs = list(struck("dump-serial-shared"))
        donor = honest_commune()[0].bureau
        assert pairs[0][0].bureau.code != donor.code
        assert all(first(after).machine_serial == donor.serial("M", 1) for _, after in pairs)

    def test_registered_voters_lose_a_digit_in_all_parts(self) -> None:
        for before, after in struck("dump-registered-short"):
            short = before.bureau.registered // 10
            assert [export.parse(data).registered for _, data in after.exports] == [short] * len(after.exports)
            assert after.truth[0].effect == short - before.bureau.registered

    def test_a_wrong_tally_breaks_the_sum_by_its_effect(self) -> None:
        for _, after in struck("dump-tally-wrong"):
            values = first(after)
            assert values.blank + sum(values.tallies) - values.cast == after.truth[0].effect != 0

    def test_votes_that_moved_keep_the_sum(self) -> None:
        for before, after in struck("dump-votes-moved"):
            pairs = zip(first(before).tallies, first(after).tallies, strict=True)
            changes = sorted(new - old for old, new in pairs if new != old)
            assert changes == [after.truth[0].effect, -(after.truth[0].effect or 0)]
            assert changes[0] < 0


class TestBytes:
    """Bytes that are wrong with a right checksum, and files of several records."""

    @pytest.mark.parametrize("name", ["dump-reserved-used", "dump-value-erased", "dump-version-other"])
    def test_the_checksum_is_right_and_one_field_is_not(self, name: str) -> None:
        for before, after in struck(name):
            old, new = before.exports[0][1], after.exports[0][1]
            assert zlib.crc32(new[:-4]) == int.from_bytes(new[-4:], "big")
            changed = {
                field
                for field, (offset, size) in export.PLACES.items()
                if old[offset : offset + size] != new[offset : offset + size]
            }
            assert changed == {after.truth[0].field, "crc32"}

    def test_an_erased_value_is_beyond_what_the_format_takes(self) -> None:
        for _, after in struck("dump-value-erased"):
            (error,) = export.faults(after.exports[0][1])
            assert (error.field, int(str(error.got)) > MAX_COUNT) == (after.truth[0].field, True)

    def test_text_mode_breaks_the_mark_of_the_format(self) -> None:
        for before, after in struck("dump-text-mode"):
            old, new = before.exports[0][1], after.exports[0][1]
            assert new == old.replace(b"\r\n", b"\n")
            assert not new.startswith(export.MAGIC)

    def test_a_torn_batch_has_lost_one_record_alone(self, tmp_path: Path) -> None:
        [(before, torn)] = struck("dump-batch-torn")
        [(name, data)] = torn.exports
        others = [record for each in honest_commune() if each is not before for _, record in each.exports]
        others += [record for _, record in before.exports[1:]]
        assert len(data) == (len(others) + 1) * export.RECORD_LENGTH - 1
        assert all(data.count(record) == 1 for record in others)
        (tmp_path / name).write_bytes(data)
        reading = read([tmp_path])
        assert [(problem.kind, problem.bytes) for problem in reading.problems] == [
            (Kind.LOST_STEP, export.RECORD_LENGTH - 1)
        ]
        assert len(reading.columns) == len(others)
        assert (reading.verdict == RecordVerdict.OK).all()


class TestModules:
    """The memory of an urn."""

    def test_a_foreign_vote_has_right_checksums_and_no_tally_counts_it(self) -> None:
        for before, after in struck("vote-foreign"):
            old, new = recounted(before).columns, recounted(after).columns
            assert (old["foreign"][0], new["foreign"][0]) == (0, 1)
            assert (new["sections"] == old["sections"]).all()
            assert (new["tallies"] == old["tallies"]).all()
            assert first(after).module_digest == hashlib.sha256(after.urns[0][1]).digest()

    @pytest.mark.parametrize(
        ("name", "section"), [("counter-decayed", Section.MARKS), ("slot-decayed", Section.BANK_A)]
    )
    def test_a_decayed_cell_lost_one_bit_and_changes_no_count(self, name: str, section: Section) -> None:
        for before, after in struck(name):
            old, new = (np.frombuffer(each.urns[0][1], np.uint8) for each in (before, after))
            (place,) = np.flatnonzero(old != new).tolist()
            assert SPANS[section][0] <= place < SPANS[section][1]
            assert old[place] == 0xFF
            assert int(new[place]).bit_count() == 7
            one, other = recounted(before).columns, recounted(after).columns
            assert (one["tallies"] == other["tallies"]).all()
            assert other["not_blank"][0] == (name == "slot-decayed")
            assert other["counters_consistent"][0].all() == (name != "counter-decayed")

    def test_a_clock_that_was_set_is_in_the_log(self) -> None:
        (commune,) = choose(2022, ["77513"])
        bureau = machine_bureaux(1, SCENARIO, commune)[0]
        faulty = polling.hold(1, SCENARIO, bureau, {"clock-set": 1.0})
        urns = recounted(faulty)
        assert (urns.columns["clock_sets"] == 1).all()
        assert not urns.columns["clock_falls"].any()
        events = urns.events[urns.events["kind"] == EventKind.CLOCK]
        assert ((events["at"] - events["value"] >= 20) & (events["at"] - events["value"] <= 120)).all()
        assert faulty.record == polling.hold(1, SCENARIO, bureau, {}).record


def test_a_file_read_again_is_not_what_the_manifest_says() -> None:
    folder = night(["77513"], {"dump-read-again": 1.0})
    listed = json.loads((folder / "manifest.json").read_bytes())["files"]
    changed = [
        name for name, digest in listed.items() if hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest
    ]
    assert changed
    assert all(name.startswith("exports/") for name in changed)
    again = [export.parse((folder / name).read_bytes()) for name in changed]
    assert all((each.export or 0) > (each.closing or 0) for each in again)


def test_a_deleted_file_is_still_in_the_manifest() -> None:
    folder = night(["77513"], {"dump-deleted": 1.0})
    listed = json.loads((folder / "manifest.json").read_bytes())["files"]
    gone = {name for name in listed if not (folder / name).exists()}
    assert gone
    assert all(name.startswith("exports/") for name in gone)
    assert len(gone) == len((folder / "verite.csv").read_text("utf-8").splitlines()) - 1
    night(["77513"], folder=folder, force=True)  # a night of which files are gone can be replaced all the same


@pytest.mark.parametrize("seed", range(3))
def test_all_faults_of_papers_get_along(seed: int) -> None:
    """Whatever struck before, no fault stumbles over it."""
    rates = {fault.name: 0.5 for fault in catalogue.EVERY if isinstance(fault, PaperFault)}
    folder = night(["77513"], rates, seed=seed)
    assert (folder / "verite.csv").stat().st_size > 1000
