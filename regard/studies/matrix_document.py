"""The evidence matrix as documents: Markdown in both languages, CSV, and a picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from xml.sax.saxutils import escape

from protocol.files import csv_bytes
from protocol.words import msg
from regard.language import number, say, show
from regard.studies.scoring import Outcome
from regard.studies.trials import EVIDENCE, FULL, LADDER, NO_FAULT, PARTS, Cell, Key, stage
from regard.studies.unshown_rules import REASONS
from verify.model.findings import Severity
from verify.rulebook.catalogue import rules

Cells = Mapping[Key, Cell]

KINDS = {
    "published": ("publié seul", "published alone"),
    "dumps": ("relevés seuls", "dumps alone"),
    "modules": ("urnes seules", "modules alone"),
    "pv": ("PV + émargements", "PVs + sign-ins"),
    "pv+published": ("+ publié", "+ published"),
    "pv+published+dumps": ("+ relevés", "+ dumps"),
    FULL: ("+ urnes", "+ modules"),
}
"""Short names of the combinations of `LADDER`, in French and in English."""
NAMES = {
    "pv": ("PV + émargements", "PVs + sign-ins"),
    "published": ("publié", "published"),
    "dumps": ("relevés", "dumps"),
    "modules": ("urnes", "modules"),
}
"""What evidence is made of, in French and in English."""
STAGES = {
    "day": ("Pendant la journée", "During the day"),
    "count": ("Au dépouillement", "At the count"),
    "conduct": ("Conduite du scrutin et machine", "Conduct of the poll, and machine"),
    "dump": ("Relevés et images d'urnes", "Dumps and module images"),
    "roll": ("Émargements", "Sign-in counts"),
    "record": ("Procès-verbal", "PV"),
    "tabulation": ("Centralisation", "Tabulation"),
    "publication": ("Publication", "Publication"),
    "keeping": ("Conservation", "Keeping"),
}
PV = "pv"


def figures(cell: Cell) -> tuple[int, int, int]:
    """Instances that were caught, that were only seen, and that counts could show at all (those not cancelled out)."""
    outcomes = cell.outcomes
    able = outcomes[Outcome.CAUGHT] + outcomes[Outcome.SEEN] + outcomes[Outcome.MISSED]
    return outcomes[Outcome.CAUGHT], outcomes[Outcome.SEEN], able


def fault_names(cells: Cells) -> list[str]:
    """The faults in it, in the simulator's order; the clean night is none."""
    return [name for name in dict.fromkeys(name for name, _ in cells) if name != NO_FAULT]


# --- CSV ---


def as_csv(cells: Cells, seeds: int) -> bytes:
    """All counts, one row for each fault (empty: the clean nights) and combination of evidence."""
    outcomes = tuple(Outcome)
    header = (
        *("fault", "stage", "evidence", "seeds", "nights", "whole_nights"),
        *(outcome.value for outcome in outcomes),
        *("false_errors", "false_warnings", "false_infos", "false_screens"),
        *("rules", "screens", "false_rules", "beside_rules"),
    )
    rows = []
    for (name, kind), cell in cells.items():
        row: list[object] = [name, stage(name) if name else "", kind, seeds, cell.nights, cell.whole]
        row += [cell.outcomes[outcome] for outcome in outcomes]
        row += [*(cell.false[each] for each in sorted(Severity, reverse=True)), cell.false_screens]
        codes = (cell.codes, cell.screens, cell.false_codes, cell.beside)
        rows.append([*row, *map(_listed, codes)])
    return csv_bytes(header, rows)


def _listed(codes: Counter[str]) -> str:
    """Codes with their counts, the most frequent first."""
    ordered = sorted(codes.items(), key=lambda item: (-item[1], item[0]))
    return " ".join(f"{code}:{count}" for code, count in ordered)


# --- Markdown ---


def as_markdown(cells: Cells, seeds: int, language: str) -> bytes:
    """`docs/matrix.md`, or in French `docs/matrice.md`."""
    parts = (
        _opening(seeds, language),
        _definitions(language),
        _caught(cells, language),
        _rules_of_faults(cells, language),
        _faults_of_rules(cells, language),
        _false(cells, language),
    )
    return "\n\n".join("\n".join(part) for part in parts).encode() + b"\n"


