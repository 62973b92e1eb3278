"""V, what it could change: from evidence to contests, each code with a case in which it fires and one in which not."""

import csv
import dataclasses
from pathlib import Path

import numpy as np
import pytest

from protocol import night as nights
from protocol.election import Poll
from regard.arguments import Refused
from regard.commands.checking.given import addition
from regard.language import show
from tests.sources import new_file, put_text
from tests.verify.night_builder import (
    CURIE,
    INSEE,
    OTHER_INSEE,
    PUBLISHED,
    ZOLA,
    Night,
    audited,
    export_file,
    infos,
    says,
    small_night,
)
from tests.verify.published.samples import workbook
from verify.audit import run
from verify.columns import contests_at_hand
from verify.columns.contests_at_hand import Judged, contest_totals, contests
from verify.loading import load
from verify.materiality.outcome import Totals
from verify.model.evidence import LinedEvidence, Sources
from verify.model.findings import Finding, Severity
from verify.model.follow_ups import FollowStatus, FollowUp
from verify.model.published import Level
from verify.model.rule_results import Side
from verify.rules.materiality import annulments, deductions

INFO = Severity.INFO
SILENT = "Relève à 12 h."
TOLD = "Un électeur a omis de signer."


def elects(kind: str, round_: int = 1, seats: int | None = None, change: int = -1, remark: str = TOLD) -> Night:
    """The night of one kind of election, in bureau 0001 with so many more signatures than votes."""
    night = small_night()
    poll = Poll(1, "Scrutin", kind, seats)
    night.election = dataclasses.replace(night.election, polls=(poll,), round=round_)
    sign(night, "0001", change, remark)
    return night


def sign(night: Night, bureau: str, change: int, remark: str = TOLD) -> None:
    night.sign(bureau, change)
    night.row("pv.csv", bureau)["observations"] = remark


def materiality(evidence: LinedEvidence) -> list[Finding]:
    """V501 and V502 of the contests at hand, with the follow-ups that are to be weighed."""
    judged = list(contests(evidence))
    irregular = [each for each in judged if each.count.bureaux.irregular.any()]
    found = []
    for check, those in ((deductions, judged), (annulments, irregular)):

        def given_those(_: LinedEvidence, those: list[Judged] = those) -> list[Judged]:
            return those

        of_those = dataclasses.replace(check, needs={"contests": given_those})
        found += [one for one in of_those(evidence) if isinstance(one, Finding)]
    return found


def findings(night: Night) -> list[Finding]:
    return materiality(night.load())


def test_v501() -> None:
    # 1,640, 1,105 and 503 of 3,248 valid votes: the first has a majority of 16
    night = elects("presidentielle")
    [found] = night.infos("V501")
    says(found, "V501", "", ("voix.csv", 3248), ("emargements.csv", 1), INFO)
    assert found.level == "contest"
    assert found.details["verdict"] == "not material"
    english = show("en", found.message)
    assert english.startswith(
        "Scrutin: votes beyond signatures or voters: 1, for 3,248 valid votes. In the bureaux at hand, "
    )
    assert "1 (bureau Essai-sur-Marne 0001: 1)." in english
    assert "1 taken from “ZOLA Émile”: 1,640 → 1,639; 1,639 ≥ 1,624 (absolute majority); nothing changes." in english
    assert "1 retiré de « ZOLA Émile »" in show("fr", found.message)
    elects("presidentielle", change=0).quiet("V501")
    elects("presidentielle", change=1).quiet("V501")


def test_v502() -> None:
    night = elects("presidentielle", change=1, remark=SILENT)
    [found] = night.infos("V502")
    says(found, "V502", "", ("voix.csv", 3248), ("voix.csv", 606), INFO)
    assert found.details["verdict"] == "not material"
    assert "Without Essai-sur-Marne 0001: valid votes 3,248 → 2,642; nothing changes." in show("en", found.message)
    elects("presidentielle", change=1, remark=TOLD).quiet("V502")
    elects("presidentielle", change=0, remark=SILENT).quiet("V502")


def test_gaps_are_not_netted_between_bureaux() -> None:
    night = elects("presidentielle", change=-3)
    sign(night, "0002", -2)
    sign(night, "0004", 40)
    [found] = findings(night)
    assert found.right.value == 5
    assert "Signatures without a vote: 40; they deduct nothing." in show("en", found.message)


