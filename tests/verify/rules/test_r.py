"""R, reconciliation: each code with a case in which it fires and one in which it does not."""

from pathlib import Path

import pytest

from protocol.words import msg
from regard.language import show
from tests.verify.night_builder import (
    CURIE,
    INSEE,
    LOVELACE,
    PUBLISHED,
    ZOLA,
    Night,
    audited,
    bureaux_with,
    codes_of,
    export_place,
    figures,
    findings,
    grave,
    infos,
    only,
    quiet,
    says,
    small_night,
    with_tabulation,
)
from verify.model.findings import Severity
from verify.model.rule_results import Side

WARNING, INFO = Severity.WARNING, Severity.INFO
MACHINE = export_place("0001")
PAPERS = ("pv.csv", "emargements.csv")


def signed(change: int, remark: str = "", bureau: str = "0001") -> Night:
    """The night in which so many more signed than voted, by the list and by the PV."""
    night = small_night()
    night.sign(bureau, change)
    night.row("pv.csv", bureau)["observations"] = remark
    return night


def test_r201() -> None:
    night = signed(-1, "Un électeur a omis de signer.")
    found = night.fires("R201", "0001", (night.place("emargements.csv", "0001"), 625), (MACHINE, 626), WARNING)
    assert found.details == {"gap": 1}
    signed(1).quiet("R201")


@pytest.mark.parametrize(
    "remark", ["deux électeurs partis", "voir annexe 2", "Départ d'une électrice", "omis de signer"]
)
def test_r204_not_where_a_remark_gives_a_cause_or_refers_to_another_paper(remark: str) -> None:
    signed(1, remark).quiet("R204")


@pytest.mark.parametrize("remark", ["RAS", "délégués des partis présents", "clôture à 19 h 10"])
def test_r204_where_no_remark_speaks_of_the_gap(remark: str) -> None:
    [found] = signed(1, remark).findings("R204")
    assert "of which no remark in the PV speaks" in str(found.message)


def test_r202() -> None:
    night = signed(1, "Un électeur est parti sans valider son vote.")
    found = night.fires("R202", "0001", (night.place("emargements.csv", "0001"), 627), (MACHINE, 626), WARNING)
    assert found.details == {"gap": 1}
    signed(-1).quiet("R202")


def test_gaps_in_paper_bureaux_are_between_the_list_and_the_urn() -> None:
    night = signed(2, "Écart de deux.", "0004")
    signatures, record = night.place("emargements.csv", "0004"), night.place("pv.csv", "0004")
    night.fires("R202", "0004", (signatures, 422), (record, 420), WARNING)


def test_gaps_without_a_list_are_by_the_signatures_that_the_record_states() -> None:
    night = signed(-2, "Écart de deux.")
    night.drop("emargements.csv", "0001")
    night.incomplete()
    night.fires("R201", "0001", (night.place("pv.csv", "0001"), 624), (MACHINE, 626), WARNING)


def test_gaps_of_a_bureau_with_two_machines_are_with_the_sum() -> None:
    night = signed(1, "Écart d'un.", "0003")
    signatures = night.place("emargements.csv", "0003")
    night.fires("R202", "0003", (signatures, 1045), (f"{export_place('0003')} (Σ)", 1044), WARNING)


def test_gaps_are_by_poll() -> None:
    night = small_night(polls=2)
    night.sign("0001", 1, poll=2)
    found, silent = night.findings("R202", "R204")[::-1]
    signatures = night.place("emargements.csv", "0001", poll=2)
    says(found, "R202", "0001", (signatures, 627), (export_place("0001", poll=2), 626), WARNING, poll=2)
    assert silent.poll == 2


def test_r203() -> None:
    night = signed(900 - 626, "Écart.")
    night.quiet("R203")  # as many as are registered

    night = signed(901 - 626, "Écart.")
    [found] = night.findings("R203")
    place = night.place("emargements.csv", "0001")
    says(found, "R203", "0001", (place, 901), (place, 900))


@pytest.mark.parametrize("remark", ["", "R.A.S.", "Les scellés portent les numéros 1 et 2."])
def test_r204(change: int, remark: str) -> None:
    night = signed(change, remark)
    found, _ = night.only("R204", "R201" if change < 0 else "R202")
    says(found, "R204", "0001", (night.place("emargements.csv", "0001"), 626 + change), (MACHINE, 626))


