"""`regard audit plan`: what it would cost to prove a French result with paper."""

from __future__ import annotations

import argparse
from fractions import Fraction

import numpy as np

from protocol.errors import RegardError
from protocol.opening import open_evidence
from protocol.words import cited, msg, nmsg
from regard import __version__
from regard.api import gather
from regard.arguments import Refused, typed_share
from regard.commands.checking.verify import examine
from regard.outputs import check_ending, claim
from regard.paper_audit.page import plan_page
from regard.paper_audit.view import as_json, show_plans
from regard.reports.screen import Printer
from verify.materiality.kinds import WORDS, Ballot, ElectionKind, kind_of, word_of
from verify.model.findings import Severity
from verify.model.published import Level, Published
from verify.paper_audit.contests import MOST, PaperContest, contests, on_paper, parts_of, verified_contests
from verify.paper_audit.plan import PaperPlan, plan
from verify.read.results_files import read_all

Contests = tuple[list[tuple[PaperContest, Ballot]], list[dict[str, str]]]


def kind(word: str) -> ElectionKind:
    """Parser of a kind of election whose papers can be audited."""
    found = kind_of(word, machines=True)
    if found is None or found.several_names:
        raise Refused(msg("{word}: no kind of election: one of {kinds}", word=cited(word), kinds=", ".join(WORDS)))
    return found


def share(text: str) -> Fraction:
    """Read a share above 0 and below 1: 5%, 0.05 or 1/20."""
    found = typed_share(text)
    if found is None or not 0 < found < 1:
        raise Refused(msg("{text}: expected a share such as 5%, 0.05 or 1/20", text=cited(text)))
    return found


def run(args: argparse.Namespace) -> int:
    """PaperPlan, show and write. Returns 0.

    Raises:
        RegardError: nothing can be planned.
        InputError, UnknownLayout: a file cannot be read.
        OutputRefused: something must not be written where it is to be.
    """
    check_ending("--report", args.report, ".html", ".htm")
    read = [args.results] if args.paper is None else [args.results, args.paper]
    with claim(args, "--json", "--report", read=read) as outputs:
        plans, inputs = _plans(args)
        show_plans(plans, Printer(args.lang, outputs.console()))
        by = msg("Made by regard {version}, seed {seed}.", version=__version__, seed=args.seed)
        outputs.write_json(lambda: as_json(plans, inputs))
        outputs.write("--report", lambda: plan_page(plans, inputs, by, args.lang))
        return outputs.end(args, 0)


def _plans(args: argparse.Namespace) -> tuple[list[PaperPlan], list[dict[str, str]]]:
    """The plans of all contests that have papers to audit, and the files read."""
    contests, inputs = _verified(args) if args.results.is_dir() else _published(args)
    contests = [(each, how) for each, how in contests if each.on_paper.any()]
    if not contests:
        raise RegardError(msg("{path}: no bureau of it has papers to audit", path=args.results))
    try:
        return [plan(each, how, args.risk, args.slips, args.seed, args.bonus) for each, how in contests], inputs
    except ValueError as error:
        raise RegardError(msg("{path}: {reason}", path=args.results, reason=error.args[0])) from error


def _published(args: argparse.Namespace) -> Contests:
    """The contests of a file of published results."""
    table = min(read_all(args.results), key=lambda each: list(Level).index(each.level))
    ballot = _ballot(args, table)
    inputs = [{"path": table.file, "sha256": table.sha256}]
    audited = np.ones(len(table.row), np.bool_)
    if args.paper is not None:
        file = open_evidence(args.paper, MOST)
        audited = on_paper(file, table.insee, table.bureau)
        inputs.append({"path": str(args.paper), "sha256": file.sha256})
    found = contests(table, parts_of(table, ballot.kind), audited)
    return [(each, ballot) for each in found], inputs


def _verified(args: argparse.Namespace) -> Contests:
    """The contests of a night's folder, where nothing in it is to be settled first."""
    if args.paper is not None:
        raise RegardError(msg("--paper goes with published results: a night says which bureaux have a machine"))
    evidence, result = examine(gather(args.results), args.lang)
    if errors := result.count(Severity.ERROR):
        raise RegardError(
            nmsg(
                "{path}: {count:n} error to settle first: regard verify {path}",
                "{path}: {count:n} errors to settle first: regard verify {path}",
                errors,
                path=args.results,
            )
        )
    found = []
    for contest, ballot in verified_contests(evidence):
        how = ballot if args.election is None else Ballot(args.election, args.round or 1, args.seats)
        if how is None:
            raise RegardError(msg("{path}: which election it is is not known: --election", path=args.results))
        found.append((contest, how))
    return found, [{"path": each.path, "sha256": each.sha256} for each in result.inputs if each.sha256]


def _ballot(args: argparse.Namespace, table: Published) -> Ballot:
    """The ballot of the results, by the options, else by what the file says."""
    says = table.says
    kind = args.election or kind_of(word_of(says.kind), machines=True)
    if kind is None or kind.several_names:
        raise RegardError(msg("{path}: which election it is is not known: --election", path=table.file))
    number = args.round or says.round or (1 if kind.rounds == 1 else 0)
    if not 1 <= number <= kind.rounds:
        raise RegardError(msg("{path}: which round it is is not known: --round", path=table.file))
    return Ballot(kind, number, args.seats)