def test_several_polls_and_constituencies_are_contests_of_their_own() -> None:
    night = small_night(polls=2, by_constituency=True)
    sign(night, "0A11", -1)
    [found] = findings(night)
    assert (found.poll, found.insee) == (1, "")
    assert show("en", found.message).startswith(
        "Scrutin 1, constituency 9201: votes beyond signatures or voters: 1, for 683 valid votes."
    )
    assert "1 known, 1 with their votes" in show("en", found.message)


def test_every_commune_is_a_municipal_contest_and_its_official_list_is_the_whole_of_it() -> None:
    night = elects("municipales_listes", seats=29)
    sign(night, "0A11", -2)
    here, there = findings(night)
    assert [(one.insee, one.right.value, one.left.value) for one in (here, there)] == [
        (INSEE, 1, 2565),
        (OTHER_INSEE, 2, 683),
    ]
    for found in (here, there):
        assert "the whole contest" in show("en", found.message)
        assert "By this sum, the outcome cannot change." in show("en", found.message)
    assert "seats: “ZOLA Émile” 22" in show("en", here.message)
    night.raw[PUBLISHED] = None
    night.drop("voix.csv", "0004")
    assert "3 with votes and signatures; a part of" in show("en", findings(night)[0].message)
    del night.tables["univers.csv"]
    assert all("whole contest" not in show("en", one.message) for one in findings(night))


def test_municipal_lists_are_certain_where_there_is_a_machine() -> None:
    [found] = findings(elects("municipales", seats=29))
    assert found.details["verdict"] == "not material"
    night = elects("municipales", seats=29)
    for row in night.tables["univers.csv"]:
        row["comptage"] = "papier"
    [found] = findings(night)
    assert found.details["verdict"] == "cannot tell"


@pytest.mark.parametrize("kind", ["", "cantonales", "quelconque"])
def test_an_unknown_kind_is_not_guessed(kind: str) -> None:
    [found] = findings(elects(kind))
    assert found.details["verdict"] == "cannot tell"
    assert "the type of election or its round is not known" in show("en", found.message)
    assert "never netted: 1 (" in show("en", found.message)


@pytest.mark.parametrize(("kind", "round_"), [("europeennes", 2), ("presidentielle", 3), ("presidentielle", 0)])
def test_a_round_that_the_kind_does_not_have(kind: str, round_: int) -> None:
    [found] = findings(elects(kind, round_=round_, seats=5))
    assert found.details["verdict"] == "cannot tell"


def test_without_an_election_file_the_kind_is_not_known() -> None:
    night = elects("presidentielle")
    night.raw[nights.ELECTION] = None
    [found] = findings(night)
    assert found.details["verdict"] == "cannot tell"


def test_votes_come_from_what_was_proclaimed_else_the_pv_else_the_machine() -> None:
    night = elects("presidentielle")
    night.raw[PUBLISHED] = None
    [found] = findings(night)
    assert found.left == Side("voix.csv", 3248)
    night.drop("voix.csv", "0001")
    [found] = findings(night)
    assert found.left == Side("voix.csv + machines", 3248)
    night.raw[nights.VOTES.file] = None
    [found] = findings(night)
    assert found.left == Side("machines", 3248 - 407)
    assert "5 known, 4 with their votes, 4 with votes and signatures; a part of" in show("en", found.message)


def test_a_bureau_whose_votes_are_not_known_bounds_nothing() -> None:
    night = elects("presidentielle")
    night.raw[PUBLISHED] = None
    night.drop("voix.csv", "0001", choice=CURIE)
    del night.exports[export_file("0001")]
    [found] = findings(night)
    assert found.details["verdict"] == "cannot tell"
    assert "Besides, 1 vote beyond signatures in bureaux whose votes by choice are not known." in show(
        "en", found.message
    )


