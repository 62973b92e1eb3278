"""Everything that a rule can ask for, as types for the parameters of its function.

Each type carries the function that gets its column or table from the evidence, or None where it is lacking. A rule is
applied only where it gets all that it asks for, so that it never tests for None.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any

from protocol import election
from protocol.errors import InputError
from verify.columns import (
    counts,
    day_parts,
    exchanged,
    lacking,
    lists,
    machine_votes,
    screened,
    sources,
)
from verify.model import (
    contests,
    evidence,
    failures,
    machine_evidence,
    rule_results,
    thresholds,
    universe,
    use,
)
from verify.model import published as published_tables
from verify.model.figures import Bools, Figures, Ints

if TYPE_CHECKING:
    from protocol.dumps import layouts
    from verify.columns import contests_at_hand, published
    from verify.columns import transmission as ways


def _later(name: str) -> Callable[[evidence.LinedEvidence], Any]:
    """A function of `verify.columns`, named as ``module.function`` and imported when it is first called.

    Most evidence needs none of these functions, and importing their modules is slow.
    """
    module, function = name.split(".")

    def of(given: evidence.LinedEvidence) -> Any:
        return given.once(getattr(import_module(f"verify.columns.{module}"), function))

    return of


Universe = Annotated[universe.Universe, lambda given: given.universe]
"""The bureaux, by the official list or by other evidence in its place."""
OfficialList = Annotated[universe.Universe, lambda given: given.universe if given.universe.official else None]
"""The bureaux of the official list only."""
Election = Annotated[election.Election, lambda given: given.election]
"""The election as `election.toml` describes it."""
Polls = Annotated[tuple[int, ...], lambda given: given.polls]
"""The numbers of the day's polls."""
Contests = Annotated[contests.Contests, lambda given: given.contests]
"""The contests and their choices, by the préfecture's list or by other evidence in its place."""
OfficialChoices = Annotated[contests.Contests, lambda given: given.contests if given.contests.official else None]
"""The contests of the préfecture's list only."""
Limits = Annotated[thresholds.Thresholds, lambda given: given.thresholds]
"""The thresholds, as the user may have changed them."""
RequestedLimits = Annotated[
    thresholds.Thresholds, lambda given: given.thresholds if given.thresholds.screen_one_in else None
]
"""The thresholds, only when the statistical screens are asked for."""

Complete = Annotated[frozenset[str], lambda given: given.election.complete if given.election else frozenset()]
"""The kinds of evidence that were declared complete."""

# --- What was given ---

Inputs = Annotated[list[use.Input], lambda given: given.inputs]
"""Every file that was given."""
Manifest = Annotated[dict[str, str], lambda given: given.manifest]
"""SHA-256 of each file by the night's manifest."""
Present = Annotated[frozenset[str], lambda given: given.present]
"""Every file in the folder that has the manifest."""
UnusedFiles = Annotated[list[use.Input], sources.unused_files]
"""Given files that are intact and of which nothing is used."""
Dumps = Annotated[tuple["layouts.DumpReading", ...], lambda given: given.dumps or None]
"""Dumps of other machines, counted and checked by their own layouts."""
FailedFiles = Annotated[list[failures.Failure], lambda given: given.failures]
"""Files whose reading raised an unexpected exception."""
Problems = Annotated[list[InputError], lambda given: given.problems]
"""Files, rows and cells that could not be read."""
BureauxOfProblems = Annotated[sources.BureauxOfRows, sources.bureaux_of_problems]
"""The bureaux of rows with something unreadable."""
Repeats = Annotated[list[evidence.Repeat], lambda given: given.repeats]
"""Rows that name a bureau again."""
Strays = Annotated[list[evidence.Stray], lambda given: given.strays]
"""Rows of bureaux that are not on the list."""
OtherPolls = Annotated[list[evidence.OtherPoll], lambda given: given.other_polls]
"""Rows of polls that are not held that day."""

