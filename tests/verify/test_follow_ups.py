"""Follow-ups of findings: read row by row, matched with today's findings, and weighed beside the evidence."""

import csv
import io
from pathlib import Path

import pytest

from tests.sources import put_text
from tests.verify.night_builder import INSEE, Night, audited, findings, input_of, small_night, sources_of
from verify import audit
from verify.audit import Audit
from verify.model.evidence import LinedEvidence
from verify.model.findings import Finding
from verify.model.follow_ups import Followed, FollowStatus, Today
from verify.model.use import Used

COLUMNS = (
    "insee",
    "bureau",
    "scrutin",
    "constat",
    "chiffres",
    "statut",
    "remarque",
    "nombre",
    "piece",
    "auteur",
    "date",
)


def rows(*given: dict[str, str], columns: tuple[str, ...] = COLUMNS) -> bytes:
    text = io.StringIO()
    table = csv.DictWriter(text, columns, restval="", delimiter=";")
    table.writeheader()
    table.writerows(given)
    return text.getvalue().encode()


def row(bureau: str = "0002", statut: str = "explique", insee: str = INSEE, **cells: str) -> dict[str, str]:
    return {"insee": insee, "bureau": bureau, "statut": statut, **cells}


def gap(change: int = 2, bureau: str = "0002") -> Night:
    """A night in which one bureau has so many signatures fewer than votes, in every piece."""
    night = small_night()
    for file in ("emargements.csv", "pv.csv", "recap.csv"):
        if file in night.tables:
            night.add(file, bureau, "emargements", -change)
    return night


def followed(night: Night, *given: dict[str, str]) -> tuple[Followed, ...]:
    return run(night, *given).followed


def run(night: Night, *given: dict[str, str]) -> Audit:
    night.raw["suites.csv"] = rows(*given)
    return night.run()


def contest(result: Audit, code: str = "V501") -> Finding:
    [found] = findings(result, code)
    return found


def test_a_row_is_put_beside_its_finding_and_case() -> None:
    result = run(gap(), row(constat="R201", chiffres="546 / 544", remarque="deux oublis", auteur="C. M."))
    [each] = result.followed
    assert (each.state, each.follow_up.status, each.follow_up.remark) == (
        Today.SAME,
        FollowStatus.EXPLAINED,
        "deux oublis",
    )
    assert [result.findings[at].code for at in each.findings] == ["R201"]
    assert each.cases == (result.cases.number[each.findings[0]],)
    assert each.follow_up.source == "suites.csv:2"


def test_without_a_code_it_is_of_all_that_is_found_there() -> None:
    result = run(gap(), row())
    [each] = result.followed
    here = [at for at, found in enumerate(result.findings) if found.bureau == "0002" and result.cases.number[at]]
    assert list(each.findings) == here != []
    assert followed(gap(), row(bureau=""))[0].findings == each.findings
    assert followed(gap(), row(bureau="", insee=""))[0].findings == each.findings


def test_the_name_of_a_cause_stands_for_its_case() -> None:
    result = run(gap(), row(constat="gap-unmentioned"), row(constat="digits-exchanged"))
    same, gone = result.followed
    assert [result.cases[number - 1].cause.name for number in same.cases] == ["gap-unmentioned"]
    assert (gone.state, gone.cases, gone.findings) == (Today.GONE, (), ())


@pytest.mark.parametrize(
    ("figures", "state"),
    [
        ("546/544", Today.SAME),
        ("544 et 546", Today.SAME),
        ("", Today.SAME),
        ("546 / 545", Today.CHANGED),
        ("1 546 / 544", Today.CHANGED),
    ],
)
def test_figures_that_have_changed_since_are_told(figures: str, state: Today) -> None:
    [each] = followed(gap(), row(constat="R201", chiffres=figures))
    assert each.state is state
    assert each.now == ("544 / 546" if state is Today.CHANGED else "")


@pytest.mark.parametrize("figures", ["", "1 / 2"])
def test_what_is_not_found_any_more_is_told(figures: str) -> None:
    [each] = followed(small_night(), row(constat="R201", chiffres=figures))
    assert each.state is Today.GONE