def _opening(seeds: int, language: str) -> Iterator[str]:
    yield show(language, msg("# The evidence matrix"))
    yield ""
    yield show(
        language,
        msg(
            "Made by `regard matrix --seeds {seeds} -o docs`; the same seeds give the same bytes. "
            "Each fault of the simulator is injected by itself, in {seeds} small nights (seeds 1 to "
            "{seeds}, twelve machine bureaux of three communes, about two in ten; Montbéliard for "
            "the faults of paper bureaux), and every night is verified with less and more evidence. "
            "The empty cells matter as much as the full ones: [the limits](limits.md) explain them. "
            "Machines and their formats are a model, and so are the faults.",
            seeds=seeds,
        ),
    )
    yield ""
    yield show(language, msg("![The matrix as a picture](matrix.svg)"))
    yield ""
    yield show(
        language,
        msg(
            "All {evidence} combinations of evidence are in the picture and, with all counts, in "
            "[matrix.csv](matrix.csv); the tables of faults show {ladder} of them.",
            evidence=len(EVIDENCE),
            ladder=len(LADDER),
        ),
    )


def _definitions(language: str) -> Iterator[str]:
    yield show(language, msg("## What is counted"))
    yield ""
    yield from (f"- {say(language, french, english)}" for french, english in _DEFINITIONS)


_DEFINITIONS = (
    (
        "**Cas** : une faute dans un bureau, c'est-à-dire toutes les lignes de `verite.csv` de ce nom et de ce bureau.",
        "**Instance**: one fault in one bureau, that is all lines of `verite.csv` with that name and bureau.",
    ),
    (
        "**Effet net** : la somme des effets de toutes les fautes sur un même compte d'un bureau. Les votes et les "
        "émargements font un seul compte, leur différence. Un effet net de zéro (un écart effacé par une autre faute) "
        "ne peut se voir dans aucun compte : ces cas sont **annulés**, notés `=`, et ne sont pas dans les totaux.",
        "**Net effect**: the sum of the effects of all faults on one count of a bureau. Votes and signatures are one "
        "count, their difference. A net effect of zero (a gap that another fault wiped out) cannot show in any count: "
        "these instances are **cancelled**, shown as `=`, and not in the totals.",
    ),
    (
        "**Un constat concerne un cas** s'il est sur ce bureau et parle de la pièce que la vérité nomme : une de ses "
        "deux sources est dans cette pièce, ou sa règle la demande ; pour une faute de la journée, s'il porte sur un "
        "nombre de votants, ou sur l'heure ou le compteur que la vérité nomme. Ce que les papiers suivants recopient "
        "compte avec l'original. Un constat sur tout un fichier ou une commune compte si une source est dans la pièce.",
        "**A finding concerns an instance** where it is of that bureau and speaks of the piece of evidence that the "
        "truth names: one of its two sources is in that piece, or its rule needs it; for a fault of the day, where it "
        "is about a number of voters, or about the time or counter that the truth names. Counts that later papers copy "
        "go with the original. A finding on a whole file or commune counts where a source is in the piece.",
    ),
    (
        "**Pris** (●) : un constat le concerne et, si l'effet est un nombre de voix, des chiffres du bureau diffèrent "
        "d'exactement l'effet net, au signe près (ceux d'un constat, ou d'une règle en tout). **Vu** (entre "
        "parenthèses) : un constat le concerne, avec un autre nombre. **Manqué** (○) : aucun constat.",
        "**Caught** (●): a finding concerns it and, where the effect is a number of votes, figures of the bureau "
        "differ by exactly the net effect in size (those of one finding, or of one rule in sum). **Seen** (in "
        "brackets): a finding concerns it, with another number. **Missed** (○): no finding.",
    ),
    (
        "**À tort** : un constat sur un bureau sans faute, une commune sans faute, ou une nuit sans faute.",
        "**False**: a finding on a bureau without a fault, a commune without one, or a night without one.",
    ),
    (
        "La couverture (C111) et ce que cela pourrait changer (V) ne comptent pas ; les indications (P) sont à part.",
        "Coverage (C111) and what it could change (V) do not count; screens (P) are counted apart.",
    ),
    (
        "La liste officielle des bureaux, celle des choix et les heures légales sont toujours là ; les PV comprennent "
        "les voix et le procès-verbal de la commune ; chaque sorte de pièces qui est là est déclarée complète, et le "
        "manifeste a l'empreinte de ses fichiers. Une première édition des résultats, ou leurs sommes par commune ou "
        "département, ne sont publiées que dans les nuits où elles ont une faute.",
        "The official list of bureaux, that of the choices and the legal hours are always there; PVs include votes by "
        "choice and the commune's record; each kind of evidence that is there is declared complete, and the manifest "
        "has the digests of its files. A first edition of the results, or their sums by commune or département, are "
        "published only in nights where they have a fault.",
    ),
)


