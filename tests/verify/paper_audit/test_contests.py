"""Contests of published results, by constituency or by the choices that bureaux share."""

from dataclasses import replace

import numpy as np
import pytest

from protocol.errors import InputError
from protocol.quantities import Quantity
from tests.sources import new_file
from verify.materiality.kinds import Ballot, ElectionKind
from verify.model.published import Published
from verify.paper_audit.contests import PaperContest, contests, parts_of
from verify.read.results_files import read_all

LEGISLATIVE = Ballot(ElectionKind.LEGISLATIVE, 1)
HEADER = "Code INSEE,Commune,Bureau,Inscrits,Votants,Blancs,Nuls,Exprimés,A,B,C,D\n"


def table_of(rows: str) -> Published:
    path = new_file("t.csv", HEADER + rows)
    [table] = read_all(path)
    return table


def read(rows: str, ballot: Ballot = LEGISLATIVE) -> list[PaperContest]:
    table = table_of(rows)
    return list(contests(table, parts_of(table, ballot.kind), np.ones(len(table.row), np.bool_)))


def test_bureaux_without_a_choice_in_common_are_two_contests() -> None:
    rows = "77001,Essai,1,500,300,5,5,290,200,90,,\n77001,Essai,2,500,301,5,6,290,,,150,140\n"
    first, second = read(rows)
    assert (first.choices, second.choices) == (("A", "B"), ("C", "D"))
    assert [first.count().papers.cards, second.count().papers.cards] == [300, 301]


def test_papers_are_the_larger_of_the_two_counts_of_voters() -> None:
    table = table_of("77001,Essai,1,500,300,5,5,290,200,90,,\n")
    counts = {**table.counts, Quantity.SIGNATURES: np.array([303])}
    [contest] = contests(replace(table, counts=counts), [np.arange(1)], np.ones(1, np.bool_))
    assert contest.count().papers.cards == 303
    assert contest.count().papers.blank == 13


def test_more_votes_than_papers_are_named() -> None:
    with pytest.raises(InputError, match=r"t\.csv, row 2"):
        read("77001,Essai,1,500,280,5,5,290,200,90,,\n")


def test_each_commune_of_a_municipal_election_is_a_contest() -> None:
    rows = "77001,Essai,1,500,300,5,5,290,200,90,,\n77002,Marne,1,500,300,5,5,290,150,140,,\n"
    found = read(rows, Ballot(ElectionKind.MUNICIPAL_LISTS, 2, 9))
    assert [each.insee for each in found] == ["77001", "77002"]
