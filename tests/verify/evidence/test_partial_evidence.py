"""The audit of what there is: only PVs, only sign-in counts, only published results; no error is made up for a lack."""

import dataclasses
import gc
import sys
from pathlib import Path

import pytest

from tests import programs
from tests.regard.calling import CommandLine
from tests.sources import new_file, new_folder, put_text
from tests.verify.night_builder import (
    PUBLISHED,
    ZOLA,
    Night,
    audited,
    bureaux_with,
    codes_of,
    export_file,
    export_place,
    findings,
    grave,
    loaded,
    only,
    says,
    small_night,
)
from tests.verify.night_urn_images import FILE, FREE, night_with_urn, put, slot_where
from tests.verify.published import samples
from verify import audit
from verify.audit import Audit
from verify.model.evidence import LinedEvidence
from verify.model.findings import Severity
from verify.model.rule_results import Side
from verify.model.use import NothingReadable


def run(**sources: Path | tuple[Path, ...]) -> Audit:
    return audited(**sources)  # type: ignore[arg-type]


@pytest.fixture
def folder() -> Path:
    return small_night().write()


def kinds(result: Audit) -> dict[str, tuple[int, int]]:
    return {kind.split(" ")[0]: figures for kind, figures in result.coverage.kinds.items()}


def imported(given: str, path: Path, *modules: str) -> tuple[str, str]:
    """Audit a path, given as `Sources` take it, in a process of its own, which says what it imported of the modules."""
    program = (
        "import sys; from pathlib import Path; from verify import audit; from verify.model.evidence import Sources; "
        f"from verify.loading import load; path = Path(sys.argv[1]); audit.run(load(Sources({given}))); "
        f"print([name for name in {modules} if name in sys.modules])"
    )
    return programs.run([sys.executable, "-c", program, path])


def test_what_reads_other_evidence_is_not_loaded_for_tables(folder: Path) -> None:
    """A third of the time that an audit of PVs took was loading what reads dumps and published results."""
    heavy = ("construct", "numpy.random", "verify.read.published.registry")
    assert imported("records=(path,)", folder / "pv.csv", *heavy) == ("[]\n", "")


def test_what_reads_dumps_is_not_loaded_for_a_folder_of_tables() -> None:
    folder = new_folder({"PV du soir.csv": "Code INSEE;Bureau;Émargements;Votes trouvés\n77001;1;5;6\n"})
    assert imported("folder=path", folder, "construct", "numpy.random") == ("[]\n", "")


def test_only_records(folder: Path) -> None:
    result = run(records=(folder / "pv.csv",))
    only(result)
    coverage = result.coverage
    assert (coverage.bureaux, coverage.machine, coverage.paper, coverage.official) == (5, 0, 0, False)
    assert coverage.source == str(folder / "pv.csv")
    assert kinds(result) == {"pv": (5, 5)}
    assert {"R201", "R202", "R203", "R204", "R210", "I113", "I114"} <= set(coverage.checked)
    assert coverage.unchecked["R206"] == ("exports|modules",)
    assert coverage.unchecked["R207"] == ("exports|modules", "voix")
    assert coverage.unchecked["C106"] == ("univers",)
    assert coverage.unchecked["T301"] == ("publie",)
    assert not set(coverage.checked) & set(coverage.unchecked)


def test_records_without_signatures_leave_the_gap_unchecked(night: Night) -> None:
    folder = night.write()
    for row in night.tables["pv.csv"]:
        row["emargements"] = ""
    result = run(records=(night.write(folder) / "pv.csv",), exports=(folder / "exports",))
    assert result.coverage.unchecked["R201"] == result.coverage.unchecked["R204"] == ("emargements",)
    assert result.coverage.kinds["emargements"] == (0, 5)
    night.row("pv.csv", "0001")["emargements"] = "626"
    result = run(records=(night.write(folder) / "pv.csv",))
    assert "R201" in result.coverage.checked
    assert result.coverage.kinds["emargements"] == (1, 5)


def test_a_column_that_no_record_has_leaves_its_rules_unchecked(night: Night) -> None:
    for row in night.tables["pv.csv"]:
        row["blancs"] = row["procurations"] = ""
    folder = night.write()
    unchecked = run(records=(folder / "pv.csv",), exports=(folder / "exports",)).coverage.unchecked
    assert unchecked["R208"] == unchecked["R215"] == ("pv: blank",)
    assert unchecked["R220"] == ("pv: proxies",)
    assert {"R206", "R209", "R210"}.isdisjoint(unchecked)


def test_only_records_with_a_gap(night: Night) -> None:
    night.add("pv.csv", "0001", "emargements", 2)
    folder = night.write()
    silent, gap = only(run(records=(folder / "pv.csv",)), "R204", "R202")
    place = f"{folder / 'pv.csv'}:2"
    says(gap, "R202", "0001", (place, 628), (place, 626), Severity.WARNING)
    says(silent, "R204", "0001", (place, 628), (place, 626))