@pytest.mark.parametrize(
    "remark",
    [
        "Un électeur a omis de signer la liste",
        "écart entre émargements et votes",
        "ECART DE 1",
        "E\u0301cart",
        "Une personne a quitté le bureau sans voter.",
        "un vote de trop",
        "difference of one",
    ],
)
def test_r204_not_where_the_record_mentions_it(remark: str) -> None:
    signed(1, remark).quiet("R204")
    signed(-1, remark).quiet("R204")


def test_r204_needs_a_gap_and_a_record() -> None:
    night = signed(3)
    night.drop("pv.csv", "0001")
    night.incomplete()
    night.only("R202")


def test_r205(night: Night, change: int) -> None:
    night.add("pv.csv", "0001", "emargements", change)
    [found] = night.only("R205")  # the list is what is held against the votes
    record, signatures = night.place("pv.csv", "0001"), night.place("emargements.csv", "0001")
    says(found, "R205", "0001", (record, 626 + change), (signatures, 626))


def test_r205_not_where_a_cell_was_left_blank(night: Night) -> None:
    night.row("pv.csv", "0001")["emargements"] = ""
    night.quiet("R205")


def test_r206(night: Night, change: int) -> None:
    night.add("pv.csv", "0001", "votes_trouves", change)
    [found] = night.findings("R206")
    says(found, "R206", "0001", (night.place("pv.csv", "0001"), 626 + change), (MACHINE, 626))
    assert not night.findings("R201", "R202", "R204", "R207", "R208")


def test_r207(night: Night) -> None:
    night.add("voix.csv", "0001", "voix", 1, choice=ZOLA)
    [found] = night.findings("R207")
    says(found, "R207", "0001", (night.place("voix.csv", "0001", choice=ZOLA), 302), (MACHINE, 301))
    assert found.field == ZOLA


def test_r207_names_each_choice(night: Night) -> None:
    night.add("voix.csv", "0001", "voix", -1, choice=ZOLA)
    night.add("voix.csv", "0001", "voix", -1, choice=CURIE)
    night.add("voix.csv", "0001", "voix", 2, choice=LOVELACE)
    found = night.findings("R207")
    assert {one.field: (one.left.value, one.right.value) for one in found} == {
        ZOLA: (300, 301),
        CURIE: (201, 202),
        LOVELACE: (105, 103),
    }


def test_r208(night: Night, change: int) -> None:
    night.add("pv.csv", "0001", "blancs", change)
    [found] = night.findings("R208")
    says(found, "R208", "0001", (night.place("pv.csv", "0001"), 20 + change), (MACHINE, 20))


def test_r209() -> None:
    night = signed(3, "Écart de trois.")
    for column, change in (("nuls", 3), ("votes_trouves", 3)):
        night.add("pv.csv", "0001", column, change)
    night.row("emargements.csv", "0001")["emargements"] = "630"  # so that it was not copied from there
    [found] = night.findings("R209")
    place = night.place("pv.csv", "0001")
    says(found, "R209", "0001", (place, 3), (place, 629))
    assert found.details == {"gap": 4}


def test_r209_from_one_null_vote_up_and_not_on_paper(night: Night) -> None:
    night.add("pv.csv", "0001", "nuls", 1)
    night.add("pv.csv", "0004", "nuls", 1)
    assert bureaux_with(night.run(), "R209") == ["0001"]


def test_r209_not_for_a_cell_left_blank(night: Night) -> None:
    night.row("pv.csv", "0001")["nuls"] = ""
    night.quiet("R209")


def test_r210(night: Night, change: int) -> None:
    night.add("pv.csv", "0004", "nuls", change)
    night.publish("0004").counts["Nuls"] += change
    night.publish("0004").counts["Exprimés"] -= change
    place = night.place("pv.csv", "0004")
    [found] = night.findings("R210")
    says(found, "R210", "0004", (place, 407), (place, 407 - change))
    assert found.details == {"sum": msg("votes found − blank − null")}


