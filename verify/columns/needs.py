"""Everything that a rule can ask for, by the name that its parameters are annotated with.

Each name is a type, and says how the column or table is had and which kinds of evidence it comes from. A rule is
applied only where all that it asks for is there, so that it never looks whether something is.
"""

from __future__ import annotations

from typing import Annotated

from verify.columns import (
    clocks,
    counts,
    day_parts,
    exchanged,
    machine_votes,
    nulls,
    published,
)
from verify.model import contests, evidence, exports, machine_counts, modules, thresholds, universe
from verify.model import published as published_tables
from verify.model.checks import Need
from verify.model.figures import Bools, Figures, Ints

Universe = Annotated[universe.Universe, Need("", lambda given: given.universe)]
"""The bureaux, by the official list or whatever stands in for it."""
Polls = Annotated[tuple[int, ...], Need("", lambda given: given.polls)]
"""The numbers of the day's polls."""
Contests = Annotated[contests.Contests, Need("", lambda given: given.contests)]
"""The contests and their choices, by the préfecture's list or whatever stands in for it."""
OfficialChoices = Annotated[
    contests.Contests, Need("choix", lambda given: given.contests if given.contests.official else None)
]
"""The same where there is the préfecture's list."""
Limits = Annotated[thresholds.Thresholds, Need("", lambda given: given.thresholds)]
"""The thresholds, as the user may have changed them."""

# --- What was given ---

Exports = Annotated[exports.Exports, Need("exports", lambda given: given.exports)]
"""The exports of the machines, record by record."""
Modules = Annotated[modules.Modules, Need("modules", lambda given: given.modules)]
"""The images of the urns."""
Machines = Annotated[machine_counts.MachineCounts, Need("exports|modules", lambda given: given.machines)]
"""What the machines counted, by bureau and poll."""
SignInLists = Annotated[evidence.Counted, Need("emargements", lambda given: given.signatures)]
"""The counts of the sign-in lists."""
CountsTwice = Annotated[list[evidence.Twice], Need("", lambda given: given.twice or None)]
"""Counts of bureaux that two files of one kind have otherwise."""
VotesTwice = Annotated[list[evidence.VotesTwice], Need("", lambda given: given.votes_twice or None)]
"""Votes of choices that two files of one kind have otherwise."""
HourlySignatures = Annotated[dict[int, Figures], Need("emargements", lambda given: given.hourly or None)]
"""Signatures by the full hour at which they were counted."""
Records = Annotated[evidence.Counted, Need("pv", lambda given: given.records)]
"""The counts of the PVs."""
Shifted = Annotated[Ints, Need("pv", lambda given: given.shifted)]
"""By how many columns the counts of a PV have moved, 0 where they have not."""
VotesByChoice = Annotated[evidence.Votes, Need("voix", lambda given: given.votes)]
"""The votes of the PVs for each choice."""
Tabulation = Annotated[evidence.Counted, Need("recap", lambda given: given.tabulation)]
"""The communes' centralising records."""
Published = Annotated[list[evidence.PublishedLines], Need("publie", lambda given: given.published or None)]
"""The published results by bureau, each file lined up."""
Tables = Annotated[tuple[published_tables.Published, ...], Need("publie", lambda given: given.tables or None)]
"""The published results of any level, each file as it is."""
OfNoPoll = Annotated[list[published_tables.Published], Need("publie", lambda given: given.of_no_poll or None)]
"""Published results of which no poll of the day is known."""

# --- The counts of voters ---

