"""T, transmission: each code with a case in which it fires and one in which it does not."""

import copy
from pathlib import Path

import pytest

from protocol.words import msg
from regard.language import show
from tests.sources import new_file, put_text
from tests.verify.night_builder import (
    CURIE,
    DEPARTMENTS,
    LOVELACE,
    PUBLISHED,
    PUBLISHED_HEADER,
    ZOLA,
    Night,
    PublishedRow,
    audited,
    bureaux_with,
    codes_of,
    export_place,
    figure_cells,
    findings,
    infos,
    input_of,
    only,
    published_bytes,
    quiet,
    says,
    small_night,
)
from tests.verify.published import samples
from verify import audit
from verify.loading import load
from verify.model.evidence import Sources
from verify.model.findings import Finding, Severity

ROW = f"{PUBLISHED}:2"


@pytest.mark.parametrize(
    ("name", "column", "field"),
    [
        ("Votants", "votes_trouves", "votes_found"),
        ("Blancs", "blancs", "blank"),
        ("Nuls", "nuls", "null"),
        ("Exprimés", "exprimes", "valid"),
    ],
)
def test_t301(night: Night, name: str, column: str, field: str, change: int) -> None:
    night.publish("0004").counts[name] += change
    published = night.publish("0004").counts[name]
    [found] = night.findings("T301")
    says(found, "T301", "0004", (f"{PUBLISHED}:5", published), (night.place("pv.csv", "0004"), published - change))
    assert found.field == field


def test_t301_for_a_choice(night: Night) -> None:
    row = night.publish("0001")
    row.votes[ZOLA], row.votes[CURIE] = row.votes[ZOLA] - 1, row.votes[CURIE] + 1
    found = night.findings("T301")
    assert [one.field for one in found] == [CURIE, ZOLA]
    says(found[1], "T301", "0001", (ROW, 300), (night.place("voix.csv", "0001", choice=ZOLA), 301))
    night.quiet("T302")


def test_t301_holds_each_poll_against_its_own_file() -> None:
    night = small_night(polls=2)
    night.publish("0001", "publie.2.txt").counts["Blancs"] += 1
    found = night.findings("T301")
    assert [(one.poll, one.left.source) for one in found] == [(2, "publie.2.txt:2")]


def test_t302(night: Night) -> None:
    night.incomplete()
    night.drop("pv.csv", "0001")
    night.drop("voix.csv", "0001")
    night.only()

    row = night.publish("0001")
    row.counts["Blancs"] += 1
    row.counts["Votants"] += 1
    row.counts["Abstentions"] -= 1
    row.votes[ZOLA], row.votes[CURIE] = row.votes[ZOLA] - 1, row.votes[CURIE] + 1
    found = night.findings("T302")
    assert {(one.field, one.left.value, one.right.value) for one in found} == {
        ("votes_found", 627, 626),
        ("blank", 21, 20),
        (ZOLA, 300, 301),
        (CURIE, 203, 202),
    }
    assert {(one.left.source, one.right.source) for one in found} == {(ROW, export_place("0001"))}
    says(next(one for one in found if one.field == "blank"), "T302", "0001", (ROW, 21), (export_place("0001"), 20))


def test_t302_not_where_there_is_a_record(night: Night) -> None:
    night.publish("0001").counts["Blancs"] += 1
    result = night.run()
    quiet(result, "T302")
    assert bureaux_with(result, "T301") == ["0001"]


def test_t302_with_the_sum_of_two_machines(night: Night) -> None:
    night.incomplete()
    night.drop("pv.csv", "0003")
    night.drop("voix.csv", "0003")
    night.only()


def test_t306_for_abstentions(night: Night, change: int) -> None:
    night.publish("0001").counts["Abstentions"] += change
    found = night.fires("T306", "0001", (ROW, 274 + change), (ROW, 274), poll=0)
    assert found.details == {"sum": msg("registered - voters")}


def test_t306(night: Night, change: int) -> None:
    row = night.publish("0001")
    row.counts["Exprimés"] += change
    row.votes[ZOLA] += change
    [found] = night.findings("T306")
    says(found, "T306", "0001", (ROW, 606 + change), (ROW, 606), poll=0)
    assert found.details == {"sum": msg("voters − blank − null")}


def test_t306_for_the_sum_of_the_choices(night: Night, change: int) -> None:
    night.publish("0001").votes[ZOLA] += change
    [found] = night.findings("T306")
    says(found, "T306", "0001", (ROW, 606), (ROW, 606 + change), poll=0)