def test_r210_for_the_sum_of_the_choices(night: Night, change: int) -> None:
    night.add("voix.csv", "0004", "voix", change, choice=LOVELACE)
    [found] = night.findings("R210")
    first = night.place("voix.csv", "0004", choice=ZOLA)
    says(found, "R210", "0004", (night.place("pv.csv", "0004"), 407), (first, 407 + change))


@pytest.mark.parametrize("rest", [1, 0, -1])
def test_r210_once_for_a_sum_of_zero_and_on_both_sides_of_it(night: Night, rest: int) -> None:
    row = night.row("pv.csv", "0001")
    row["blancs"] = str(int(row["votes_trouves"]) - int(row["nuls"]) - rest)
    [found] = night.findings("R210")
    assert found.right.value == (rest if rest >= 0 else str(rest))


def test_r210_not_where_a_figure_of_the_sum_is_unknown(night: Night) -> None:
    night.row("pv.csv", "0004")["nuls"] = ""
    night.row("voix.csv", "0004", choice=CURIE)["voix"] = ""
    night.quiet("R210")


def test_r212(night: Night) -> None:
    one, other = (night.row("voix.csv", "0001", choice=choice) for choice in (ZOLA, LOVELACE))
    one["voix"], other["voix"] = other["voix"], one["voix"]
    [found] = night.findings("R212")
    places = [night.place("voix.csv", "0001", choice=choice) for choice in (ZOLA, LOVELACE)]
    says(found, "R212", "0001", (places[0], 103), (places[1], 301))
    assert (found.field, found.details) == (ZOLA, {"other": LOVELACE})
    night.quiet("R207")


def test_r212_not_for_two_that_only_differ_nor_for_three_in_a_circle(night: Night) -> None:
    night.row("voix.csv", "0001", choice=ZOLA)["voix"] = "202"
    night.row("voix.csv", "0001", choice=CURIE)["voix"] = "300"
    night.quiet("R212")
    assert len(night.findings("R207")) == 2

    for choice, votes in ((ZOLA, "202"), (CURIE, "103"), (LOVELACE, "301")):
        night.row("voix.csv", "0001", choice=choice)["voix"] = votes
    night.quiet("R212")


def test_r216() -> None:
    night = signed(2, "Écart de deux.")
    night.add("pv.csv", "0001", "votes_trouves", 2)
    result = night.run()
    [found] = findings(result, "R216")
    says(found, "R216", "0001", (night.place("pv.csv", "0001"), 628), (MACHINE, 626))
    for code in ("R206", "R209", "R210"):
        quiet(result, code)
    assert len(findings(result, "R202")) == 1


def test_r216_where_the_blank_votes_of_the_record_are_not_known_and_not_where_they_differ() -> None:
    night = signed(2, "Écart de deux.")
    night.add("pv.csv", "0001", "votes_trouves", 2)
    blank = night.row("pv.csv", "0001")["blancs"]
    night.row("pv.csv", "0001")["blancs"] = ""
    assert bureaux_with(night.run(), "R216") == ["0001"]
    night.row("pv.csv", "0001")["blancs"] = str(int(blank) + 2)
    night.quiet("R216")


def test_r216_not_for_votes_found_that_are_not_the_signatures() -> None:
    night = signed(2, "Écart de deux.")
    night.add("pv.csv", "0001", "votes_trouves", 3)
    result = night.run()
    quiet(result, "R216")
    assert bureaux_with(result, "R206") == ["0001"]


def test_r216_leaves_a_gap_that_was_booked_as_nulls_to_r209() -> None:
    night = signed(2, "Écart de deux.")
    for column in ("votes_trouves", "nuls"):
        night.add("pv.csv", "0001", column, 2)
    result = night.run()
    quiet(result, "R216")
    [found] = findings(result, "R209")
    assert (found.left.value, found.details["gap"]) == (2, 2)


def test_blank_zero_and_missing_differ(night: Night) -> None:
    night.row("pv.csv", "0001")["votes_trouves"] = "0"
    assert [one.left.value for one in night.findings("R206")] == [0]
    night.row("pv.csv", "0001")["votes_trouves"] = ""
    night.quiet("R206")


@pytest.mark.parametrize("file", ["emargements.csv", "pv.csv"])
def test_r211(night: Night, file: str) -> None:
    night.add(file, "0001", "inscrits", 1)
    result = night.run()
    only(result)
    [found] = infos(result, "R211")
    says(found, "R211", "0001", (night.place("univers.csv", "0001"), 900), (night.place(file, "0001"), 901), INFO)