Exports = Annotated[machine_evidence.ExportLines, lambda given: given.exports]
"""The exports of the machines, record by record."""
Urns = Annotated[machine_evidence.UrnLines, lambda given: given.urns]
"""The images of the urns."""
MachineDumps = Annotated[
    list[machine_evidence.ExportLines | machine_evidence.UrnLines],
    lambda given: [each for each in (given.exports, given.urns) if each is not None] or None,
]
"""The exports, the images, or both."""
Machines = Annotated[machine_evidence.MachineCounts, lambda given: given.machines]
"""Counts of the machines, by bureau and poll."""
SignInLists = Annotated[evidence.Counted, lambda given: given.signatures]
"""The counts of the sign-in lists."""
TwoVersions = Annotated[list[evidence.Twice], lambda given: given.twice or None]
"""Counts and votes by choice that differ between two versions."""
HourlySignatures = Annotated[dict[int, Figures], lambda given: given.hourly or None]
"""Signatures by the full hour at which they were counted."""
Records = Annotated[evidence.Counted, lambda given: given.records]
"""The counts of the PVs."""
Shifted = Annotated[Ints, lambda given: given.shifted]
"""Columns by which the counts of a PV are shifted, 0 for none."""
VotesByChoice = Annotated[evidence.LinedVotes, lambda given: given.votes]
"""The votes of the PVs for each choice."""
Tabulation = Annotated[evidence.Counted, lambda given: given.tabulation]
"""The communes' centralising records."""
TabulatedVotes = Annotated[evidence.LinedVotes, lambda given: given.tabulated]
"""The votes of the centralising records for each choice."""
BesideTabulation = Annotated[list[Figures], counts.beside_tabulation]
"""The best source of each count that the centralising records copy."""
Published = Annotated[list[evidence.PublishedLines], lambda given: given.published or None]
"""The published results by bureau, each file lined up."""
PublishedSignatures = Annotated[list[Figures], _later("published.signatures")]
"""The signatures of each published file that has them."""
TablesCompared = Annotated[Iterator["published.ComparedTables"], _later("published.tables_compared")]
"""Every two published results of one contest, at any level, with their differences."""
FirstRound = Annotated[contests.FirstRound, lambda given: given.first_round]
"""Candidates of the first round."""
OtherCodes = Annotated[tuple[evidence.OtherCode, ...], lambda given: given.other_codes or None]
"""Communes that a piece of evidence has under another code."""
StatedDays = Annotated[tuple[evidence.StatedDay, ...], lambda given: (given.days[1:] and given.days) or None]
"""The polling days that files state, where at least two do."""
ContradictedTotals = Annotated[list[evidence.ContradictedTotal], lambda given: given.contradicted_totals or None]
"""Figures of rows of totals that are not the sum of their bureaux."""
WrongShares = Annotated[list[evidence.WrongShare], lambda given: given.wrong_shares or None]
"""Percentages in tables of bureaux that are not the ratio of their counts."""
OtherElections = Annotated[list[evidence.OtherElection], lambda given: given.other_elections or None]
"""Published results of other elections than the night's."""
OfNoPoll = Annotated[list[published_tables.Published], lambda given: given.of_no_poll or None]
"""Published results that match no poll of the day."""

# --- The way up ---

WayUp = Annotated[evidence.WayUp, lambda given: given.way_up]
"""The documents of the way up."""
StatedCorrections = Annotated[
    evidence.StatedCorrections, lambda given: given.way_up.corrections if given.way_up else None
]
"""Corrections that documents of the transmission state."""
StepChanges = Annotated[list["ways.StepChanges"], _later("transmission.step_changes")]
"""Figures of each step that differ from the document it copies."""
WrongSums = Annotated["ways.StatedSumsCompared", _later("transmission.wrong_sums")]
"""Sums that steps state wrongly."""
WrongTotals = Annotated["ways.StatedSumsCompared", _later("transmission.wrong_totals")]
"""Published communes that are not the sum of their bureaux."""