def test_records_and_sign_in_counts(night: Night) -> None:
    night.add("emargements.csv", "0002", "emargements", -1)
    folder = night.write()
    result = run(records=(folder / "pv.csv",), signatures=(folder / "emargements.csv",))
    assert kinds(result) == {"pv": (5, 5), "emargements": (5, 5)}
    found, *_ = only(result, "R205", "R201", "R204")
    says(found, "R205", "0002", (f"{folder / 'pv.csv'}:3", 546), (f"{folder / 'emargements.csv'}:3", 545))


def test_only_sign_in_counts(folder: Path) -> None:
    result = run(signatures=(folder / "emargements.csv",))
    only(result)
    assert kinds(result) == {"emargements": (5, 5)}
    assert result.coverage.unchecked["R201"] == ("exports|modules|pv|publie",)
    assert "R203" in result.coverage.checked


def test_only_published(folder: Path) -> None:
    result = run(published=(folder / PUBLISHED,))
    only(result)
    assert kinds(result) == {"publie": (5, 5)}
    assert {"T306", "T308"} <= set(result.coverage.checked)
    assert {"T301", "T302", "R201"} <= set(result.coverage.unchecked)
    assert result.coverage.source.endswith(PUBLISHED)


def test_only_published_that_does_not_add_up(night: Night) -> None:
    night.publish("0002").counts["Abstentions"] += 1
    [found] = only(run(published=(night.write() / PUBLISHED,)), "T306")
    assert (found.bureau, found.left.value, found.right.value) == ("0002", 305, 304)


def test_only_one_export(folder: Path) -> None:
    result = run(exports=(folder / "exports" / export_file("0002"),))
    only(result)
    assert kinds(result) == {"exports": (1, 1)}


def test_only_exports_of_which_one_is_of_another_round(night: Night) -> None:
    night.change_export("0001", round=2)
    found = grave(run(exports=(night.write() / "exports",)))
    assert [one.code for one in found] == ["A101"]


def test_records_with_votes_and_without_an_official_list(night: Night) -> None:
    night.add("voix.csv", "0002", "voix", -1, choice=ZOLA)
    folder = night.write()
    result = run(records=(folder / "pv.csv",), votes=(folder / "voix.csv",))
    assert kinds(result) == {"pv": (5, 5), "voix": (5, 5)}
    [found] = only(result, "R210")
    assert (found.bureau, found.left.value, found.right.value) == ("0002", 529, 528)


def test_only_votes(folder: Path) -> None:
    result = run(votes=(folder / "voix.csv",))
    only(result)
    assert kinds(result) == {"voix": (5, 5)}
    assert result.coverage.source == str(folder / "voix.csv")


def test_published_against_exports(night: Night) -> None:
    night.publish("0001").votes[ZOLA] -= 1
    folder = night.write()
    result = run(exports=(folder / "exports",), published=(folder / PUBLISHED,))
    assert kinds(result) == {"exports": (4, 4), "publie": (5, 5)}  # of the fifth nobody says that it has a machine
    found, _ = only(result, "T302", "T306")
    place = str(folder / export_place("0001"))
    says(found, "T302", "0001", (f"{folder / PUBLISHED}:2", 300), (place, 301))


def test_records_against_published_and_exports(folder: Path) -> None:
    result = run(
        records=(folder / "pv.csv",),
        votes=(folder / "voix.csv",),
        exports=(folder / "exports",),
        published=(folder / PUBLISHED,),
    )
    only(result)


def test_a_file_by_itself_takes_the_place_of_that_of_the_folder() -> None:
    folder = small_night().write()
    night = small_night()
    night.add("emargements.csv", "0001", "emargements", 1)
    other = night.write() / "emargements.csv"
    found = only(run(folder=folder, signatures=(other,)), "R205", "R202", "R204")
    assert found[0].right.source == f"{other}:2"


def test_a_folder_with_nothing_in_it(tmp_path: Path) -> None:
    with pytest.raises(NothingReadable, match="no file in the folder given"):
        run(folder=tmp_path)


def test_a_bureau_without_any_code_is_still_one(night: Night) -> None:
    for row in night.tables["pv.csv"]:
        row["insee"] = ""
    result = run(records=(night.write() / "pv.csv",))
    assert result.coverage.bureaux == 5


# A lab that has read the urns and has no export


def without_exports() -> Night:
    night = night_with_urn()
    night.exports.pop(export_file("0001"))
    return night


def test_only_a_module_image() -> None:
    folder = without_exports().write()
    result = run(urns=(folder / "modules",))
    only(result)
    assert kinds(result) == {"modules": (1, 1)}
    assert (result.coverage.machine, result.coverage.source) == (1, "modules")
    assert {"I106", "M103", "M104"} <= set(result.coverage.checked)


def test_a_module_image_stands_in_for_the_export_that_is_not_there() -> None:
    night = without_exports()
    night.only("C101")  # still said to be missing
    night.add("pv.csv", "0001", "blancs", 1)
    night.add("pv.csv", "0001", "votes_trouves", 1)
    result = night.run()
    found = {one.code: one for one in grave(result)}
    assert set(found) == {"C101", "R206", "R208", "T301"}
    place = f"{FILE}@0"
    says(found["R206"], "R206", "0001", (night.place("pv.csv", "0001"), 627), (place, 626))
    says(found["R208"], "R208", "0001", (night.place("pv.csv", "0001"), 21), (place, 20))