def test_a_row_of_another_poll_is_of_no_finding_of_this_one() -> None:
    night = small_night(2)
    night.row("emargements.csv", "0002", 2)["emargements"] = "1"
    first, second, both = followed(night, row(scrutin="1"), row(scrutin="2"), row())
    assert (first.findings, second.findings) == ((), both.findings)
    assert both.findings


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("À vérifier", FollowStatus.TO_CHECK),
        ("a_verifier", FollowStatus.TO_CHECK),
        ("", FollowStatus.TO_CHECK),
        ("Expliquée", FollowStatus.EXPLAINED),
        ("expliqués", FollowStatus.EXPLAINED),
        ("CONTESTÉ", FollowStatus.CONTESTED),
        ("settled", FollowStatus.SETTLED),
        ("réglé", FollowStatus.SETTLED),
        ("to check", FollowStatus.TO_CHECK),
    ],
)
def test_a_status_is_read_as_people_write_it(word: str, status: FollowStatus) -> None:
    [each] = followed(gap(), row(statut=word))
    assert each.follow_up.status is status


def test_what_is_wrong_with_a_row_is_said_of_it_and_the_others_are_read() -> None:
    given = (
        row(statut="peut-être"),
        row(scrutin="9"),
        row(constat="R999"),
        row(insee=""),
        row(nombre="deux"),
        row(bureau="9999"),
        row(bureau="", insee="00000"),
    )
    result = run(small_night(), *given)
    seen = [(found.left.source, found.field) for found in result.findings if found.left.source.startswith("suites")]
    columns = ["statut", "scrutin", "constat", "insee", "nombre", "bureau", "insee"]
    assert sorted(seen) == sorted((f"suites.csv:{at}", column) for at, column in enumerate(columns, 2))
    assert [each.follow_up.source for each in result.followed] == ["suites.csv:6"]
    used = input_of(result, "suites.csv")
    assert used.used is Used.PART


@pytest.mark.parametrize(("commune", "bureau"), [("Essai-sur-Marne", "0002"), ("ESSAI-SUR-MARNE", "2"), (INSEE, "002")])
def test_a_bureau_is_found_as_people_write_it(commune: str, bureau: str) -> None:
    [each] = followed(gap(), row(bureau=bureau, insee=commune))
    assert (each.follow_up.insee, each.follow_up.bureau, each.state) == (INSEE, "0002", Today.SAME)


def test_what_was_written_before_the_codes_were_known_stays_with_its_bureau(tmp_path: Path) -> None:
    night = tmp_path / "night"
    night.mkdir()
    header = "Commune;Bureau;Émargements;Bulletins trouvés;Exprimés\n"
    typed = f"{header}Évry-lès-Bois;1;300;303;303\nÉvry-lès-Bois;2;9;9;9\n"
    put_text(night / "pv.csv", typed)
    (night / "suites.csv").write_bytes(rows(row(insee="Évry-lès-Bois", bureau="1")))
    [before] = audited(night).followed
    coded = typed.replace("Commune;", "Code INSEE;Commune;").replace("\nÉ", "\n77001;É")
    put_text(night / "pv.csv", coded)
    [after] = audited(night).followed
    assert (before.follow_up.insee, after.follow_up.insee) == ("Évry-lès-Bois", INSEE)
    assert (before.state, after.state) == (Today.SAME, Today.SAME)
    assert before.findings
    assert after.findings


def test_a_name_that_two_communes_have_is_of_neither(tmp_path: Path) -> None:
    night = tmp_path / "night"
    night.mkdir()
    header = "Code INSEE;Commune;Bureau;Émargements;Bulletins trouvés;Exprimés\n"
    put_text(night / "pv.csv", f"{header}77001;Essai;1;300;303;303\n77002;Essai;1;9;12;12\n")
    (night / "suites.csv").write_bytes(rows(row(insee="Essai", bureau="1")))
    result = audited(night)
    assert result.followed == ()
    [said] = [found for found in result.findings if found.left.source == "suites.csv:2"]
    assert said.field == "insee"