def test_explained_and_contested_votes() -> None:
    evidence = elects("presidentielle", change=-2).load()
    explained = FollowUp("suites.csv:2", INSEE, "0001", 1, FollowStatus.EXPLAINED, 2, piece="lettre.pdf")
    contested = FollowUp("suites.csv:3", INSEE, "0002", 1, FollowStatus.CONTESTED, 7)
    assert materiality(dataclasses.replace(evidence, weighed=(explained,))) == []
    [found] = materiality(dataclasses.replace(evidence, weighed=(explained, contested)))
    assert found.right.value == 7
    assert "7 = 2 − 2 explained + 7 contested signatures (bureau Essai-sur-Marne 0002: 7)." in show("en", found.message)


def test_published_totals_of_the_whole_contest(monkeypatch: pytest.MonkeyPatch) -> None:
    def with_totals(totals: Totals) -> list[Finding]:
        monkeypatch.setattr(contests_at_hand, "contest_totals", lambda _: {(1, ""): ("ministère.csv", totals)})
        return materiality(dataclasses.replace(evidence))  # of which nothing has been made yet

    evidence = elects("presidentielle", round_=2).load()
    close = Totals(60_000, 40_000, (15_000, 14_999, 10_001))
    [found] = with_totals(close)
    assert found.left == Side("ministère.csv", 40_000)
    assert found.details["verdict"] == "material"
    assert "totals of the contest: ministère.csv" in show("en", found.message)
    assert "bureaux of the contest" not in show("en", found.message)
    for cannot_be in (
        Totals(60_000, 40_000, (100, 29_899, 10_001)),
        Totals(60_000, 3_000, close.votes),
        Totals(60_000, 40_000, (15_000, 25_000)),
    ):
        [found] = with_totals(cannot_be)
        assert found.left.source == "voix.csv"


def test_a_poll_that_is_declared_whole() -> None:
    night = elects("presidentielle", round_=2)
    [found] = findings(night)
    assert "no list says whether these are all" in show("en", found.message)
    night.election = dataclasses.replace(
        night.election, polls=(dataclasses.replace(night.election.polls[0], whole=True),)
    )
    [found] = findings(night)
    assert "the whole contest" in show("en", found.message)
    assert "Nothing is said" not in show("en", found.message)
    night.raw[PUBLISHED] = None
    night.drop("voix.csv", "0004")  # then it is no longer whole
    assert "a part of the contest" in show("en", findings(night)[0].message)


def nation(*votes: int, last: tuple[str, ...] = ("Mme LOVELACE Ada",)) -> bytes:
    """The ministry's workbook with the one row of the whole country."""
    names = ("M. ZOLA Émile", "Mme CURIE Marie", *last)
    counts = (("Inscrits", 60_000), ("Abstentions", 19_000), ("Votants", 41_000), ("Blancs", 1_000), ("Nuls", 0))
    beside = [f"{name}|{count}" for name, count in zip(names, votes, strict=True)]
    rows = [f"{name}|{count}|||" for name, count in (*counts, ("Exprimés", sum(votes)))]
    rows = [f"{row}|{beside[at]}" if at < len(beside) else row for at, row in enumerate(rows)]
    head = "Résultats - Tour 2\n\nFrance entière\n\n.|Nombre|%ins|%vot||Candidat|Voix|%_ins|%_exp\n"
    return workbook({"FE": head + "\n".join(rows) + "\n"})


def test_totals_of_the_nation_are_those_of_a_published_file() -> None:
    night = elects("presidentielle", round_=2)
    night.raw["publie.nation.xlsx"] = nation(15_000, 14_999, 10_001)
    [found] = findings(night)
    assert found.left == Side("publie.nation.xlsx", 40_000)
    assert found.details["verdict"] == "material"
    assert "totals of the contest: publie.nation.xlsx" in show("en", found.message)
    for kind, content in (
        ("presidentielle", nation(15_000, 14_999, 10_001, last=("M. HUGO Victor",))),  # another contest
        ("presidentielle", nation(15_000, 14_999, 10_001, 9, last=("Mme LOVELACE Ada", "M. HUGO Victor"))),
        ("legislatives", nation(15_000, 14_999, 10_001)),  # there the country is no contest
    ):
        night = elects(kind, round_=2)
        night.raw["publie.nation.xlsx"] = content
        [found] = findings(night)
        assert found.left.source == "voix.csv"