@pytest.mark.parametrize("content", [{}, {"README.txt": b"none yet"}, {"a.esf": b""}])
def test_images_stand_in_for_a_folder_of_exports_without_any(content: dict[str, bytes]) -> None:
    night = night_with_urn()
    night.incomplete()
    night.exports = content
    folder = night.write()
    (folder / "exports").mkdir(exist_ok=True)
    evidence = loaded(folder=folder)
    assert evidence.machines is not None
    assert int((evidence.machines.cast.values >= 0).sum()) == 1
    assert not findings(audit.run(evidence), "I120", "I121")


def test_an_image_of_another_round_stands_in_for_nothing() -> None:
    night = without_exports()
    night.election = dataclasses.replace(night.election, round=2)
    night.exports.clear()
    night.add("pv.csv", "0001", "votes_trouves", 1)
    assert not {"R206", "R208"} & codes_of(grave(night.run()))


def test_an_export_speaks_before_the_image() -> None:
    night = night_with_urn()
    night.change_export("0001", blank=21, cast=627, voters=627, enablings=629)
    [found] = [one for one in grave(night.run()) if one.code == "R208"]
    assert found.right == Side(export_place("0001"), 21)


def test_only_results_of_a_higher_level(cli: CommandLine) -> None:
    path = new_file("departements.csv", samples.RESEARCHERS_COMMUNES)
    result = run(published=(path,))
    only(result)
    assert (result.coverage.bureaux, kinds(result)) == (0, {})
    assert "T306" in result.coverage.checked
    assert "T307" in result.coverage.idle  # there are no percentages
    assert {"C107", "R201"} <= set(result.coverage.unchecked)
    put_text(path, samples.RESEARCHERS_COMMUNES.replace(",366,", ",365,"))
    assert codes_of(grave(run(published=(path,)))) == {"T306"}
    cli("verify", "--published", path, "--lang", "fr", code=1)
    assert "Aucun bureau : des résultats d'un niveau plus haut" in cli.out


def test_tallies_are_not_put_to_choices_of_another_order(tmp_path: Path) -> None:
    """Without the préfecture's list, a table whose columns stand in another order than the panel."""
    folder = small_night().write()
    lines = (folder / "voix.csv").read_text("utf-8").splitlines()
    put_text(tmp_path / "voix.csv", "\n".join([lines[0], *lines[:0:-1]]) + "\n")
    result = run(records=(folder / "pv.csv",), votes=(tmp_path / "voix.csv",), exports=(folder / "exports",))
    only(result)
    assert result.coverage.unchecked["R207"] == ("choix",)
    result = run(records=(folder / "pv.csv",), votes=(folder / "voix.csv",), exports=(folder / "exports",))
    assert "R207" in result.coverage.checked


def test_names_written_otherwise_than_on_the_machine_in_the_order_of_the_panel(night: Night, tmp_path: Path) -> None:
    night.add("voix.csv", "0001", "voix", 1, choice=ZOLA)
    folder = night.write()
    text = (folder / "voix.csv").read_text("utf-8").replace(ZOLA, "ZOLA")
    put_text(tmp_path / "voix.csv", text)
    result = run(records=(folder / "pv.csv",), votes=(tmp_path / "voix.csv",), exports=(folder / "exports",))
    assert bureaux_with(result, "R207") == ["0001"]


def test_an_export_says_that_a_bureau_votes_by_machine(night: Night) -> None:
    """Without a list: a gap booked as nulls is named as that, and not as another difference too."""
    for column in ("emargements", "votes_trouves", "nuls"):
        night.add("pv.csv", "0001", column, 3)
    folder = night.write()
    result = run(records=(folder / "pv.csv",), exports=(folder / "exports",))
    found, *_ = only(result, "R209", "R202", "R204")
    assert (found.bureau, found.left.value, found.details["gap"]) == ("0001", 3, 3)


def test_a_closed_image_stands_for_what_its_machine_counted() -> None:
    """Not for the recount of its votes, where the two differ: that is M103's to tell."""
    night = night_with_urn(lambda image: put(image, slot_where(image, lambda raw: raw != FREE), FREE, FREE))
    night.exports.pop(export_file("0001"))
    evidence = night.load()
    assert evidence.machines is not None
    assert evidence.urns is not None
    assert int(evidence.urns.columns["cast"][0, 0]) == 625
    assert evidence.machines.cast.values[0, 0] == 626


def test_evidence_is_let_go_of_as_soon_as_nobody_holds_it(folder: Path) -> None:
    """Of many nights one is in memory at a time: what refers to itself would stay until Python looks for that."""

    def left() -> list[object]:
        return [one for one in gc.get_objects() if type(one) is LinedEvidence]  # no weak proxy is followed

    gc.collect()
    gc.disable()
    try:
        before = len(left())
        audited(folder)
        assert len(left()) == before
    finally:
        gc.enable()