# --- The counts of voters ---

Signatures = Annotated[Figures, counts.signatures]
"""Signatures of every bureau, from the first source that has them."""
CountedSignatures = Annotated[Figures, counts.counted_signatures]
"""Signatures of every bureau, published ones left out."""
VotesFound = Annotated[Figures, counts.votes_found]
"""Votes found in every bureau, from the first source that has them."""
Gap = Annotated[Figures, counts.gap]
"""Votes found less signatures, 0 where not both are known."""
CountsOfVoters = Annotated[list[Figures], counts.all_counts]
"""Signatures and votes found, or one of them."""
CountsOfDocuments = Annotated[tuple[Figures, Figures], counts.of_documents]
"""Signatures and votes found by documents alone, without a sign-in list or a machine."""
WholeDay = Annotated[Figures, counts.whole_day]
"""The machines' votes and those on paper beside them."""
PaperPart = Annotated[Ints, day_parts.paper_part]
"""Votes on paper in a machine bureau, 0 where there are none."""
ComparedRegistered = Annotated[Figures, counts.compared_registered]
"""Registered voters by the official list, else by the first source that has them."""
RegisteredVoters = Annotated[Figures, counts.registered]
"""Registered voters by the sign-in list, else by the PV, else by the official list."""
OtherRegistered = Annotated[list[Figures], counts.other_registered]
"""Registered voters by each source but the official list."""
Proxies = Annotated[list[Figures], counts.proxies]
"""Proxies by the PVs and by each published file that has them."""
Recorded = Annotated[Bools, counts.recorded]
"""True for bureaux with a PV."""
Mentioned = Annotated[Bools, counts.mentioned]
"""True if a PV mentions a gap."""
AllByMachine = Annotated[Bools, counts.all_by_machine]
"""True if all votes were on a machine."""
MachineGap = Annotated[Ints, counts.machine_gap]
"""Difference between signatures and the machines' votes."""
BookedAsNull = Annotated[Bools, counts.booked_as_null]
"""True if the null votes of a PV equal the votes found beyond the machine's."""

# --- The votes by choice ---

MachineVotes = Annotated[Ints, machine_votes.machine_votes]
"""The machines' votes for each choice."""
VotesDiffer = Annotated[Bools, machine_votes.votes_differ]
"""True if a choice's votes in the PV are not the machine's."""
OwnVotes = Annotated[list["published.VotesOfFile"], _later("published.own_votes")]
"""Each published file, with the votes of the PVs that it copies."""
OwnMachineVotes = Annotated[list["published.VotesOfFile"], _later("published.own_machine_votes")]
"""Each published file, with the machines' votes that it copies where there is no PV."""
OwnRows = Annotated[list[tuple[evidence.PublishedLines, Bools]], _later("published.own_rows")]
"""Each published file, with True for rows that are the bureau's own."""
MachineCountsByName = Annotated[dict[str, Figures], _later("published.machine_counts")]
"""The counts of the machines by their published names, where there is no PV."""
TableFlaws = Annotated[list["published.FlawsOfTable"], _later("published.table_flaws")]
"""Each published file, with its contradictions in itself."""

# --- Figures of another bureau or line ---

VotesOfAnother = Annotated[Ints, exchanged.votes_of_another]
"""The other bureau whose votes by choice a PV has."""
CountsOfAnother = Annotated[Ints, exchanged.counts_of_another]
"""The other bureau whose counts a PV has, where its votes by choice show none."""
VotesShifted = Annotated[Ints, exchanged.votes_shifted]
"""Lines by which the votes of a PV are shifted."""
SignaturesOfAnother = Annotated[Ints, exchanged.signatures_of_another]
"""The other bureau whose signatures a PV has."""
GapSettled = Annotated[Bools, exchanged.gap_settled]
"""True if the votes found equal the signatures in the PV."""

