"""Findings: what does not fit, always with both figures and where each comes from."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from protocol.phrases import in_language
from protocol.reading import Kind
from verify.bilingual import Bilingual
from verify.catalogue import Rule, rule
from verify.evidence import Evidence
from verify.figures import BLANK, MISSING, UNREADABLE, Bools, Figures, Ints


class Severity(IntEnum):
    """How much a finding weighs. Screens and coverage are infos: they never are a reason to fail."""

    INFO = 1
    WARNING = 2
    ERROR = 3


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two figures of a finding: where it stands and what stands there. None where nothing does."""

    source: str
    value: int | str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not fit.

    Attributes:
        code: of the rule in the catalogue.
        insee, bureau: of the bureau; ``bureau`` is empty above that level, both are for a whole file or night.
        poll: number of the poll, 0 where it plays no part.
        field: what the two figures are of.
        details: further values for the text.
    """

    code: str
    severity: Severity
    level: str
    insee: str
    bureau: str
    poll: int
    field: str
    left: Side
    right: Side
    details: dict[str, int | str] = dataclasses.field(default_factory=dict)

    def message(self, language: str) -> str:
        """The finding as a sentence, in ``fr`` or ``en``."""
        left, right = (_shown(side.value, language) for side in (self.left, self.right))
        if self.code.startswith(_READING):
            left, right = in_language(left, language), in_language(right, language)
        values = {
            "note": Bilingual("", ""),
            "left": left,
            "right": right,
            "left_source": self.left.source,
            "right_source": self.right.source,
            "field": field_name(self.field, language),
            "insee": self.insee,
            "bureau": self.bureau,
            **{name: _shown(value, language) for name, value in self.details.items()},
            **{name: in_language(str(self.details[name]), language) for name in _PHRASES & self.details.keys()},
            **{name: field_name(str(self.details[name]), language) for name in _TIMES & self.details.keys()},
        }
        return rule(self.code).text[language].format_map(values)


Checks = dict[Callable[[Evidence], Iterable[Finding]], tuple[str, ...]]
"""Functions that look at the evidence, each with the codes of the findings that it can make."""

_READING = "I1"
"""Codes whose two sides may be the words of a reader of files; those of all others are figures, names and codes."""
_PHRASES = frozenset(("sum", "kind"))
"""Details that are words of ours and no names or codes."""
_TIMES = frozenset(("earlier", "later"))
"""Details that are fields."""
_FIELDS = {
    "registered": ("inscrits", "registered voters"),
    "inscrits": ("inscrits", "registered voters"),
    "emargements": ("émargements", "signatures"),
    "signatures": ("émargements", "signatures"),
    "votes_trouves": ("votes trouvés", "votes found"),
    "votes_found": ("votants", "votes found"),
    "cast": ("votes", "votes cast"),
    "blank": ("blancs", "blank votes"),
    "blancs": ("blancs", "blank votes"),
    "null": ("nuls", "null votes"),
    "nuls": ("nuls", "null votes"),
    "valid": ("exprimés", "valid votes"),
    "exprimes": ("exprimés", "valid votes"),
    "abstentions": ("abstentions", "abstentions"),
    "procurations": ("procurations", "proxies"),
    "proxies": ("procurations", "proxies"),
    "voters": ("compteur public", "public counter"),
    "voix": ("voix", "votes by choice"),
    "choix": ("choix", "choices"),
    # what there is of a bureau
    "modules": ("images d'urne", "module images"),
    "publie": ("résultats publiés", "published results"),
    "files": ("fichiers", "files"),
    # of an export or a module
    "record": ("enregistrement", "record"),
    "election": ("élection", "election"),
    "model": ("modèle", "model"),
    "machine_serial": ("numéro de la machine", "serial number of the machine"),
    "module_serial": ("numéro de l'urne", "serial number of the module"),
    "machine": ("numéro de la machine", "serial number of the machine"),
    "module": ("numéro de l'urne", "serial number of the module"),
    "scelle_machine": ("scellé de la machine", "seal on the machine"),
    "scelle_module": ("scellé de l'urne", "seal on the module"),
    "module_digest": ("empreinte de l'image d'urne", "digest of the module image"),
    "crc32": ("somme de contrôle", "checksum"),
    "reserved": ("octets réservés", "reserved bytes"),
    "zero_check": ("vérification à zéro", "zero check"),
    "zero_sum": ("somme des compteurs à la vérification à zéro", "sum of the counters at the zero check"),
    "zero_slots": ("cases écrites à la vérification à zéro", "slots written at the zero check"),
    "test_changed": ("votes d'essai changés après la vérification à zéro", "test votes changed after the zero check"),
    "opening": ("ouverture", "opening"),
    "ouverture": ("ouverture", "opening"),
    "closing": ("clôture", "closing"),
    "cloture": ("clôture", "closing"),
    "enablings": ("autorisations", "enablings"),
    "clock_sets": ("horloge réglée", "clock set"),
    "clock_falls": ("heure du journal en recul", "time of the log going back"),
    "hourly": ("relevé horaire", "hourly counter"),
    "keys": ("clés", "keys"),
    "configuration": ("configuration", "configuration"),
    "zero_checks": ("vérifications à zéro", "zero checks"),
    "test_votes": ("votes d'essai", "test votes"),
    "log": ("journal", "log"),
    "marks": ("compteurs", "counters"),
    "choices": ("liste des choix", "list of choices"),
    "bank_a": ("première copie des votes", "first copy of the votes"),
    "bank_b": ("seconde copie des votes", "second copy of the votes"),
    "repaired": ("réparés", "repaired"),
    "unreadable": ("illisibles", "unreadable"),
    "foreign": ("étrangers", "foreign"),
    "not_blank": ("non vierges", "not blank"),
    **{kind.value: (in_language(kind.value, "fr"), kind.value) for kind in Kind},
}


def field_name(field: str, language: str) -> str:
    """A field's name for people, or those of a ratio; the name of a choice stays as it is."""
    choice, space, ratio = field.rpartition(" ")
    names = [_FIELDS.get(part) for part in (ratio.split("/") if "/" in ratio else [field])]
    if not all(names):
        return field
    shown = "/".join(pair[0 if language == "fr" else 1] for pair in names if pair)
    return choice + space + shown if "/" in ratio else shown