def test_of_two_rows_of_a_nation_neither_is_its_total() -> None:
    night = elects("presidentielle", round_=2)
    night.raw["publie.nation.xlsx"] = nation(15_000, 14_999, 10_001)
    evidence = night.load()
    assert contest_totals(evidence)
    [table] = [each for each in evidence.tables if each.level is Level.NATION]
    counts = {name: np.append(values, values) for name, values in table.counts.items()}
    twice = dataclasses.replace(table, row=np.append(table.row, table.row), counts=counts)
    assert not contest_totals(dataclasses.replace(evidence, tables=(twice,)))


def test_files_that_say_their_election_themselves_are_judged_by_it(tmp_path: Path) -> None:
    rows = ["Insee;Bureau;Scrutin;Année;Tour;Canton;Inscrits;Emargements;Votants;Blancs;Nuls;Exprimés;UN;DEUX"]
    rows += [
        f"{INSEE};{n};Départementales;2021;1;7;600;300;{300 + (n == 2)};0;0;{300 + (n == 2)};200;{100 + (n == 2)}"
        for n in range(1, 4)
    ]
    path = tmp_path / "ville.csv"

    def told(text: str) -> list[Finding]:
        put_text(path, text)
        return [each for each in audited(records=(path,)).findings if each.code == "V501"]

    [found] = told("\n".join(rows))
    assert show("en", found.message).startswith("departmental election 2021, round 1")
    assert found.details["verdict"] == "not material"
    [found] = told("\n".join(rows).replace(";Départementales;", ";;"))
    assert found.details["verdict"] == "cannot tell"
    [found] = told("\n".join(rows).replace(";2021;1;", ";2021;2;", 1))  # each bureau once: all are meant
    assert (found.details["verdict"], found.left.value, found.right.value) == ("cannot tell", 901, 1)


def test_v501_votes_beyond_the_voters_of_the_same_paper(night: Night) -> None:
    night.add("voix.csv", "0001", "voix", 2, choice=ZOLA)
    [found] = [each for each in findings(night) if each.code == "V501"]
    assert found.right.value == 2
    assert "2 of them are counted beyond the voters of the same paper" in show("en", found.message)
    night.sign("0001", -1)
    [found] = [each for each in findings(night) if each.code == "V501"]
    assert found.right.value == 2
    night.election = dataclasses.replace(night.election, polls=(Poll(1, "Scrutin", "municipales_candidats"),), round=1)
    assert {each.right.value for each in findings(night) if each.code == "V501"} <= {1}


def test_votes_beyond_the_voters_of_a_publication_are_none_where_the_pv_has_others() -> None:
    night = elects("presidentielle", change=0)
    row = night.publish("0002")
    row.votes["CURIE Marie"] = int(row.votes["CURIE Marie"]) + 30
    assert night.infos("V501") == []
    night.tables["voix.csv"].clear()
    [found] = night.infos("V501")
    assert found.right.value == 30


@pytest.mark.parametrize(("column", "change", "excess"), [("votes_trouves", 5, 5), ("votes_trouves", -3, 0)])
def test_v501_two_pvs_that_contradict_each_other(night: Night, column: str, change: int, excess: int) -> None:
    """The PV that leaves more votes beyond the signatures is the reading that K is taken from."""
    first = night.write()
    night.add("pv.csv", "0004", column, change)
    second = night.write()
    given = Sources(
        folder=first, records=(first / "pv.csv", second / "pv.csv"), exports=(), signatures=(first / "emargements.csv",)
    )
    evidence = load(given)
    assert evidence.twice
    found = [each for each in materiality(evidence) if each.code == "V501"]
    assert [each.right.value for each in found] == ([excess] if excess else [])


@pytest.mark.parametrize("settled", [False, True])
def test_another_count_of_a_sign_in_list_is_a_reading(settled: bool) -> None:
    """The first count is used: votes beyond the other one are no excess, and what they could change is said as if."""
    night = elects("presidentielle", change=0)
    first = night.write()
    night.add("emargements.csv", "0002", "emargements", -90)
    second = night.write()
    note = new_file("suites.csv", f"insee,bureau,constat,statut\n{INSEE},0002,R226,regle\n")
    given = Sources(
        folder=first,
        exports=(),
        signatures=(first / "emargements.csv", second / "emargements.csv"),
        follow_ups=(note,) if settled else (),
    )
    result = run(load(given))
    assert [each.code for each in result.findings if each.code == "V501"] == []
    read = [show("en", each.message) for each in result.findings if each.code == "V503"]
    assert ["0002, signatures on the sign-in list, " in each for each in read] == ([] if settled else [True])