def mark(cell: Cell, language: str) -> str:
    """A cell of the table: a disc full, half or empty, and caught out of all; in brackets those only seen."""
    caught, seen, able = figures(cell)
    if not able:
        return "=" if cell.outcomes[Outcome.CANCELLED] else "-"
    disc = "●" if caught == able else "◐" if caught or seen else "○"
    return f"{disc} {number(language, caught)}/{number(language, able)}" + (
        f" ({number(language, seen)})" if seen else ""
    )


def _caught(cells: Cells, language: str) -> Iterator[str]:
    yield show(language, msg("## What each set of evidence shows"))
    yield ""
    columns = [say(language, *KINDS[kind]) for kind in LADDER]
    yield _row([show(language, msg("fault")), *columns, show(language, msg("cancelled"))])
    yield "|---|" + "---:|" * (len(columns) + 1)
    before = ""
    for name in fault_names(cells):
        if stage(name) != before:
            before = stage(name)
            yield _row([f"**{say(language, *STAGES[before])}**", *[""] * (len(columns) + 1)])
        full = cells[name, FULL]
        link = f"[`{name}`]({show(language, msg('limits.md'))})" if not is_whole(full) else f"`{name}`"
        cancelled = full.outcomes[Outcome.CANCELLED]
        marks = [mark(cells[name, kind], language) for kind in LADDER]
        yield _row([link, *marks, number(language, cancelled) if cancelled else ""])
    yield ""
    every = [name for name in fault_names(cells) if is_whole(cells[name, FULL])]
    yield show(
        language,
        msg(
            "With all evidence {every} of {cells} faults are caught in every instance of every "
            "night. The others link to their explanation.",
            every=len(every),
            cells=len(fault_names(cells)),
        ),
    )


def is_whole(cell: Cell) -> bool:
    """Whether there were instances that counts could show, and all of them were caught."""
    caught, _, able = figures(cell)
    return caught == able > 0


def _rules_of_faults(cells: Cells, language: str) -> Iterator[str]:
    yield show(language, msg("## The rules that show each fault"))
    yield ""
    yield show(language, msg("By rule, the number of instances that one of its findings concerns."))
    yield ""
    kinds = ("published", PV, FULL)
    all_of_it = show(language, msg("all evidence"))
    names = [say(language, *KINDS["published"]), say(language, *KINDS[PV]), all_of_it]
    yield _row([show(language, msg("fault")), *names, show(language, msg("screens (P)"))])
    yield "|---|---|---|---|---|"
    for name in fault_names(cells):
        listed = [_listed(cells[name, kind].codes) or "-" for kind in kinds]
        yield _row([f"`{name}`", *listed, _listed(cells[name, FULL].screens)])


def _faults_of_rules(cells: Cells, language: str) -> Iterator[str]:
    yield show(language, msg("## The faults that each rule shows"))
    yield ""
    yield show(
        language,
        msg(
            "With any of these combinations of evidence. A rule without a fault says why; it is "
            "tested by cases made for it in `tests/verify`, as all the others are. Screens (P) are "
            "listed where they name the bureau of the fault."
        ),
    )
    yield ""
    yield _row([show(language, msg("rule")), "", show(language, msg("faults"))])
    yield "|---|---|---|"
    shown: dict[str, dict[str, None]] = {code: {} for code in rules()}
    for (name, _), cell in cells.items():
        for code in (*cell.codes, *cell.screens):
            shown[code][name] = None
    for code, the_rule in rules().items():
        title = show(language, the_rule.title).replace("|", "\\|")
        reason = f"- ({say(language, *REASONS[code])})" if code in REASONS else "-"
        yield _row([code, title, ", ".join(f"`{name}`" for name in shown[code]) or reason])