def zeros(night: Night, bureau: str = "0001") -> None:
    row = night.publish(bureau)
    row.counts = dict.fromkeys(row.counts, 0) | {"Inscrits": row.counts["Inscrits"]}
    row.votes = dict.fromkeys(row.votes, 0)


def test_t308(night: Night) -> None:
    zeros(night)
    result = night.run()
    [found] = findings(result, "T308")
    says(found, "T308", "0001", (ROW, 900), (ROW, 0), poll=0)
    quiet(result, "T306")  # that the abstentions do not add up either says nothing more


def test_t308_not_for_a_bureau_with_one_vote(night: Night) -> None:
    zeros(night)
    night.publish("0001").counts |= {"Votants": 1, "Blancs": 1, "Abstentions": 899}
    night.quiet("T308")


def test_t308_is_a_warning_where_nobody_is_registered_either(night: Night) -> None:
    zeros(night)
    night.publish("0001").counts |= {"Inscrits": 0, "Abstentions": 0}
    result = night.run()
    [found] = findings(result, "T308")
    says(found, "T308", "0001", (ROW, 0), (ROW, 0), Severity.WARNING, poll=0)
    quiet(result, "T306")


def test_t306_not_for_a_table_without_votes_by_choice() -> None:
    path = new_file("mur.csv", "Commune;Bureau;Inscrits;Votants;Blancs;Nuls;Exprimés\nEssai;1;900;702;2;0;700\n")
    quiet(audited(published=(path,)), "T306")


def test_t308_not_for_a_bureau_that_the_file_does_not_have(night: Night) -> None:
    night.published[PUBLISHED].remove(night.publish("0001"))
    night.quiet("T308")


HEADERS = {
    "commune": "Code du département;Libellé du département;Code de la commune;Libellé de la commune",
    "departement": "Code du département;Libellé du département",
    "nation": "Libellé",
}


def summed(night: Night, level: str) -> str:
    """The published rows added up, in the same layout."""
    sums: dict[tuple[str, ...], PublishedRow] = {}
    for row in night.published[PUBLISHED]:
        department = row.insee[:2], DEPARTMENTS[row.insee[:2]]
        commune = (*department, row.insee[2:], row.commune)
        key = {"commune": commune, "departement": department, "nation": ("France",)}[level]
        if key not in sums:
            sums[key] = copy.deepcopy(row)
            continue
        for own, more in ((sums[key].counts, row.counts), (sums[key].votes, row.votes)):
            for name, count in more.items():
                own[name] += count
    columns = PUBLISHED_HEADER[PUBLISHED_HEADER.index("Inscrits") :]
    lines = [f"{HEADERS[level]};{columns}", *(";".join((*key, *figure_cells(row))) for key, row in sums.items())]
    return "\r\n".join(lines) + "\r\n"


def sums_of(level: str, code: str) -> Finding:
    """The finding on a file of sums of which the first figure, the registered voters, is one too many."""
    night = small_night()
    text = summed(night, level)
    night.raw["publie.sums.csv"] = text.encode("latin-1")
    only(night.run())

    head, first, *rest = text.split("\r\n")
    cells = first.split(";")
    at = head.split(";").index("Inscrits")
    total = int(cells[at])
    cells[at], cells[at + 1] = str(total + 1), str(int(cells[at + 1]) + 1)  # one more abstention
    night.raw["publie.sums.csv"] = "\r\n".join([head, ";".join(cells), *rest]).encode("latin-1")
    found = findings(night.run(), code)
    assert {one.field for one in found} == {"registered", "abstentions"}
    told = next(one for one in found if one.field == "registered")
    assert {told.left.value, told.right.value} == {total, total + 1}
    assert told.severity is Severity.ERROR
    assert {"publie.sums.csv:2"} < {told.left.source, told.right.source}
    return told


def test_t303() -> None:
    found = sums_of("commune", "T303")
    assert (found.level, found.insee, found.bureau) == ("commune", "77001", "")
    assert found.left.source.endswith(" (Σ)") or found.right.source.endswith(" (Σ)")
    assert "(somme de " in show("fr", found.message)
    assert "Σ" not in show("en", found.message)


def test_t304() -> None:
    found = sums_of("departement", "T304")
    assert (found.level, found.insee, found.bureau) == ("departement", "77", "")


