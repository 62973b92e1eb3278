"""`regard rules`: the catalogue, whole or one rule of it."""

from __future__ import annotations

import argparse
import difflib

from protocol.errors import RegardError
from protocol.words import cited, msg, series
from regard.language import show
from regard.printing import print_beside
from regard.reference.rule_text import paragraphs, title
from regard.terminal import print_said
from verify.model.labels import SEVERITIES
from verify.rulebook.catalogue import CATEGORIES, rules


def run(args: argparse.Namespace) -> int:
    """Print the list of rules, or one rule in full. Returns 0.

    Raises:
        RegardError: there is no such rule.
    """
    known = rules()
    if args.code is None:
        severities = {name: show(args.lang, label) for name, label in SEVERITIES.items()}
        width = 1 + max(map(len, severities.values()))
        for letter, names in CATEGORIES.items():
            members = [rule for rule in known.values() if rule.code[0] == letter]
            if members:
                print_beside(f"{letter}  ", show(args.lang, names))
            for rule in members:
                print_beside(f"  {rule.code}  {severities[rule.severity]:<{width}}", show(args.lang, rule.title))
        return 0
    wanted = known.get(args.code.upper())
    if wanted is None:
        near = difflib.get_close_matches(args.code.upper(), known, 3, 0.5)
        said = msg("{code}: no such rule; `regard rules` lists them", code=cited(args.code))
        if near:
            said = msg("{code}: no such rule; did you mean {near}?", code=cited(args.code), near=series(near))
        raise RegardError(said)
    for line in (title(wanted), *paragraphs(wanted)):
        print_said(args.lang, line)
    return 0