def test_a_bureau_that_is_nearly_there_is_not_meant() -> None:
    result = run(gap(), row(bureau="00029"))
    assert result.followed == ()
    assert [found.field for found in result.findings if found.left.source == "suites.csv:2"] == ["bureau"]


def test_a_table_without_its_columns_is_a_finding(night: Night) -> None:
    night.raw["suites.csv"] = b"bureau;remarque\n0001;rien\n"
    result = night.run()
    assert result.followed == ()
    assert sources_of(result, "I113") == ["suites.csv:1"]


def test_a_table_given_by_itself_takes_the_place_of_the_folders(tmp_path: Path) -> None:
    night = gap()
    night.raw["suites.csv"] = rows(row(remarque="du dossier"))
    folder = night.write()
    (tmp_path / "autres.csv").write_bytes(rows(row(remarque="donnée")))
    result = audited(folder, follow_ups=(tmp_path / "autres.csv",))
    assert [each.follow_up.remark for each in result.followed] == ["donnée"]
    assert {used.path: used.used for used in result.inputs}["suites.csv"] is Used.NONE


def test_it_hides_nothing() -> None:
    without = audit.run(gap().load())
    result = run(gap(), *(row(statut=word, piece="page 3", nombre="1") for word in ("regle", "conteste")))
    assert [(found.code, found.severity) for found in result.findings] == [
        (found.code, found.severity) for found in without.findings
    ]
    assert len(result.cases) == len(without.cases)


# --- What could change ---


def weighed(night: Night, *given: dict[str, str], code: str = "V501") -> tuple[object, object]:
    found = contest(run(night, *given), code)
    return found.right.value, found.details.get("followed_excess")


@pytest.mark.parametrize(
    ("given", "explained"),
    [
        ({"constat": "R201", "piece": "page 12"}, 0),
        ({"statut": "regle", "piece": "page 12", "nombre": "1"}, 1),
        ({"constat": "R201"}, None),
        ({"statut": "a_verifier", "piece": "page 12"}, None),
        ({"constat": "T306", "piece": "page 12"}, None),
        ({"bureau": "0001", "piece": "page 12"}, None),
    ],
)
def test_a_gap_that_a_piece_explains_is_not_deducted(given: dict[str, str], explained: int | None) -> None:
    """Without a piece, or of something else, an explanation weighs nothing."""
    assert weighed(gap(), row(**given)) == (2, explained)


def test_contested_signatures_are_added_in_their_number() -> None:
    assert weighed(gap(), row(statut="conteste", nombre="3")) == (2, 5)
    assert weighed(gap(), row(statut="conteste", nombre="2", constat="R201")) == (2, None)  # the gap's
    assert weighed(gap(), row(statut="conteste")) == (2, None)
    assert weighed(gap(), row(statut="conteste", nombre="3", bureau="")) == (2, None)


def test_of_two_rows_of_one_bureau_the_larger_number_counts() -> None:
    given = [row(statut="conteste", nombre=number) for number in ("3", "1")]
    assert weighed(gap(), *given) == (2, 5)


def test_an_explained_gap_is_no_irregularity_that_nothing_explains() -> None:
    gone, with_it = weighed(gap(), row(piece="page 12"), code="V502")
    assert isinstance(gone, int)
    assert (gone > 0, with_it) == (True, 0)
    assert weighed(gap(), row(piece="page 12", nombre="1"), code="V502") == (gone, gone)


def test_contested_signatures_alone_are_said_to_be_so() -> None:
    found = contest(run(small_night(), row(statut="conteste", nombre="3")))
    assert "This is so with the follow-ups, and not as the evidence stands." in str(found.message)


def test_they_are_weighed_with_the_corrections_made() -> None:
    night = gap()
    for file in ("emargements.csv", "pv.csv"):
        night.row(file, "0001")["emargements"] = "262"  # 626 votes
    evidence: LinedEvidence = night.load()
    assert not evidence.weighed
    found = contest(run(night, row(piece="page 12")))
    assert "follow-ups" in str(found.message)
