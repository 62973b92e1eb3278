"""Long days in any order, with power cuts at any byte: a state machine that knows what must be in the urn."""

from collections import Counter

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from machine.states import State
from protocol.civil_time import seconds
from protocol.urn.image import UrnLayout
from tests.machine.failing_memory import FailingMemory, PowerCut
from tests.machine.people import DAY, opened

LAYOUT = UrnLayout(slots=40, events=64)
CUTS = st.none() | st.integers(0, 25)


class LongDay(RuleBasedStateMachine):
    """Voters, incidents and power cuts; `votes` is what the voters know to have cast."""

    @initialize(polls=st.integers(1, 3), seed=st.integers(0, 2**32 - 1))
    def begin(self, polls: int, seed: int) -> None:
        """Program, check and open."""
        self.sizes = (3, 2, 5)[:polls]
        self.memory = FailingMemory(LAYOUT.size)
        random = np.random.default_rng(seed)
        self.machine = opened(*self.sizes, random=random, memory=self.memory, layout=LAYOUT)
        self.votes: Counter[tuple[int, int]] = Counter()

    def _attempt(self, cut: int | None, operation: str, *arguments: int) -> bool:
        """One operation, with a cut after so many bytes; False where the power went away in it."""
        self.memory.cut_after(cut)
        try:
            getattr(self.machine, operation)(*arguments)
        except PowerCut:
            self.machine.power_on(seconds(DAY, 12))
            return False
        finally:
            self.memory.cut_after(None)
        return True

    def _room(self) -> bool:
        return self.machine.state in (State.OPEN, State.CAST) and self.machine._urn.room() > 0

    @precondition(lambda self: self._room())
    @rule(cut=CUTS)
    def enable(self, cut: int | None) -> None:
        """The president enables; after a cut the lamp says whether it was done."""
        if self._attempt(cut, "enable"):
            assert self.machine.state is State.ENABLED

    @precondition(lambda self: self.machine.state is State.ENABLED)
    @rule(choice=st.integers(0, 5), cut=CUTS)
    def vote(self, choice: int, cut: int | None) -> None:
        """The voter votes in the poll asked for; after a cut the machine asks for it again, or not."""
        poll = self.machine.poll
        assert poll is not None
        choice = min(choice, self.sizes[poll - 1])
        self.machine.choose(choice)
        self._attempt(cut, "validate")
        if self.machine.poll != poll:
            self.votes[poll, choice] += 1

    @precondition(lambda self: self.machine.state is State.ENABLED)
    @rule(cut=CUTS)
    def leave(self, cut: int | None) -> None:
        """The voter leaves, the president cancels, as often as the lamp is still lit."""
        self._attempt(cut, "cancel")
        while self.machine.state is State.ENABLED:
            self.machine.cancel()

    @precondition(lambda self: self.machine.state is not State.CLOSED)
    @rule(cut=CUTS)
    def hour(self, cut: int | None) -> None:
        """The public counter is noted."""
        self._attempt(cut, "record_hour", seconds(DAY, 9))

    @precondition(lambda self: self.machine.state in (State.OPEN, State.CAST))
    @rule(cut=st.none() | st.integers(0, 900))
    def close_and_open_the_next_day(self, cut: int | None) -> None:
        """Close for ever and compare; then another day begins on another module."""
        self._attempt(cut, "close", seconds(DAY, 19))
        if self.machine.state is not State.CLOSED:
            return
        counted: Counter[tuple[int, int]] = Counter()
        for result in self.machine.results():
            counted.update({(result.poll, c): n for c, n in enumerate((result.blank, *result.tallies)) if n})
            assert result.voters == result.cast == result.enablings - result.cancellations
        assert counted == self.votes
        self.begin(len(self.sizes), counted.total())

    @invariant()
    def the_public_counter_is_what_the_voters_know(self) -> None:
        """Nothing validated is lost, nothing is counted twice."""
        if hasattr(self, "votes"):
            voted = sum(votes for (poll, _), votes in self.votes.items() if poll == 1)
            assert self.machine.voters == voted


TestLongDay = LongDay.TestCase
TestLongDay.settings = settings(max_examples=25, stateful_step_count=60)