# --- The machines' clocks ---

ClocksOff = Annotated[dict[str, Ints], day_parts.clocks_off]
"""Exports with a clock outside the hours of the PVs."""
ComparableHours = Annotated[Bools, day_parts.comparable_hours]
"""True if a machine's hours can be compared with the bureau's."""

# --- Missing evidence ---

Lacks = Annotated[list[lacking.Lack], lacking.lacks]
"""Bureaux without an export, a sign-in count, a PV, a published row or an image."""
VotesLacking = Annotated[Bools, lacking.votes_lacking]
"""Bureaux with a PV and without votes by choice."""
UnknownExports = Annotated[list[lacking.UnknownExport], lacking.unknown_exports]
"""Exports of bureaux that are not on the official list."""
BlankCounts = Annotated[list[lacking.BlankCounts], lacking.blank_counts]
"""Each table of counts, with the counts it leaves blank."""
ChoicesLacking = Annotated[Bools, lacking.choices_lacking]
"""Choices whose votes are missing in a bureau that has those of others."""
SomeVotes = Annotated[Bools, lacking.some_votes]
"""True if a bureau has the votes of at least one choice."""
Covered = Annotated[dict[str, tuple[int, int, str]], sources.covered]
"""For each kind of evidence: bureaux that have it, bureaux in all, and its source."""

# --- The lists, and the identity of the election ---

Identity = Annotated[tuple[str, machine_evidence.Identity], lists.stated_identity]
"""The stated election, date and round, with their source."""
NamedPolls = Annotated[Ints, lists.named_polls]
"""Numbers of polls that a table names and the day does not have."""
ExportsByPoll = Annotated[Counter[int], lists.exports_by_poll]
"""Exports by number of a poll."""
DayFrom = Annotated[str, lists.day_from]
"""Source that names the polls of the day."""
UnplacedBureaux = Annotated[list[contests.Unplaced], lists.unplaced]
"""Bureaux of constituencies without a list of choices."""
MachinesOnPaper = Annotated[dict[int, rule_results.Side], lists.machines_on_paper]
"""Machine evidence by unit, for bureaux on paper by the list."""
Withdrawn = Annotated[dict[tuple[int, int], list[rule_results.Side]], lists.withdrawn]
"""By unit and poll, each machine, PV and published row that has a withdrawn choice."""

# --- The parts of a day, and the urns ---

NotTheRecord = Annotated[Bools, day_parts.not_the_record]
"""True if the parts of a day do not add up to its PV."""
PartsAlike = Annotated[list[tuple[int, int]], day_parts.alike]
"""Pairs of exports, of two parts of one day, with the same votes."""

# --- Screens, and possible changes of the outcome ---

BothCounts = Annotated[list[tuple[Figures, Figures]], counts.both_counts]
"""Signatures and votes found: the pair that is compared, and the pair of each file that has both."""
ScreenedCounts = Annotated[screened.Screened, screened.screened]
"""The best counts of every bureau."""
ScreenedVotes = Annotated[Figures, screened.votes_by_choice]
"""The best votes by choice of every bureau."""
OnMachines = Annotated[Bools, screened.on_machines]
"""True for bureaux that vote on machines, by the list or by a machine's counts."""
OtherRoundCounts = Annotated[screened.OtherRound, screened.other_round]
"""The counts of the election's other round."""
ComparableBureaux = Annotated[Ints, screened.comparable]
"""Number of each bureau's group of comparable bureaux: one commune, way of counting and contest."""
ContestsAtHand = Annotated[
    list["contests_at_hand.Judged"],
    _later("contests_at_hand.contests_at_hand"),
]
"""The contests whose outcome could change."""
IrregularContests = Annotated[
    list["contests_at_hand.Judged"],
    _later("contests_at_hand.irregular_contests"),
]
"""The contests where a bureau has a gap that its PV does not mention."""