@pytest.mark.parametrize("parts", [(1,), (2,), (1, 2)])
def test_r211_for_one_module_of_several(night: Night, parts: tuple[int, ...]) -> None:
    """Each module of a bureau is programmed for itself: the first as much as the last."""
    right = int(night.row("univers.csv", "0003")["inscrits"])
    places = {night.change_export("0003", 1, part, registered=right + part) for part in parts}
    found = night.infos("R211")
    assert {(one.bureau, one.left.value) for one in found} == {("0003", right)}
    assert {one.right.value for one in found} == {right + part for part in parts}
    assert len(found) == len(places)


@pytest.mark.parametrize(
    ("votes", "kind"),
    [
        ("310", "digits transposed"),
        ("103", ""),
        ("201", "one digit"),
        ("311", "one digit"),
        ("302", ""),
        ("3010", ""),
    ],
)
def test_r213(night: Night, votes: str, kind: str) -> None:
    """Of 301: a digit other than the last that is another one; the last differs in any small gap."""
    night.row("voix.csv", "0001", choice=ZOLA)["voix"] = votes
    found = [one for one in night.infos("R213") if one.details["rule"] == "R207"]
    assert [str(one.details["kind"]) for one in found] == ([kind] if kind else [])
    for one in found:
        says(one, "R213", "0001", (night.place("voix.csv", "0001", choice=ZOLA), int(votes)), (MACHINE, 301), INFO)
        assert f"({kind})" in show("en", one.message)
        assert f"({'un chiffre' if kind == 'one digit' else 'deux chiffres intervertis'})" in show("fr", one.message)


@pytest.mark.parametrize("column", ["emargements", "votes_trouves", "blancs", "nuls", "exprimes"])
def test_r214(column: str, change: int) -> None:
    night = with_tabulation()
    night.add("recap.csv", "0004", column, change)
    own = int(night.row("pv.csv", "0004")[column])
    places = night.place("recap.csv", "0004"), night.place("pv.csv", "0004")
    night.fires("R214", "0004", (places[0], own + change), (places[1], own))


def test_r214_not_where_they_agree() -> None:
    with_tabulation().only()


def test_r214_without_pv() -> None:
    """Votes by choice of a bureau without a PV that do not make up the record's valid votes."""
    night = with_tabulation()
    night.drop("pv.csv", "0002")
    valid = int(night.row("recap.csv", "0002")["exprimes"])
    night.add("voix.csv", "0002", "voix", 7, choice=ZOLA)
    [found] = [each for each in grave(night.run()) if each.code == "R214"]
    assert (found.bureau, figures(found)) == ("0002", (valid, valid + 7))


def test_r215(night: Night) -> None:
    night.row("pv.csv", "0001")["blancs"], night.row("pv.csv", "0001")["nuls"] = "0", "20"
    result = night.run()
    found = findings(result, "R215")[0]
    says(found, "R215", "0001", (night.place("pv.csv", "0001"), 20), (MACHINE, 20))
    quiet(result, "R208")
    quiet(result, "R209")


def test_r215_not_for_a_part_of_them(night: Night) -> None:
    night.row("pv.csv", "0001")["blancs"], night.row("pv.csv", "0001")["nuls"] = "1", "19"
    result = night.run()
    quiet(result, "R215")
    assert codes_of(result.findings) >= {"R208", "R209"}


@pytest.mark.parametrize(("bureaux", "fires"), [(10, True), (9, False)])
def test_r217(night: Night, tmp_path: Path, bureaux: int, fires: bool) -> None:
    """Both counts from the PV alone, equal in all bureaux of a commune that has enough of them to tell."""
    like = night.row("pv.csv", "0001")
    night.tables["pv.csv"] = [like | {"bureau": f"{number:04}"} for number in range(1, bureaux + 1)]
    folder = night.write(tmp_path / "night")
    result = audited(records=(folder / "pv.csv",), thresholds=thresholds(tmp_path, "one_hand_bureaux = 10"))
    only(result)
    found = infos(result, "R217")
    assert len(found) == fires
    for one in found:
        assert (one.level, one.insee, one.bureau, one.left.value) == ("commune", INSEE, "", 10)

    night.add("pv.csv", "0002", "emargements", 1)
    quiet(audited(records=(night.write(folder) / "pv.csv",)), "R217")


