"""The way of a figure in the report has the steps of the way up at which it changes."""

from protocol.evidence_kinds import EvidenceKind
from regard.views.case_view import Ways
from regard.views.saying import Speaker
from tests.verify.night_builder import loaded
from tests.verify.way_up.way_up_nights import nation
from verify import audit


def names(*pieces: str) -> list[str]:
    return [Speaker("en").sentence(EvidenceKind.named(piece).one) for piece in pieces]


def test_the_step_at_which_a_figure_changes_is_a_stop() -> None:
    for name, pieces in (
        ("entry_digit", ["saisie"]),
        ("edition_not_updated", ["saisie", "rappel", "provisoire", "commission"]),
        ("commission_unrecorded", ["commission"]),
        ("record_sum_short", []),
    ):
        others = names("emargements", "pv", "recap", "publie")
        evidence = loaded(nation(2, **{name: 0.15}))
        result, ways = audit.run(evidence), Ways(evidence, Speaker("en"))
        assert len(result.cases)
        for case in result.cases:
            way = ways.of(case, case.first)
            stops = [step.name for step in way.steps] if way is not None else []
            assert [name for name in stops if name not in others] == names(*pieces)