def _shown(value: int | str | None, language: str) -> str:
    if value is None:
        return "rien" if language == "fr" else "nothing"
    if isinstance(value, int):
        words = {BLANK: ("vide", "blank"), UNREADABLE: ("illisible", "unreadable"), MISSING: ("absent", "missing")}
        if value in words:
            return words[value][0 if language == "fr" else 1]
        return f"{value:,}".replace(",", "\u202f" if language == "fr" else ",")
    return value


def severity_of(the_rule: Rule, case: str = "") -> Severity:
    """The severity of a rule's findings, or that of one of its cases by its name."""
    return Severity[(the_rule.cases[case].severity if case else the_rule.severity).upper()]


def where(
    evidence: Evidence,
    code: str,
    mask: Bools,
    left: Figures,
    right: Figures,
    *,
    details: dict[str, Figures] | None = None,
) -> Iterator[Finding]:
    """A finding for each unit and poll where ``mask`` holds, from two kinds of figures.

    Args:
        evidence: the units and polls.
        code: of the rule.
        mask: shape ``(units, polls)``.
        left: the first figures to show; the field is their name.
        right: the second figures to show.
        details: further figures for the text, by name.
    """
    the_rule = rule(code)
    weight = severity_of(the_rule)
    units, polls = hits(mask)
    at = (units, polls)
    further = {name: figures.values[at].tolist() for name, figures in (details or {}).items()}
    for index, (poll, insee, bureau, left_place, one, right_place, other) in enumerate(
        zip(
            polls.tolist(),
            evidence.universe.insee[units].tolist(),
            evidence.universe.bureau[units].tolist(),
            left.places.texts(*at),
            left.values[at].tolist(),
            right.places.texts(*at),
            right.values[at].tolist(),
            strict=True,
        )
    ):
        yield Finding(
            code=code,
            severity=weight,
            level=the_rule.level,
            insee=insee,
            bureau=bureau,
            poll=evidence.polls[poll],
            field=left.name,
            left=Side(left_place, one),
            right=Side(right_place, other),
            details={name: values[index] for name, values in further.items()},
        )


def hits(mask: Bools) -> tuple[Ints, Ints]:
    """Units and polls where a mask of shape ``(units, polls)`` holds; quicker than ``nonzero``, as few do."""
    units, polls = np.divmod(np.flatnonzero(mask), mask.shape[1])
    return units, polls


def differ(
    evidence: Evidence, code: str, left: Figures | None, right: Figures | None, among: Bools | None = None
) -> Iterator[Finding]:
    """Findings wherever two kinds of figures are both known and not equal (within ``among``)."""
    if left is None or right is None:
        return
    mask = left.known & right.known & (left.values != right.values)
    yield from where(evidence, code, mask if among is None else mask & among, left, right)


def finding(
    code: str,
    left: Side,
    right: Side,
    *,
    field: str,
    insee: str = "",
    bureau: str = "",
    poll: int = 0,
    level: str | None = None,
    case: str = "",
    details: dict[str, int | str] | None = None,
) -> Finding:
    """One finding by itself, with the catalogue's severity (in one of its cases) and level where none is given."""
    the_rule: Rule = rule(code)
    return Finding(
        code=code,
        severity=severity_of(the_rule, case),
        level=level or the_rule.level,
        insee=insee,
        bureau=bureau,
        poll=poll,
        field=field,
        left=left,
        right=right,
        details=details or {},
    )


def without_suppressed(findings: Sequence[Finding]) -> list[Finding]:
    """Findings less those that a narrower one of the same unit and poll already says, as the catalogue has it.

    A finding without a poll, such as an unknown bureau, stands for all polls of its unit.
    """
    polls: dict[tuple[str, str, str], set[int]] = {}
    for found in findings:
        polls.setdefault((found.code, found.insee, found.bureau), set()).add(found.poll)

    def said(found: Finding) -> bool:
        for code in rule(found.code).suppressed_by:
            there = polls.get((code, found.insee, found.bureau), set())
            if code != found.code and there and (not found.poll or not there.isdisjoint({found.poll, 0})):
                return True
        return False

    return [found for found in findings if not said(found)]


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """The gravest first, then by place and code."""
    return sorted(findings, key=lambda f: (-f.severity, f.insee, f.bureau, f.poll, f.code, f.field, f.left.source))