def _false(cells: Cells, language: str) -> Iterator[str]:
    yield show(language, msg("## False findings"))
    yield ""
    words = [
        say(language, french, english)
        for french, english in (
            ("pièces", "evidence"),
            ("nuits", "nights"),
            ("erreurs", "errors"),
            ("avertissements", "warnings"),
            ("informations", "infos"),
            ("indications (P)", "screens (P)"),
            ("règles", "rules"),
        )
    ]
    for title, clean in (
        (show(language, msg("Nights without any fault:")), True),
        (
            show(language, msg("Nights with a fault, where there is none:")),
            False,
        ),
    ):
        yield title
        yield ""
        yield _row(words)
        yield "|---|" + "---:|" * 5 + "---|"
        for kind in EVIDENCE:
            sum_ = Cell()
            for (name, of), cell in cells.items():
                if of == kind.name and (name == NO_FAULT) is clean:
                    sum_.add(cell)
            counts = [sum_.nights, *(sum_.false[each] for each in sorted(Severity, reverse=True)), sum_.false_screens]
            codes = _listed(sum_.false_codes) or "-"
            label = ", ".join(say(language, *NAMES[part]) for part in kind.parts)
            yield _row([label, *(number(language, count) for count in counts), codes])
        yield ""
    yield show(
        language,
        msg(
            "Errors and warnings in a bureau that has the fault, which do not concern it: a "
            "consequence further on its way, or a wrong diagnosis."
        ),
    )
    yield ""
    yield _row([show(language, msg("fault")), *(say(language, *KINDS[kind]) for kind in LADDER)])
    yield "|---|" + "---|" * len(LADDER)
    for name in fault_names(cells):
        listed = [_listed(cells[name, kind].beside) for kind in LADDER]
        if any(listed):
            yield _row([f"`{name}`", *listed])


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


# --- The picture ---

_LINE, _LEFT, _TOP, _WIDE = 17, 230, 124, 74
_SHADES = ("#f4f1ea", "#d9e5d6", "#a8cba5", "#6aa86f", "#2f7d4f")
"""From nothing caught to everything: pale to dark, so that it reads without colours as well."""


def as_svg(cells: Cells, seeds: int) -> bytes:
    """The matrix as a picture: a row for each fault, a column for each combination of evidence, darker for more."""
    names = fault_names(cells)
    width, height = _LEFT + _WIDE * len(EVIDENCE) + 10, _TOP + _LINE * len(names) + 34
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="11" role="img">',
        f"<title>regard matrix, {seeds} seeds</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        _text(10, 20, "Matrice des preuves · Evidence matrix", size=15),
        _text(10, 36, f"{seeds} graines · seeds ; part des cas pris · share of instances caught"),
    ]
    for row, part in enumerate(PARTS):
        top = _TOP - 12 - _LINE * (len(PARTS) - row)
        lines.append(_text(_LEFT - 8, top + 12, " · ".join(NAMES[part]), "end"))
        for column, kind in enumerate(EVIDENCE):
            at, fill = _LEFT + _WIDE * column + _WIDE // 2, "#222222" if part in kind.parts else "#e5e2dc"
            lines.append(f'<circle cx="{at}" cy="{top + 8}" r="5" fill="{fill}"/>')
    for row, name in enumerate(names):
        top = _TOP + _LINE * row
        lines.append(_text(_LEFT - 8, top + 12, name, "end"))
        for column, kind in enumerate(EVIDENCE):
            lines += _square(_LEFT + _WIDE * column, top, cells[name, kind.name])
    lines.append(
        _text(
            10,
            height - 12,
            "(n) vu avec un autre nombre · seen with another number ; = : effet net nul · no net effect",
        )
    )
    return "\n".join([*lines, "</svg>", ""]).encode()


def _square(left: int, top: int, cell: Cell) -> Iterator[str]:
    caught, seen, able = figures(cell)
    shade = _SHADES[0] if not caught else _SHADES[min(4, 1 + 3 * caught // able)]
    yield f'<rect x="{left + 1}" y="{top + 1}" width="{_WIDE - 2}" height="{_LINE - 2}" fill="{shade}"/>'
    label = f"{caught}/{able}" + (f" ({seen})" if seen else "") if able else "="
    if able and not caught and not seen:
        label = "0"
    light = shade == _SHADES[-1]
    yield _text(left + _WIDE // 2, top + 12, label, "middle", colour="#ffffff" if light else "#333333")


def _text(x: int, y: int, text: str, anchor: str = "start", *, size: int = 11, colour: str = "#222222") -> str:
    return f'<text x="{x}" y="{y}" font-size="{size}" text-anchor="{anchor}" fill="{colour}">{escape(text)}</text>'