def thresholds(folder: Path, text: str) -> Path:
    path = folder / "thresholds.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_r218(night: Night) -> None:
    for file in ("pv.csv", "voix.csv"):
        for row in night.tables[file]:
            row["bureau"] = {"0001": "0002", "0002": "0001"}.get(row["bureau"], row["bureau"])
    found = night.findings("R218")
    assert [(one.bureau, one.left.value, one.right.value) for one in found] == [
        ("0001", "0001", "0002"),
        ("0002", "0002", "0001"),
    ]
    assert (found[0].right.source, found[1].right.source) == (export_place("0002"), export_place("0001"))
    assert found[0].severity is Severity.ERROR


def exchange(night: Night, file: str, *columns: str, other: str = "0002") -> None:
    """Puts the figures of 0001 and another bureau in each other's place."""
    one, two = night.row(file, "0001"), night.row(file, other)
    for column in columns:
        one[column], two[column] = two[column], one[column]


def test_r218_by_the_counts_where_the_votes_are_in_their_place_or_not_given(night: Night) -> None:
    exchange(night, "pv.csv", "inscrits", "votes_trouves", "blancs", "exprimes")
    found = [one for one in night.run().findings if one.code.startswith("R2") and one.code != "R211"]
    assert [one.code for one in found] == ["R218", "R218"]
    places = night.place("pv.csv", "0001"), export_place("0002")
    says(found[0], "R218", "0001", (places[0], "0001"), (places[1], "0002"))
    assert found[0].field == "votes_found"
    folder = night.write()
    only(audited(records=(folder / "pv.csv",), exports=(folder / "exports",)), "R218", "R218")
    night.row("pv.csv", "0002")["votes_trouves"] = night.row("pv.csv", "0002")["blancs"] = ""
    night.quiet("R218")  # a copy alone may be a slip


def test_r218_by_the_counts_not_with_a_bureau_of_two_machines(night: Night) -> None:
    """A count of some of its machines is not the bureau's."""
    exchange(night, "pv.csv", "votes_trouves", "blancs", other="0003")
    night.quiet("R218")


@pytest.mark.parametrize("file", ["pv.csv", "emargements.csv"])
def test_r223(night: Night, file: str) -> None:
    exchange(night, file, "emargements")
    result = night.run()
    first, _ = only(result, "R223", "R223")
    counts = [(night.place(name, "0001"), int(night.row(name, "0001")["emargements"])) for name in PAPERS]
    says(first, "R223", "0001", counts[0], counts[1])
    assert first.details["other"] == "0002"
    for code in ("P401", "R213"):
        quiet(result, code)
    night.add(file, "0002", "emargements", 1)
    result = night.run()
    quiet(result, "R223")
    assert len(findings(result, "R205")) == 2


def test_r223_leaves_the_gap_that_remains(night: Night) -> None:
    for file in PAPERS:
        night.add(file, "0001", "emargements", 2)
    exchange(night, "emargements.csv", "emargements")
    assert bureaux_with(night.run(), "R201") == ["0001"]


def test_r222(night: Night) -> None:
    right = {choice: night.row("voix.csv", "0001", choice=choice)["voix"] for choice in (ZOLA, CURIE, LOVELACE)}
    for choice, votes in ((ZOLA, "202"), (CURIE, "103"), (LOVELACE, "0")):
        night.row("voix.csv", "0001", choice=choice)["voix"] = votes
    result = night.run()
    [found] = findings(result, "R222")
    assert (found.bureau, found.field, found.right.source, found.right.value) == (
        "0001",
        ZOLA,
        MACHINE,
        int(right[ZOLA]),
    )
    assert not findings(result, "R207", "R212", "R213")
    night.row("voix.csv", "0001", choice=LOVELACE)["voix"] = right[LOVELACE]
    night.row("voix.csv", "0001", choice=CURIE)["voix"] = right[CURIE]
    night.quiet("R222")