Signatures = Annotated[Figures, Need("emargements|publie_emargements", counts.signatures)]
"""Signatures of every bureau, from the first source that has them."""
CountedSignatures = Annotated[Figures, Need("emargements|pv", counts.counted_signatures)]
"""The same without those that were published."""
VotesFound = Annotated[Figures, Need("exports|modules|pv|publie_emargements", counts.votes_found)]
"""Votes found in every bureau, from the first source that has them."""
Gap = Annotated[Figures, Need("", counts.gap)]
"""Votes found less signatures, 0 where not both are known."""
CountsOfVoters = Annotated[list[Figures], Need("emargements|publie_emargements|exports|modules|pv", counts.all_counts)]
"""Both of them, or one."""
FromOneFile = Annotated[tuple[Figures, Figures], Need("pv|publie_emargements", counts.both_from_one_file)]
"""Signatures and votes found where no sign-in list and no machine gives one of them by itself."""
WholeDay = Annotated[Figures, Need("exports|modules", counts.whole_day)]
"""The machines' votes and those on paper beside them."""
PaperPart = Annotated[Ints, Need("", day_parts.paper_part)]
"""Votes on paper in a machine bureau, 0 where there are none."""
ComparedRegistered = Annotated[Figures, Need("", counts.compared_registered)]
"""Registered voters by the official list, else by the first source that has them."""
RegisteredVoters = Annotated[Figures, Need("", counts.registered)]
"""Registered voters by the list that the signatures are on, else by the official one."""
OtherRegistered = Annotated[list[Figures], Need("", counts.other_registered)]
"""Registered voters by each source but the official list."""
Proxies = Annotated[list[Figures], Need("pv|publie_emargements", counts.proxies)]
"""Proxies by the PVs and by each published file that has them."""
Recorded = Annotated[Bools, Need("", counts.recorded)]
"""Where there is a PV."""
Mentioned = Annotated[Bools, Need("", counts.mentioned)]
"""Where a PV mentions a gap."""
AllByMachine = Annotated[Bools, Need("", nulls.all_by_machine)]
"""Where all votes were on a machine."""
MachineGap = Annotated[Ints, Need("", nulls.machine_gap)]
"""By how much signatures and the machines' votes differ."""
BookedAsNull = Annotated[Bools, Need("", nulls.booked_as_null)]
"""Where the null votes of a PV are the votes found that the machine lacks."""

# --- The votes by choice ---

MachineVotes = Annotated[Ints, Need("exports|modules", machine_votes.machine_votes)]
"""The machines' votes for each choice."""
VotesDiffer = Annotated[Bools, Need("exports|modules voix", machine_votes.votes_differ)]
"""Where a choice's votes in the PV are not the machine's."""
OwnVotes = Annotated[list[published.VotesOfFile], Need("publie voix", published.own_votes)]
"""Each published file, and the votes of the PVs that it should have."""
OwnMachineVotes = Annotated[list[published.VotesOfFile], Need("publie exports|modules", published.own_machine_votes)]
"""Each published file, and the votes of the machines that it should have where there is no PV."""
OwnRows = Annotated[list[tuple[evidence.PublishedLines, Bools]], Need("publie", published.own_rows)]
"""Each published file, and which of its rows are the bureau's own."""
MachineCountsByName = Annotated[dict[str, Figures], Need("exports|modules", published.machine_counts)]
"""The counts of the machines by their published names, where there is no PV."""
TableFlaws = Annotated[
    list[tuple[published_tables.Published, list[published_tables.Flaw]]],
    Need("publie", lambda given: given.once(published.table_flaws) or None),
]
"""Each published file, and what it shows by itself."""

# --- What stands in another one's place ---

VotesOfAnother = Annotated[Ints, Need("exports|modules voix", exchanged.votes_of_another)]
"""The bureau whose votes by choice a PV has."""
CountsOfAnother = Annotated[Ints, Need("exports|modules pv", exchanged.counts_of_another)]
"""The bureau whose counts a PV has, where votes by choice do not tell."""
VotesShifted = Annotated[Ints, Need("exports|modules voix", exchanged.votes_shifted)]
"""By how many lines the votes of a PV have moved."""
SignaturesOfAnother = Annotated[Ints, Need("", exchanged.signatures_of_another)]
"""The bureau whose signatures a PV has."""
GapSettled = Annotated[Bools, Need("", exchanged.gap_settled)]
"""Where the votes found are as many as the signatures that the PV states."""

# --- The machines' clocks ---

ClocksOff = Annotated[dict[str, Ints], Need("exports pv", clocks.clocks_off)]
"""The exports whose clock leaves the hours of the PVs."""
ComparableHours = Annotated[Bools, Need("", clocks.comparable_hours)]
"""Where a machine's hours can be held against the bureau's."""
