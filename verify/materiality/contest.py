"""Contest: its bureaux as columns, its totals, and the extent of the evidence."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np

from verify.materiality.kinds import Ballot
from verify.materiality.outcome import Totals
from verify.model.figures import Bools, Ints, Texts
from verify.model.universe import shared_names


class BureauNames:
    """Names of the bureaux of a contest, built on demand.

    Args:
        bureau: their codes, in the order of their communes.
        commune: names of their communes; None where all are of one, which goes without saying.
        insee: INSEE codes, shown where a commune has no name or shares it.
        shared: names that several communes may have, None for any; checked only once such a name occurs among these
            bureaux.
    """

    def __init__(
        self,
        bureau: Texts,
        commune: Texts | None = None,
        insee: Texts | None = None,
        shared: frozenset[str] | None = None,
    ) -> None:
        self._bureau, self._commune, self._insee, self._shared = bureau, commune, insee, shared

    def of(self, rows: Ints) -> tuple[str, ...]:
        """The names of some."""
        codes = self._bureau[rows].tolist()
        if self._commune is None or self._insee is None:
            return tuple(codes)
        communes = self._commune[rows].tolist()
        alone = self._shared is not None and self._shared.isdisjoint(communes)
        several = {""} if alone else self._of_several | {""}
        named = zip(communes, self._insee[rows].tolist(), codes, strict=True)
        return tuple(f"{insee if commune in several else commune} {code}".strip() for commune, insee, code in named)

    @cached_property
    def _of_several(self) -> frozenset[str]:
        """Names that several communes have."""
        if self._commune is None or self._insee is None:
            return frozenset()
        return shared_names(self._commune, self._insee)


@dataclass(frozen=True, slots=True)
class Bureaux:
    """The bureaux of a contest whose votes by choice are known; ``m`` of them, ``n`` choices.

    Attributes:
        names: of every bureau, as shown.
        registered: registered voters, or a negative mark where absent, shape ``(m,)``.
        found, signed: votes found and signatures, or a negative mark where absent, shape ``(m,)``.
        valid: valid votes, in ballots, shape ``(m,)``.
        votes: by choice, shape ``(m, n)``, none negative.
        explained: votes beyond the signatures for which an explanation is corroborated, shape ``(m,)``.
        contested: signatures that are contested, shape ``(m,)``.
        over: how far votes by choice, blank and null of one paper exceed the voters it states, shape ``(m,)``.
        kept_out: ballots lost or wrongly declared void, and voters kept from voting, as far as stated, shape ``(m,)``.
        irregular: where an irregularity cannot be explained, shape ``(m,)``.
    """

    names: BureauNames
    registered: Ints
    found: Ints
    signed: Ints
    valid: Ints
    votes: Ints
    explained: Ints
    contested: Ints
    over: Ints
    kept_out: Ints
    irregular: Bools

    def __len__(self) -> int:
        return len(self.valid)

    @property
    def gap(self) -> Ints:
        """Votes found less signatures in every bureau, 0 where one of the two is not known; shape ``(m,)``."""
        return np.where((self.found >= 0) & (self.signed >= 0), self.found - self.signed, 0)

    @property
    def excess(self) -> Ints:
        """K of every bureau: ``max(gap - explained, over) + contested``.

        The larger of the two, never their sum: one vote too many can be both. A deficit counts as 0.
        """
        beyond = np.maximum(np.maximum(self.gap - self.explained, 0), self.over)
        return np.asarray(beyond + self.contested, np.int64)

    @property
    def added(self) -> Ints:
        """Ballots to add per bureau: those kept out, at most registered voters less valid votes."""
        room = np.where(self.registered >= 0, np.maximum(self.registered - self.valid, 0), self.kept_out)
        return np.minimum(self.kept_out, room)

    def some(self, rows: Ints | Bools) -> Bureaux:
        """Those of some rows, in their order, keeping the names of the whole contest."""
        columns = {each.name: getattr(self, each.name)[rows] for each in fields(self) if each.name != "names"}
        return replace(self, **columns)

    def totals(self) -> Totals:
        """The sums; registered voters are known only where every bureau's are."""
        known = bool((self.registered >= 0).all())
        registered = int(self.registered.sum()) if known else None
        votes = np.einsum("ij->j", self.votes, dtype=np.int64)
        return Totals(registered, int(self.valid.sum()), tuple(votes.tolist()))


@dataclass(frozen=True, slots=True)
class Scope:
    """Extent of the evidence on a contest.

    Attributes:
        listed: bureaux of the contest on the list; ``closed`` whether the list is known to hold all of the contest.
        voted: of these, bureaux whose votes by choice are known.
        compared: of these again, bureaux where both votes and signatures are known.
        totals: where the totals of the whole contest were taken from, if they were given; else empty.
        unplaced: votes beyond the signatures in bureaux whose votes by choice are not known; they limit no choice.
    """

    listed: int
    voted: int
    compared: int
    closed: bool = False
    totals: str = ""
    unplaced: int = 0

    @property
    def whole(self) -> bool:
        """True if the figures cover the whole contest, and so allow a verdict."""
        return bool(self.totals) or (self.closed and self.voted == self.listed)


@dataclass(frozen=True, slots=True)
class ContestCount:
    """A contest to be judged: ``ballot`` is None where the kind of election or the round is not known.

    Attributes:
        doubtful: whether the election is known, and not its way of electing: municipal, by lists or candidates.
    """

    choices: tuple[str, ...]
    ballot: Ballot | None
    bureaux: Bureaux
    totals: Totals
    scope: Scope
    doubtful: bool = False