def test_r222_not_where_all_choices_have_the_same_votes(night: Night) -> None:
    """Whatever the first one should be, the others seem to stand one line lower."""
    night.change_export("0001", tallies=(202, 202, 202))
    for choice in (ZOLA, CURIE, LOVELACE):
        night.row("voix.csv", "0001", choice=choice)["voix"] = "202"
        night.publish("0001").votes[choice] = 202
    night.row("voix.csv", "0001", choice=ZOLA)["voix"] = "150"
    result = night.run()
    quiet(result, "R222")
    assert [one.field for one in findings(result, "R207")] == [ZOLA]


def test_r218_not_for_one_vote_more(night: Night) -> None:
    night.add("voix.csv", "0001", "voix", 1, choice=ZOLA)
    night.quiet("R218")


@pytest.mark.parametrize("column", ["ouverture", "cloture"])
def test_r219(night: Night, column: str) -> None:
    night.row("pv.csv", "0001")[column] = ""
    place = night.place("pv.csv", "0001")
    found = night.fires("R219", "0001", (place, None), (place, "a time of day"), WARNING)
    assert found.field == column


def test_r220(night: Night) -> None:
    night.row("pv.csv", "0001")["procurations"] = "626"
    night.quiet("R220")  # as many as signatures
    night.row("pv.csv", "0001")["procurations"] = "627"
    night.fires("R220", "0001", (night.place("pv.csv", "0001"), 627), (night.place("emargements.csv", "0001"), 626))


def test_r221() -> None:
    night = small_night(polls=2)
    night.sign("0004", 1, poll=2)
    found = night.findings("R221")[0]
    first, second = (night.place("emargements.csv", "0004", poll) for poll in (1, 2))
    says(found, "R221", "0004", (first, 420), (second, 421), WARNING, poll=2)
    night.row("pv.csv", "0004", poll=2)["observations"] = "Un électeur n'a voté qu'à un scrutin : écart d'un."
    night.quiet("R221")
    small_night(polls=2).quiet("R221")


@pytest.mark.parametrize("poll", [1, 2])
def test_r221_is_quiet_where_signatures_and_votes_both_differ(poll: int) -> None:
    """Some take part in one poll only; a gap is said of its poll, and where one count alone differs that is said."""
    night = small_night(polls=2)
    night.add("emargements.csv", "0004", "emargements", -2, poll=poll)
    for count in ("emargements", "votes_trouves", "exprimes"):
        night.add("pv.csv", "0004", count, -2, poll=poll)
    night.quiet("R221")
    night.sign("0004", 1, poll=poll)
    found = night.run().findings
    assert {(one.code, one.poll) for one in found if one.code in ("R202", "R221")} == {("R202", poll)}
    night.sign("0004", 1, poll=poll)
    [found_alone] = night.findings("R221")
    assert found_alone.field == "votes_found"  # of the PV, where there is no machine


def test_r221_says_nothing_of_a_pv_that_is_not_there() -> None:
    night = small_night(polls=2)
    night.incomplete()
    night.add("emargements.csv", "0004", "emargements", 1, poll=2)
    night.drop("pv.csv", "0004", 2)
    [found] = night.findings("R221")
    assert found.severity is Severity.INFO
    for language, remark in (("en", "remark"), ("fr", "remarque")):
        assert remark not in show(language, found.message)
    night.raw["pv.csv"] = night.raw["voix.csv"] = None
    [found] = night.findings("R221")
    assert found.severity is Severity.INFO


COUNTS = ("emargements", "votes_trouves", "blancs", "nuls", "exprimes")


def shift(night: Night, bureau: str, step: int) -> None:
    """Put the counts of a PV one column to the left or right."""
    row = night.row("pv.csv", bureau)
    values = [row[name] for name in COUNTS]
    moved = [*values[1:], ""] if step < 0 else ["", *values[:-1]]
    row |= dict(zip(COUNTS, moved, strict=True))


@pytest.mark.parametrize("bureau", ["0001", "0003", "0004"])
@pytest.mark.parametrize(("step", "column"), [(-1, "emargements"), (1, "blancs")])
@pytest.mark.parametrize("machines", [True, False])
def test_r224(night: Night, bureau: str, step: int, column: str, machines: bool) -> None:
    night.raw[PUBLISHED] = None
    night.incomplete()
    if not machines:
        night.exports.clear()
    true = night.row("pv.csv", bureau)["votes_trouves"]
    shift(night, bureau, step)
    [found] = night.only("R224")  # and no gap, no sum that is wrong, no null votes on a machine
    place = night.place("pv.csv", bureau)
    says(found, "R224", bureau, (place, int(night.row("pv.csv", bureau)["votes_trouves"])), (place, int(true)))
    assert night.row("pv.csv", bureau)[column] == true
    assert ("left" if step < 0 else "right") in show("en", found.message)
    assert ("gauche" if step < 0 else "droite") in show("fr", found.message)