def test_t305() -> None:
    found = sums_of("nation", "T305")
    assert (found.level, found.bureau) == ("nation", "")


@pytest.mark.parametrize(("written", "fires"), [("69,56", False), ("69,55", True), ("69,57", True), ("69,5", True)])
def test_t307(night: Night, written: str, fires: bool) -> None:
    """626 of 900 are 69.5555… per cent."""
    text = published_bytes(night.published[PUBLISHED])
    assert b";626;69,56;" in text
    night.raw[PUBLISHED] = text.replace(b";626;69,56;", f";626;{written};".encode())
    found = night.findings("T307")
    assert len(found) == fires
    for one in found:
        assert show("fr", one.right.value) == "69,56"
        says(one, "T307", "0001", (ROW, written), (ROW, "69.56"), Severity.WARNING, poll=0)


def test_t309(night: Night) -> None:
    night.published["publie.2.txt"] = small_night().published[PUBLISHED]
    night.quiet("T309")
    night.publish("0001", "publie.2.txt").votes[ZOLA] -= 1
    night.publish("0001", "publie.2.txt").votes[CURIE] += 1
    found = night.findings("T309")
    assert {one.field for one in found} == {ZOLA, CURIE}
    assert {one.severity.name for one in found} == {"INFO"}
    told = next(one for one in found if one.field == ZOLA)
    assert {(told.left.source, told.left.value), (told.right.source, told.right.value)} == {
        ("publie.2.txt:2", 300),
        (ROW, 301),
    }


@pytest.mark.parametrize(("bureaux", "fires"), [(10, True), (9, False)])
def test_t310(night: Night, tmp_path: Path, bureaux: int, fires: bool) -> None:
    """In one row of ten a choice is missing; where it is in more, the rows are not of one contest."""
    like = night.publish("0001")
    night.published[PUBLISHED] = [
        PublishedRow(like.insee, like.commune, f"{number:04}", dict(like.counts), dict(like.votes))
        for number in range(1, bureaux + 1)
    ]
    path = night.write(tmp_path / "night") / PUBLISHED
    quiet(audited(published=(path,)), "T310")

    del night.publish("0001").votes[CURIE]
    night.write(tmp_path / "night")
    found = findings(audited(published=(path,)), "T310")
    assert len(found) == fires
    for one in found:
        assert (one.insee, one.bureau, one.field, one.left.source) == ("77001", "0001", CURIE, f"{path}:2")
        assert (one.severity, one.right.value) == (Severity.ERROR, None)


def test_t310_by_the_official_list(night: Night) -> None:
    """Of few rows one lacks a choice: too many for the file alone to tell, the préfecture's list does."""
    night.quiet("T310")
    del night.publish("0001").votes[CURIE]
    (found,) = night.findings("T310")
    says(found, "T310", "0001", (ROW, None), ("choix.csv", None), Severity.ERROR, poll=0)
    assert found.field == CURIE
    for row in night.published[PUBLISHED]:
        row.votes.pop(CURIE, None)
    assert not night.findings("T310")  # no row has it: another spelling, or another contest


@pytest.mark.parametrize("level", ["commune", "departement", "nation"])
def test_t311(night: Night, level: str) -> None:
    """A file with a part of a place's bureaux is told once; one count that is too small is no part."""
    night.raw["publie.sums.csv"] = summed(night, level).encode("latin-1")
    night.quiet("T311")

    gone = night.publish("0002")
    night.published[PUBLISHED].remove(gone)
    night.incomplete()
    result = night.run()
    [found] = infos(result, "T311")
    assert found.field == "registered"
    assert isinstance(found.left.value, int)
    assert isinstance(found.right.value, int)
    assert abs(found.left.value - found.right.value) == 850
    assert not {"T303", "T304", "T305"} & codes_of(result.findings)

    night.publish("0001").counts["Blancs"] += 850  # more than the whole has: no part
    codes = codes_of(night.run().findings)
    assert "T311" not in codes
    assert codes & {"T303", "T304", "T305"}


def exchange(row: PublishedRow, other: PublishedRow) -> None:
    row.counts, other.counts = other.counts, row.counts
    row.votes, other.votes = other.votes, row.votes


