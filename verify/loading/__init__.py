"""Loading the evidence: the one way in for whatever an auditor gives, a night's folder or single files.

What cannot be read is kept as a problem, and the rest is used. A figure goes through these steps, each in one module:

1. open: bytes, sizes, digests (`protocol.opening`); archives and encodings (`verify.read.published.source`, `rows`);
   the tables of a file, by one walk for all readers (`verify.read.published.registry.find_tables`);
2. cells: columns of text, whatever the format (`verify.read.cells`, `spreadsheets`, `parquet`);
3. layout: columns and quantities of a night's own tables (`verify.read.sheet`), of an auditor's
   (`verify.read.tables.headers`, `table`), of published results (`verify.read.layouts.reading`);
4. identity: what anything says of its election (`verify.model.identity`), compared with the figures
   (`verify.align.elections`); the poll, the commune and the bureau (`verify.align.polls`, `communes`, `bureaux`);
5. align: rows to bureaux, polls and choices (`verify.align.lining_up`), which gives the evidence.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from protocol.errors import wrong_file
from protocol.words import msg
from verify.align.lining_up import line_up_evidence
from verify.inputs import account_for
from verify.loading.loader import Loader
from verify.loading.opened import Progress
from verify.model.evidence import LinedEvidence, Sources
from verify.model.use import NothingReadable

__all__ = ["Progress", "load"]


def load(sources: Sources, progress: Progress | None = None) -> LinedEvidence:
    """Read all evidence.

    Args:
        sources: what the auditor gave.
        progress: called with the name of a step and how much of it is done, in files.

    Raises:
        NothingReadable: there is nothing at all to check: neither a bureau nor published results of a higher level.
        InputError: the file of thresholds is wrong.
        RegardError: what is asked of columns cannot be (`verify.read.tables.asked`).
    """
    _keep_memory()
    loader = Loader(sources, progress)
    files = loader.read()
    evidence = line_up_evidence(files)
    others = evidence.tables or _are_dumps(evidence) or any(each.has_content for each in evidence.dumps)
    if not len(evidence.universe) and not others:
        failed = [wrong_file(each.what, msg("a file that can be read"), each.error) for each in evidence.failures]
        if not evidence.inputs and sources.folder is not None:
            raise NothingReadable(msg("no file in the folder given"))
        raise NothingReadable(
            msg("no bureau in any of the files given"), [*failed, *evidence.problems][:3], evidence.inputs
        )
    for index, digest in loader.opened.digests.items():
        evidence.inputs[index] = replace(evidence.inputs[index], sha256=digest.hexdigest())
    evidence.inputs = account_for(evidence)
    return evidence


def _are_dumps(evidence: LinedEvidence) -> bool:
    """Test whether a file given as an export or an image is one: a damaged one may name no bureau."""
    exports, urns = evidence.exports, evidence.urns
    some = exports is not None and len(exports.reading.verdict) > 0
    return some or (urns is not None and len(urns.columns) > 0)


@cache
def _keep_memory() -> None:
    """Let this process use the memory of one table for the next.

    The C library of Linux hands blocks as large as a column back to the system, which gives them anew page by page,
    until it has seen a larger one freed. This one is never written to, and takes no memory. Elsewhere it does nothing.
    """
    bytes(2**25 - 2**16)
