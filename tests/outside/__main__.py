"""``python -m tests.outside [--kind KIND] [--set SET] [--harmonised] [--mixed N | --paris | --write FILE]``.

Cases measured from outside.

Without a kind: all of them, and the table. A part of a kind's name is enough; each failure is then shown.
"""

import argparse
import os
import sys
import time
from pathlib import Path

from tests.outside import study
from tests.outside.faults import KINDS
from tests.outside.measure import ALONE, Rivals, measure_alone, measure_mixed
from tests.outside.nights import SETS
from tests.outside.real_files import rearrange
from tests.outside.scoring import Score

DATA = Path(os.environ.get("REGARD_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data")


def main() -> int:
    """Measure and print; 1 where something is certain and wrong, 2 where the data are absent."""
    parser = argparse.ArgumentParser(prog="python -m tests.outside", description=__doc__)
    parser.add_argument("--kind", default="", help="only kinds with this in their names: 'list: digit-lost'")
    parser.add_argument("--set", dest="sets", action="append", choices=SETS, help="only this set of evidence")
    parser.add_argument("--harmonised", action="store_true", help="copies are made from the wrong paper")
    parser.add_argument("--mixed", type=int, metavar="N", help="instead: N nights of 2,500 bureaux with many faults")
    parser.add_argument("--seed", type=int, default=1, help="same number, same faults (default: 1)")
    parser.add_argument("--count", type=int, default=ALONE, help=f"faults of each kind (default: {ALONE})")
    parser.add_argument("--paris", action="store_true", help="instead: rows of Paris rearranged")
    parser.add_argument("--write", type=Path, metavar="FILE", help="instead: measure everything and write the table")
    given = parser.parse_args()
    if not DATA.is_dir():
        print(f"real results absent: {DATA}; name their folder in REGARD_DATA")
        return 2
    if given.write:
        study.write(given.write, study.measure(DATA, given.seed, given.count), given.seed)
        return 0
    if given.paris:
        for number in range(study.REARRANGED):
            print(rearrange(DATA, given.seed, number), flush=True)
        return 0
    wrong = 0
    for name in given.sets or SETS:
        started = time.monotonic()
        total, others = Score(), Rivals()
        if given.mixed:
            bureaux = 0
            for number in range(given.mixed):
                found, of = measure_mixed(DATA, given.seed, number, name)
                total.add(found)
                bureaux += of
            print(f"{bureaux:,} bureaux")
        else:
            kinds = [kind for kind in KINDS if given.kind in kind.name]
            for kind in kinds:
                own = Score()
                for index in range(given.count):
                    found, simple = measure_alone(DATA, given.seed, kind, index, name, harmonised=given.harmonised)
                    own.add(found)
                    others.add(simple)
                if len(kinds) > 1:
                    print(f"  {kind.name:45} {_short(own)}", flush=True)
                total.add(own)
        print(f"{name}: {_short(total)}; {time.monotonic() - started:.0f} s")
        print(f"  exact of {others.told} told by a majority vote {others.vote}, by the fewest cells {others.cells}")
        if given.kind or given.mixed:
            print("\n".join(f"  - {each}" for each in total.failures))
        wrong += total.certain_wrong
    return int(wrong > 0)


def _short(found: Score) -> str:
    narrow, cases = found.told - found.wide_told, found.cases - found.wide_cases
    return (
        f"told {found.told}/{found.faults}, cases {cases}/{narrow} and {found.wide_cases}/{found.wide_told} wide, "
        f"right cause {found.right}, exact {found.exact}, determinable {found.determined}/{found.determinable}, "
        f"others left open {found.left}/{found.undecided}, CERTAIN AND WRONG {found.certain_wrong}, "
        f"likely {found.likely_right}/{found.likely}, innocent {found.innocent}"
    )


if __name__ == "__main__":
    sys.exit(main())
