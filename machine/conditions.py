"""Requirements of law and circulars on voting machines, and where this model meets them, for code and tests.

The texts are ours, in short; the sources are named. What a simulator cannot meet is said as that.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition.

    Attributes:
        code: ``L57-1 4°``, or a short name of our own for a rule of a circular.
        source: where it stands.
        asks: what it asks, in our words.
        met: how the model meets it.
        where: ``module:object`` in this package.
        test: ``file::function`` below ``tests/machine``.
    """

    code: str
    source: str
    asks: str
    met: str
    where: str
    test: str


_LAW = "Code électoral, article L57-1"
_L57 = "test_l57_1.py::test_"

L57_1 = (
    Condition(
        "L57-1 1°",
        _LAW,
        "hides the voter from view",
        "a matter of the machine's sides, which a simulator does not have; what it can do: nothing outside of the "
        "voter's panel (control box, log, counters) tells which key was pressed",
        "machine.esf1:ControlBox",
        f"{_L57}1_nothing_but_the_voters_panel_tells_the_choice",
    ),
    Condition(
        "L57-1 2°",
        _LAW,
        "lets disabled voters vote alone, whatever the disability",
        "keys, height and sound are hardware, and not modelled; what it can do: every vote is made with single keys, "
        "in any time, with correction, and the display says what was chosen before it counts",
        "machine.display:display",
        f"{_L57}2_every_vote_is_made_key_by_key_without_haste",
    ),
    Condition(
        "L57-1 3°",
        _LAW,
        "allows several elections of different type on one day",
        "up to five polls, voted on one after another in one enabling",
        "machine.configuration:ConfiguredPoll",
        f"{_L57}3_up_to_five_polls_on_one_day",
    ),
    Condition(
        "L57-1 4°",
        _LAW,
        "allows a blank vote to be recorded",
        "a key of its own, a count of its own",
        "machine.esf1:Machine.blank",
        f"{_L57}4_a_blank_vote_is_recorded",
    ),
    Condition(
        "L57-1 5°",
        _LAW,
        "does not allow more than one vote for each voter and election",
        "one vote in each poll for one enabling; the next one takes the president's button",
        "machine.esf1:Machine.validate",
        f"{_L57}5_one_vote_for_one_enabling",
    ),
    Condition(
        "L57-1 6°",
        _LAW,
        "adds up the voters on a counter that can be read during the vote",
        "the public counter, readable in every state, kept as tally marks in the urn",
        "machine.esf1:Machine.voters",
        f"{_L57}6_the_counter_of_voters_is_readable_all_day",
    ),
    Condition(
        "L57-1 7°",
        _LAW,
        "adds up the votes of each choice and the blanks on counters that can be read after closing only",
        "no such counters exist before closing: the stored votes are counted then",
        "machine.urn:Urn.close",
        f"{_L57}7_no_result_before_closing",
    ),
    Condition(
        "L57-1 8°",
        _LAW,
        "can be used with two different keys only, one with the president and one with an assessor drawn by lot",
        "zero check, opening and closing need both locks turned; the numbers of both keys are recorded",
        "machine.keys:Key",
        f"{_L57}8_two_different_keys",
    ),
)
"""The eight conditions of article L57-1, in its order."""

_RULES = "test_circulars.py::test_"

CIRCULARS = (
    Condition(
        "zero check",
        "circulars of 2020 and 2021; L63",
        "the bureau checks at opening that all counters stand at zero; an initialisation record is printed",
        "no opening without a zero check that found zeros; the zero ticket",
        "machine.esf1:Machine.zero_check",
        f"{_RULES}no_opening_without_counters_at_zero",
    ),
    Condition(
        "choice list",
        "circular of 2020",
        "the bureau checks that the recorded candidates and their order are the préfecture's",
        "the zero ticket lists them in panel order; the export carries the digest of the list",
        "machine.tickets:zero_ticket",
        f"{_RULES}the_zero_ticket_lists_the_choices_in_panel_order",
    ),
    Condition(
        "seals",
        "circulars of 2021 and 2022",
        "numbered seals after configuration, compared on the morning with the sealing record",
        "the numbers of the seals on machine and module are on both tickets and in the export",
        "machine.configuration:Configuration",
        f"{_RULES}seal_numbers_are_on_tickets_and_in_the_export",
    ),
    Condition(
        "no network",
        "circulars of 2021 and 2022",
        "never networked, never on the internet",
        "the machine has no line; its module is read when the poll is closed, or out of the machine",
        "machine.esf1:Machine.image",
        f"{_RULES}nothing_leaves_a_machine_that_votes",
    ),
    Condition(
        "double election",
        "circular of 2021",
        "two elections on one day: on the same machine, two votes in a row",
        "the second poll is asked for after the first one; a voter who leaves between them is counted in the first",
        "machine.esf1:Machine.validate",
        f"{_RULES}two_votes_in_a_row_on_a_double_election",
    ),
    Condition(
        "clock",
        "règlement technique of 2003; Conseil constitutionnel 2007-3449",
        "an internal clock that the bureau can set, so that events are timed; no duty to keep legal time",
        "settable at any time; setting it during the day is logged",
        "machine.esf1:Machine.set_clock",
        f"{_RULES}the_clock_can_be_set_and_that_is_logged",
    ),
    Condition(
        "reserve machine",
        "circular of 2021; FAQ of the Conseil constitutionnel, 2007",
        "when a machine fails, the bureau goes on with a reserve machine, or with paper ballots; all parts count",
        "a second urn is part 2; the first one keeps its votes and is closed in another machine",
        "machine.esf1:Machine.with_urn",
        f"{_RULES}a_broken_machine_is_replaced_and_both_parts_count",
    ),
    Condition(
        "results",
        "L65",
        "at closing the president makes the counters visible; the result is printed",
        "the result ticket in any number of copies, after closing",
        "machine.tickets:result_ticket",
        f"{_RULES}the_counters_are_made_visible_after_closing",
    ),
)
"""The rules of the ministry's circulars, and others, that concern the machine itself."""