def test_r224_hides_no_gap_between_machine_and_list(night: Night) -> None:
    night.raw[PUBLISHED] = None
    night.incomplete()
    night.add("emargements.csv", "0001", "emargements", 2)
    shift(night, "0001", -1)
    assert codes_of(grave(night.run())) == {"R224", "R202", "R204"}


def test_r224_not_where_the_votes_by_choice_say_otherwise(night: Night) -> None:
    shift(night, "0001", -1)
    night.add("voix.csv", "0001", "voix", 1, choice=ZOLA)
    night.quiet("R224")


def test_r224_not_where_only_the_machine_says_otherwise(night: Night) -> None:
    shift(night, "0001", -1)
    night.change_export("0001", blank=21, cast=627, voters=627, enablings=629)
    night.quiet("R224")
    night.change_export("0001", blank=20, tallies=(302, 202, 103))  # only the votes cast are others
    night.quiet("R224")


@pytest.mark.parametrize("by_choice", [True, False])
def test_r224_not_for_a_pv_that_adds_up(night: Night, by_choice: bool) -> None:
    """432 signatures, 420 votes found, 8 blank, 4 null: 432 is their sum, by chance."""
    if not by_choice:
        night.raw["voix.csv"] = None
    row = night.row("pv.csv", "0004")
    row |= {"emargements": "432", "votes_trouves": "420", "blancs": "8", "nuls": "4", "exprimes": ""}
    night.quiet("R224")


@pytest.mark.parametrize(("exprimes", "fires"), [("", True), ("3", False)])
def test_r224_without_votes_by_choice(night: Night, exprimes: str, fires: bool) -> None:
    night.raw["voix.csv"] = None
    night.exports.clear()
    night.incomplete()
    shift(night, "0004", -1)
    night.row("pv.csv", "0004")["exprimes"] = exprimes
    assert bureaux_with(night.run(), "R224") == ["0004"] * fires


def test_r210_not_where_the_sum_is_right_with_the_votes_of_a_choice_that_is_withdrawn(night: Night) -> None:
    for row in night.tables["choix.csv"]:
        row["type"] = "retire" if row["choix"] == LOVELACE else row["type"]
    result = night.run()
    quiet(result, "R210")
    assert "A108" in codes_of(grave(result))
    night.add("voix.csv", "0004", "voix", 1, choice=ZOLA)
    assert bureaux_with(night.run(), "R210") == ["0004"]


def test_r214_for_the_registered_voters() -> None:
    night = with_tabulation()
    night.row("recap.csv", "0002")["inscrits"] = "9999"
    night.fires("R214", "0002", (night.place("recap.csv", "0002"), 9999), (night.place("pv.csv", "0002"), 850))
    assert not night.findings("R211")
    night.raw["pv.csv"] = night.raw["voix.csv"] = None  # beside no PV it is held against the list
    night.incomplete()
    [info] = night.findings("R211")
    assert info.right == Side(night.place("recap.csv", "0002"), 9999)


def test_r225(night: Night) -> None:
    night.row("pv.csv", "0002").update(ouverture="19:00", cloture="08:00")
    [found] = night.only("R225")  # and not also late, and early
    place = night.place("pv.csv", "0002")
    says(found, "R225", "0002", (place, "19:00"), (place, "08:00"))


def test_r226(night: Night) -> None:
    folder = night.write()
    night.row("pv.csv", "0002")["blancs"] = "99"
    other = night.write() / "pv.csv"
    result = audited(folder, records=(folder / "pv.csv", other))
    [found] = findings(result, "R226")
    says(found, "R226", "0002", ("pv.csv:3", 17), (f"{other}:3", 99))
    assert found.field == "blank"
    quiet(audited(folder, records=(folder / "pv.csv",) * 2), "R226")
