"""Document of cases in each language, in French `docs/guide/cas.md`: its tables and costs from the code."""

from __future__ import annotations

from collections.abc import Sequence

from protocol.words import language
from regard.language import show
from regard.reference import markdown
from regard.studies.right_causes import CLASSES, RIGHT
from verify.cases import by_codes, figures
from verify.cases.place_names import place_of, with_place
from verify.cases.wide import columns, communes
from verify.cases.wording import KINDS, SURE, sentence
from verify.explanations import certainty, rows, slips, truths
from verify.explanations.side_by_side import EXPORT, UNIVERSE
from verify.model.cases import CaseDetail, Correction, Sure
from verify.model.rule_results import Named
from verify.rulebook.causes import Cause, causes

_PLACE = Named("76351", "0023", 1)
_EXAMPLE = CaseDetail(
    (Correction(_PLACE, "pv", "pv.csv:23", "votes_found", 626, 662),),
    agree=("emargements", "exports", "publie"),
    adds_up=True,
)


def document(code: str) -> str:
    """The document in the language of that code."""
    said = sentence(causes()["digits-exchanged"], Sure.CERTAIN, _EXAMPLE, "", ("R202", "R204", "R210"), several=True)
    return markdown.document(
        __file__,
        language(code),
        example=show(code, with_place(place_of([_PLACE], {_PLACE.insee: "Le Havre"}), said)),
        sure={each.value: SURE[each] for each in Sure},
        support=certainty.LEAST_SUPPORT,
        lead=certainty.CERTAIN,
        likely=certainty.LIKELY,
        everywhere=columns.LEAST_EVERYWHERE,
        commune=columns.LEAST_IN_A_COMMUNE,
        machines=by_codes.LEAST_MACHINES,
        telling=communes.TELLING,
        exchanged=columns.LEAST_BUREAUX,
        small=slips.SMALL,
        most=language(code).number(figures.MOST_SEARCHED),
        margin=truths.MARGIN,
        gap=slips.LEAST_GAP,
        twice=slips.TWICE_THE_GAP,
        machine=slips.NOT_WRITTEN[EXPORT],
        listed=slips.NOT_WRITTEN[UNIVERSE],
        last=slips.LAST_DIGIT,
        elsewhere=rows.ELSEWHERE,
        first=_titles([cause.name for cause in causes().values() if cause.first], code, ", "),
        kinds=[
            (name, [_row(cause, code) for cause in causes().values() if cause.kind is kind])
            for kind, name in KINDS.items()
        ],
        alike=[
            (_titles([*map(RIGHT.__getitem__, each.faults), *each.causes], code, " / "), each.reason)
            for each in CLASSES
        ],
    )


def _row(cause: Cause, code: str) -> list[str]:
    signs = markdown.code(" ".join(sorted(sign)) for sign in cause.signs)
    return [show(code, cause.title), f"`{cause.name}`", str(cause.cost or ""), signs]


def _titles(names: Sequence[str], code: str, between: str) -> str:
    """Names of some causes, each once."""
    return between.join(f"*{show(code, causes()[name].title)}*" for name in dict.fromkeys(names) if name)
