"""Published results with a column for each bureau, or a form for each."""

from pathlib import Path

import pytest

from tests.sources import new_file
from tests.verify.night_builder import loaded
from tests.verify.published.test_portals import bureaux, votes
from verify.read.results_files import read_all

BODY = "Inscrits;400;90\nVotants;300;80\nBlancs;8;0\nNuls;4;2\nExprimés;288;78\nDURAND;188;38\nPETIT;100;40\n"
HEADS = {
    "named": "Bureau;0001;0002\n",
    "named in words": "Libellé;Bureau 0001;Bureau 0002\n",
    "below a title": "Résultats définitifs\n;BV 0001;BV 0002\n",
    "of choices": "Candidats;0001;0002\n",
    "codes alone": ";0001;0002\n",
}
WHAT = {"0001": [400, 300, 288], "0002": [90, 80, 78]}
WHO = {"0001": {"DURAND": 188, "PETIT": 100}, "0002": {"DURAND": 38, "PETIT": 40}}


def written(content: str) -> Path:
    return new_file("resultats.csv", content)


@pytest.mark.parametrize("head", HEADS)
def test_a_column_for_each_bureau(head: str) -> None:
    [found] = read_all(written(HEADS[head] + BODY))
    assert (bureaux(found, "registered", "votes_found", "valid"), votes(found)) == (WHAT, WHO)
    assert found.problems == ()


def test_numbers_in_their_order_are_codes() -> None:
    [found] = read_all(written(";1;2\n" + BODY))
    assert found.bureau.tolist() == ["1", "2"]
    evidence = loaded(published=(written("Bureau;Inscrits;Votants\n1;400;300\n"),))
    assert len(evidence.universe) == 1


@pytest.mark.parametrize("below", ["", ";Voix;%;Voix;%\n"])
def test_shares_beside_the_figures_are_no_bureaux(below: str) -> None:
    lines = (line.split(";") for line in BODY.splitlines())
    body = "".join(f"{name};{one};{int(one) / 4:.2f};{other};{int(other):.2f} %\n" for name, one, other in lines)
    [found] = read_all(written(f";Bureau 0001;;Bureau 0002;\n{below}{body}"))
    assert (bureaux(found, "registered", "votes_found", "valid"), votes(found)) == (WHAT, WHO)
    assert found.problems == ()


def test_both_rounds_with_a_column_for_each_bureau() -> None:
    pvs = new_file("pv.csv", "Bureau;Inscrits;Votants;Exprimés\n0001;400;300;288\n0002;90;80;78\n")
    first = BODY.replace("300", "299").replace("80", "79").replace("288", "287").replace("78", "77")
    path = written(f"1er tour\n{HEADS['named']}{first}\n2nd tour\n{HEADS['named']}{BODY}")
    evidence = loaded(records=(pvs,), published=(path,))
    [lined] = evidence.published
    assert votes(lined.published) == WHO
    assert lined.published.says.round == 2
