"""The lines of the law: each has a source and says how sure it is, and nothing is asserted that has no line."""

import datetime
import re

import pytest

from regard.letters.law import ELECTIONS, KNOWN, READ, SURE, From, Vote, decisions_on, election_of, law, lines_of
from regard.letters.letters import letters_for
from regard.letters.making import handout
from regard.letters.matter import Matter

DATE = datetime.date(2026, 3, 15)
CITED = re.compile(
    r"\b(?:LO|[LR])\.? ?\d{2,3}(?:-\d+)?\b|\b\d{4}-\d{3}\b|\b58-1067\b|\b77-729\b|\b20\d{6}\b|NOR \w+|\b222981\b"
)
"""Articles, decrees, opinions, circulars and decisions, as they are cited."""


def test_every_line_has_a_source_and_says_how_sure_it_is() -> None:
    parts = set()
    for line in law().values():
        parts.add(line.part)
        assert line.known in KNOWN
        assert line.elections <= set(ELECTIONS)
        if line.part == "silence":
            assert line.known == "absent"
            continue
        assert line.source is not None
        assert line.sure in SURE
        assert line.known != "absent"
        assert line.known != "memory" or line.sure == "medium"
        assert (line.days or line.hours) == 0 or line.since is not From.UNSAID or line.unsaid is not None
    assert parts == {"complaint", "prefect", "document", "rule", "decision", "silence"}


@pytest.mark.parametrize("election", sorted(READ))
def test_every_kind_of_election_has_a_way_to_complain(election: str) -> None:
    assert lines_of("complaint", election)
    assert all(line.judge is not None for line in lines_of("complaint", election))


@pytest.mark.parametrize("election", sorted(READ))
def test_every_text_that_is_cited_stands_in_a_line(election: str, language: str) -> None:
    """Also in the letters, whose texts are elsewhere."""
    known = set(CITED.findall(" ".join(str(text) for line in law().values() for text in (line.source, line.note))))
    made = handout(Vote(election, DATE, 1), Matter(codes=frozenset(("R204", "R214"))), (), language)
    said = " ".join(
        " ".join((block.text, *(cell for row in block.rows for cell in row)))
        for section in made.sections
        for block in section.blocks
    )
    found = set(CITED.findall(said))
    assert len(found) > 8
    assert found - {"R204", "R214"} <= known


@pytest.mark.parametrize("election", ELECTIONS)
def test_every_letter_rests_on_lines(election: str) -> None:
    for letter in letters_for(Vote(election, DATE), Matter()):
        assert bool(letter.basis) == (election in READ)
        assert all(election in law()[name].elections for name in letter.basis or ()), letter.name


def test_of_a_referendum_no_law_is_stated() -> None:
    """Nothing was read on it: letters leave a blank for their basis, and no article, time or judge is named."""
    asked = Matter((("Brest", ("0001",)),), facts=("a",), codes=frozenset(("R201", "R204", "R214")))
    made = handout(Vote("referendum", DATE), asked, (), "fr")
    letters = [section for section in made.sections if section.tone == "letter"]
    assert len(letters) == 5
    for section in letters:
        said = "\n".join(
            (*(block.text for block in section.blocks), *(row[0] for b in section.blocks for row in b.rows))
        )
        assert "Fondement : [articles du décret qui convoque les électeurs]." in said
    whole = " ".join(" ".join((b.text, *(c for row in b.rows for c in row))) for s in made.sections for b in s.blocks)
    assert not CITED.findall(whole)
    assert "CRPA" not in whole
    assert "Réponse proclamée : [oui / non]" in whole
    assert "Le chercher dans le décret qui convoque les électeurs" in whole


def test_what_the_facts_say() -> None:
    """The times themselves, once more, so that no slip in the table stays unseen."""
    times = {name: (line.days, line.hours, line.clock, line.since.value) for name, line in law().items()}
    assert times["municipales"] == times["departementales"] == (5, 0, "18:00", "vote")
    assert times["parliament"] == (10, 0, "18:00", "proclamation")
    assert times["regionales"] == times["europeennes"] == (10, 0, "", "proclamation")
    assert times["presidentielle-candidate"] == (0, 48, "", "close")
    assert times["presidentielle-voter"] == (0, 0, "", "")
    assert times["presidentielle-prefect"] == (0, 48, "", "")
    assert times["municipales-prefect"] == (15, 0, "", "receipt")
    assert times["departementales-prefect"] == (15, 0, "", "")
    assert times["sign-in-lists"] == (10, 0, "", "vote")
    assert {line.name for line in law().values() if line.known == "memory"} == {"regionales", "europeennes", "roll"}


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("présidentielle", "presidentielle"),
        ("Presidentielles", "presidentielle"),
        ("municipales_listes", "municipales"),
        ("municipale", "municipales"),
        ("EUROPÉENNES", "europeennes"),
        ("senatorial", "senatoriales"),
        ("Référendum", "referendum"),
        ("", None),
        ("élection", None),
    ],
)
def test_words_for_elections(word: str, kind: str | None) -> None:
    assert election_of(word) == kind


def test_decisions_are_found_by_the_kinds_of_sums() -> None:
    assert [line.sum for line in decisions_on("C A")] == ["A", "C"]
    assert decisions_on("") == []
    assert {line.part for line in law().values() if line.sum} == {"decision"}
