"""The words of ``election.toml`` for what is voted on: those that name no election, and what is near."""

from __future__ import annotations

from protocol.accents import without_accents
from protocol.election import Election
from protocol.errors import InputError
from protocol.night import ELECTION
from protocol.words import Text, cited, msg
from verify.materiality.kinds import ElectionKind, election_named

_LIKE = 0.7
"""How alike two words are at least, so that one is named beside the other."""


def unknown_types(election: Election) -> list[InputError]:
    """What is said of each kind of election that is none; an empty one says nothing."""
    kinds = [kind.value for kind in ElectionKind]
    expected = msg("one of {expected}", expected=", ".join(kinds))
    found = []
    for poll in election.polls:
        if not poll.type.strip() or election_named(poll.type) is not None:
            continue
        got: Text = cited(poll.type)
        import difflib

        near = difflib.get_close_matches(without_accents(poll.type).strip(), kinds, 1, _LIKE)
        if near:
            got = msg("{word}; the nearest is {near}", word=got, near=near[0])
        found.append(InputError(ELECTION, None, "type", expected, got))
    return found
