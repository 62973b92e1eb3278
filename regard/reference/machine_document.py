"""The reference document of the machine, generated from the machine's own tables: states, conditions, commit points."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from machine import urn
from machine.conditions import CIRCULARS, L57_1, Condition
from machine.display import HEIGHT, WIDTH
from machine.states import TRANSITIONS, Operation, State
from regard.reference import markdown

_IN_THE_DIAGRAM = (
    Operation.POWER_ON,
    Operation.SELF_TEST,
    Operation.ZERO_CHECK,
    Operation.OPEN,
    Operation.ENABLE,
    Operation.SELECT,
    Operation.BLANK,
    Operation.CORRECT,
    Operation.VALIDATE,
    Operation.CANCEL,
    Operation.CLOSE,
    Operation.RESULTS,
)
"""Operations of an ordinary day; the table below the diagram has all of them."""


def document() -> str:
    """The text of ``docs/reference/machine.md``."""
    return markdown.document(
        __file__,
        State=State,
        HEIGHT=HEIGHT,
        WIDTH=WIDTH,
        diagram=diagram(),
        transitions=list(_transitions()),
        commit_points=_commit_points(),
        conditions=list(_conditions(L57_1)),
        circulars=list(_conditions(CIRCULARS, source=True)),
    )


def diagram() -> str:
    """The states and the operations between them, as a Mermaid state diagram."""
    arrows: dict[tuple[State, State], list[str]] = {}
    for operation in _IN_THE_DIAGRAM:
        for state, targets in TRANSITIONS[operation].items():
            for target in targets:
                arrows.setdefault((state, target), []).append(operation)
    lines = ["stateDiagram-v2", f"    [*] --> {_id(State.OFF)}"]
    lines += [f"    {_id(state)}: {state}" for state in State]
    lines += [f"    {_id(state)} --> {_id(target)}: {', '.join(names)}" for (state, target), names in arrows.items()]
    lines.append(f"    note right of {_id(State.OFF)}: power_off and break_down lead here from every other state")
    return "\n".join(lines) + "\n"


def _id(state: State) -> str:
    return state.name.lower()


def _transitions() -> Iterable[tuple[str, ...]]:
    """One row for each operation and each set of target states; "the same" for an operation that keeps the state."""
    for operation, rows in TRANSITIONS.items():
        by_target: dict[str, list[str]] = {}
        for state, targets in rows.items():
            shown = "the same" if targets == (state,) else markdown.code(targets)
            by_target.setdefault(shown, []).append(f"`{state}`")
        for shown, states in by_target.items():
            yield f"`{operation}`", ", ".join(states), shown


def _commit_points() -> str:
    """The table in the docstring of `machine.urn`."""
    _, _, table = (urn.__doc__ or "").partition("\n\n")
    return textwrap.dedent(table).strip()


def _conditions(conditions: Iterable[Condition], *, source: bool = False) -> Iterable[tuple[str, ...]]:
    for condition in conditions:
        file, _, function = condition.test.partition("::")
        where = condition.where.replace(":", ".")
        test = f"[`{function}`](../../tests/machine/{file})"
        origin = (condition.source,) if source else ()
        yield condition.code, *origin, condition.requires, condition.met, f"`{where}`", test