def test_v503() -> None:
    """Two digits exchanged on the sign-in list, 456 for 546, give 90 votes beyond signatures: likely, no more."""
    night = elects("presidentielle", change=-3)
    night.row("emargements.csv", "0002")["emargements"] = "456"
    [found] = night.infos("V503")
    assert (found.right.value, found.details["verdict"]) == (1, "material")
    said = show("en", found.message)
    first = "With the figures as they stand, the votes beyond signatures or voters can change the outcome. "
    assert (
        f"{first}They cannot if this figure should read otherwise: bureau Essai-sur-Marne 0002, signatures on the "
        "sign-in list, 546 instead of 456. "
        "93 taken from “ZOLA Émile”: 1,640 → 1,547; 1,547 < 1,578 (absolute majority)."
    ) in said
    assert "votes beyond signatures are taken from: second round: “ZOLA Émile”, “CURIE Marie”." in said
    [found] = elects("presidentielle", change=-3).infos("V503")
    assert found.right.value == 0
    said = show("en", found.message)
    assert "By these figures, ahead: “ZOLA Émile”. No other reading" in said
    assert "Whether these are all bureaux of the contest is not known" in said


def test_a_reading_that_changes_nothing_is_said_to() -> None:
    night = elects("presidentielle", round_=2, change=-3)
    night.row("emargements.csv", "0002")["emargements"] = "456"
    night.election = dataclasses.replace(
        night.election, polls=(dataclasses.replace(night.election.polls[0], whole=True),)
    )
    [found] = night.infos("V503")
    assert found.details["verdict"] == "not material"
    assert "By these figures, elected: “ZOLA Émile”. The outcome stays the same, no" in show("en", found.message)
    assert "That does not mean that the election stands" in show("en", found.message)


KEPT_OUT = "insee,bureau,statut,nombre\n{insee},0001,ecarte,{votes}\n"


@pytest.mark.parametrize(("votes", "verdict"), [(31, "not material"), (32, "material")])
@pytest.mark.parametrize("option", ["", f"{INSEE}:1", "1"])
def test_ballots_and_voters_that_were_kept_out_come(votes: int, verdict: str, option: str) -> None:
    """1,640 of 3,248: 31 votes for others make 1,640 of 3,279, a majority; 32 make it 1,640 of 3,280, and none."""
    night = elects("presidentielle", change=0)
    if not option:
        night.raw["suites.csv"] = KEPT_OUT.format(insee=INSEE, votes=votes).encode()
    folder = night.write()
    added = (f"{option}={votes}",) if option else ()
    result = audited(folder, added=added)
    [found] = infos(result, "V501")
    assert found.details["followed_verdict"] == verdict
    assert f"kept from voting: {votes} votes come." in show("en", found.message)
    given = "Given to “CURIE Marie”" if verdict == "material" else "Given to each of the 2 other choices"
    assert given in show("en", found.message)
    assert [each.state.value for each in result.followed] == ["same"]


def test_no_more_come_than_the_roll_has() -> None:
    folder = elects("presidentielle", change=0).write()
    [found] = infos(audited(folder, added=(f"{INSEE}:0001=999999",)), "V501")
    assert found.details["followed_verdict"] == "material"
    rows = csv.DictReader((folder / "emargements.csv").read_text("utf-8").splitlines())
    [signs] = [row for row in rows if row["bureau"] == "0001"]
    assert f"{int(signs['inscrits']) - 606} votes come. 999999 are stated" in show("en", found.message).replace(",", "")


@pytest.mark.parametrize("text", ["", "4", "92012:0001", "92012:0001=x", "92012:0001=-1", "9:1:7=1", "a:b=c=1"])
def test_an_addition_that_says_no_bureau_or_votes_is_a_finding(text: str) -> None:
    folder = elects("presidentielle", change=0).write()
    result = audited(folder, added=(text,))
    assert [found.left.source for found in result.findings if found.code == "I113"] == ["--add:1"]
    assert result.followed == ()
    with pytest.raises(Refused):
        addition(text)