def test_t301_two_bureaux_exchanged(night: Night) -> None:
    exchange(night.publish("0001"), night.publish("0002"))
    found = night.findings("T301")  # one for each, and not one for each figure
    assert [one.bureau for one in found] == ["0001", "0002"]
    says(found[0], "T301", "0001", (ROW, 529), ("voix.csv:2", 606))
    assert "They are the votes of bureau 0002." in show("en", found[0].message)
    assert "Ce sont les voix du bureau 0002." in show("fr", found[0].message)
    night.quiet("R213")

    night = small_night()
    exchange(night.publish("0001"), night.publish("0A11"))  # of another commune: nothing is said of an exchange
    assert len(night.findings("T301")) > 2


def test_t301_two_choices_exchanged(night: Night) -> None:
    votes = night.publish("0001").votes
    votes[ZOLA], votes[CURIE] = votes[CURIE], votes[ZOLA]
    [found] = night.findings("T301")
    says(found, "T301", "0001", (ROW, 202), ("voix.csv:2", 301))
    assert found.field == ZOLA
    assert f"“{CURIE}” has the other one" in show("en", found.message)
    night.publish("0001").votes[LOVELACE] += 1  # three figures are off: no exchange
    assert {one.field for one in night.findings("T301")} == {ZOLA, CURIE, LOVELACE}


def test_t302_exchanged(night: Night) -> None:
    night.incomplete()
    for file in ("pv.csv", "voix.csv"):
        night.raw[file] = None
    exchange(night.publish("0001"), night.publish("0002"))
    found = night.findings("T302")
    assert [(one.bureau, one.details["other"]) for one in found] == [("0001", "0002"), ("0002", "0001")]


def test_t312() -> None:
    night = small_night(2)
    for row in night.published["publie.2.txt"]:
        row.votes = dict(zip(("MARTIN Paul", "DURAND Anne"), row.votes.values(), strict=True))
        row.counts["Blancs"] += 1
    [found] = night.findings("T312")
    says(found, "T312", "", ("publie.2.txt", "MARTIN Paul; DURAND Anne"), ("choix.csv", CHOSEN), poll=0)
    assert found.level == "file"
    night.quiet("T301")  # and not that it differs from the PVs of the first poll
    night.quiet("C107")
    used = input_of(night.run(), "publie.2.txt")
    assert (used.used.value, str(used.why)) == ("part", "of no poll of this day: not compared")
    small_night(2).quiet("T312")


CHOSEN = "; ".join((ZOLA, CURIE, LOVELACE, "SAND George", "…"))


def test_published_results_find_their_poll_however_the_choices_are_written() -> None:
    night = small_night(2)
    for rows in night.published.values():
        for row in rows:
            row.votes = {" ".join(reversed(name.upper().split())): votes for name, votes in row.votes.items()}
    night.only()
    night.publish("0002", "publie.2.txt").counts["Nuls"] += 1
    assert {one.poll for one in night.findings("T301")} == {2}


def test_of_polls_with_the_same_choices_that_of_the_same_counts() -> None:
    night = small_night(3)  # the second and the third have the same choices
    for row in night.tables["pv.csv"]:
        if row["scrutin"] == "2":
            row["votes_trouves"] = str(int(row["votes_trouves"]) + 1)
    for published in night.published["publie.2.txt"]:
        published.counts["Votants"] += 1
    night.published["publie.9.txt"] = night.published.pop("publie.2.txt")
    lines = night.load().published
    polls = {each.published.file: each.counted.present.any(axis=0).tolist().index(True) + 1 for each in lines}
    assert polls == {PUBLISHED: 1, "publie.3.txt": 3, "publie.9.txt": 2}


@pytest.mark.parametrize("kind", ["records", "signatures"])
def test_t313(tmp_path: Path, kind: str) -> None:
    feed, other = tmp_path / "paris.csv", tmp_path / "counted.csv"
    put_text(feed, samples.PARIS)
    for signed, told in ((300, [("0518", 301, 300)]), (301, [])):
        put_text(other, f"INSEE;Bureau;Émargements;Bulletins trouvés\n75056;0518;{signed};300\n")
        sources = {"records": Sources(published=(feed,), records=(other,))}
        result = audit.run(load(sources.get(kind, Sources(published=(feed,), signatures=(other,)))))
        found = findings(result, "T313")
        assert [(one.bureau, one.left.value, one.right.value) for one in found] == told
        gaps = bureaux_with(result, "R202")
        assert gaps == ([] if signed == 300 else ["0518"])  # T313 instead of the gap that the feed shows by itself
