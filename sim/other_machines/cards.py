"""A night as ballots one by one: a Dominion folder, each batch what one record of an export says.

One tabulator is one machine, with the serial of the export as its description; it has one batch, or one for each
further record that names it. A precinct portion is a bureau: zone less one, municipality and section in one number,
253880012 for section 12 of 25388 in zone 1. A blank vote is an undervote. The order of the ballots of a batch is
drawn. `ballot_manifest.csv` has the votes of the machine's counter: where an export does not add up, the batch and the
manifest differ. `CvrExport.sha256` has the digests of all exports. An export of another election is one here too,
which is not counted with the others. A second poll of the day has batches, ballots and candidates of its own, these
numbered from 101: nothing says which votes one voter gave. A night of all communes has 500 MB of ballots.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from protocol.cvr.writing import (
    BALLOT_MANIFEST,
    CardBatch,
    CardElection,
    CardPlace,
    write_ballot_manifest,
    write_export,
    write_lists,
)
from sim.elections import Scenario
from sim.other_machines.counts import MachineCount, SectionNumbers
from sim.other_machines.machine_dumps import BatchDump, MachineDump
from sim.streams import stream

DIGESTS = "CvrExport.sha256"


def dumps(seed: int, scenario: Scenario, counts: Sequence[MachineCount]) -> Iterator[MachineDump]:
    """The export of each batch, then the lists.

    Args:
        seed: of the night.
        scenario: the election.
        counts: of the night, sorted.
    """
    numbers = SectionNumbers(each.place for each in counts)
    serials = sorted({each.serial for each in counts})
    tabulators = {serial: number for number, serial in enumerate(serials, 1)}
    batches: Counter[str] = Counter()
    manifest, digests = [], []
    for number, each in enumerate(counts, 1):
        batches[each.serial] += 1
        batch = CardBatch(
            tabulators[each.serial],
            batches[each.serial],
            numbers[each.place].portion,
            _election_name(each.election, each.round),
            _in_drawn_order(seed, scenario, each, batches[each.serial]),
            each.poll,
        )
        if each.cast or batch.ballots:
            manifest.append((batch.tabulator, batch.batch, each.cast, f"{each.insee} {each.bureau}"))
        export = f"CvrExport_{number}.json", write_export(batch)
        digests.append(f"{hashlib.sha256(export[1]).hexdigest()}  {export[0]}\n")
        yield BatchDump(dict([export]), each.place, (batch.tabulator, batch.batch), (each.poll,), batch, export[0])
    name = _election_name(scenario.id, scenario.round)
    contests = [(poll.name, poll.labels) for poll in scenario.polls]
    election = CardElection(name, scenario.date, "regard", contests)
    places = [CardPlace(numbers[place].portion, " ".join(place)) for place in sorted({each.place for each in counts})]
    files = dict(write_lists(election, {number: serial for serial, number in tabulators.items()}, places))
    yield MachineDump(files | {BALLOT_MANIFEST: write_ballot_manifest(manifest), DIGESTS: "".join(digests).encode()})


def _election_name(election: str, round_: int) -> str:
    return f"{election} tour {round_}"


def _in_drawn_order(seed: int, scenario: Scenario, count: MachineCount, batch: int) -> list[int]:
    """The ballots of a record: 0 for a blank one, else the number of the choice."""
    ballots = np.repeat(np.arange(len(count.tallies) + 1), (count.blank, *count.tallies))
    purpose = (scenario.id, scenario.round, *count.place, count.serial, batch, "order of ballots")
    return [int(ballot) for ballot in stream(seed, *purpose).permutation(ballots)]
