"""The fixed texts of a report, the same in every form of it: headings, columns, and what explains them."""

from __future__ import annotations

from collections.abc import Mapping

from protocol.words import Message, msg, pmsg
from regard.dossier.coverage_states import PieceState
from regard.views.saying import Speaker

STATES: dict[PieceState, Message] = {
    PieceState.NOT_ASKED: pmsg("state of a piece of evidence", "not expected"),
    PieceState.AGREES: pmsg("state of a piece of evidence", "same figures"),
    PieceState.DIFFERS: pmsg("state of a piece of evidence", "other figures"),
    PieceState.ALONE: pmsg("state of a piece of evidence", "nothing to compare with"),
    PieceState.ABSENT: pmsg("state of a piece of evidence", "missing"),
    PieceState.UNREAD: pmsg("state of a piece of evidence", "damaged or not understood"),
    PieceState.PARTLY: pmsg("state of a piece of evidence", "votes by choice not compared"),
    PieceState.GAP: pmsg("state of a piece of evidence", "gap votes/signatures"),
}
"""Names of a piece of evidence, for people."""
_HEADINGS: dict[str, Message] = {
    "report": msg("Verification report"),
    "drawn_up": msg(
        "Drawn up by {author}, at [place], on [date].", author=msg("[first name, name, in which capacity]")
    ),
    "verdict": msg("What was found"),
    "checked": msg("What was checked"),
    "compared_what": msg("What was compared with what"),
    "not_checked": msg("What was not checked"),
    "first": msg("The cases that matter most"),
    "first_about": msg("Those that the result depends on most come first, whatever their kind."),
    "changes": msg("What it could change"),
    "changes_none": msg("Nothing is said of the outcome: votes by choice and both counts of voters are needed for it."),
    "changes_nothing": msg("There are no votes beyond the signatures: nothing could be deducted."),
    "gaps": msg("Votes and signatures"),
    "pieces": msg("Bureau by bureau, piece by piece"),
    "pieces_about": msg(
        "A piece is marked ≠ where a case says that its figures should read otherwise, or that it is probably wrong; "
        "pieces that only copy them are not. A gap between votes and signatures that no case explains is marked where "
        "the signatures stand first. Registered voters are left out."
    ),
    "communes": msg("By commune"),
    "cases": msg("All cases"),
    "cases_about": msg(
        "A case is the smallest set of corrections after which figures no longer contradict each other. Certain, "
        "likely and open say how sure that explanation is, not who did what; the documents have to be looked at."
    ),
    "further": msg("Further cases"),
    "bureaux": msg("All bureaux"),
    "steps": msg("What can be done, and until when"),
    "steps_about": msg(
        "`regard next` with the same evidence writes this, with letters to fill in while there is time: a complaint, "
        "and requests for the documents that may be seen."
    ),
    "steps_unknown": msg(
        "What was voted on, or when, is not in the evidence. `regard next` says until when, to whom and how to "
        "complain once it is told, and writes the letters."
    ),
    "dumps": msg("Dumps of other machines"),
    "screens": msg("Indications"),
    "screens_about": msg(
        "Statistical screens point at bureaux that are unlike others. They are indications and never errors: a "
        "quarter may vote otherwise. They play no part in what was found above."
    ),
    "limits": msg("Limits"),
    "law": msg("Legal basis"),
    "landmarks": msg("Landmarks (this is not law)"),
    "law_about": msg("What the rules that found something rest on, as far as it was checked."),
    "inputs": msg("Annex: what was given"),
    "inputs_about": msg(
        "Every file by name, with the SHA-256 of the bytes that were read. Whoever has the same files gets the same "
        "report."
    ),
    "run": msg("Annex: how it was made"),
}
_PICTURES: dict[str, Message] = {
    "gap_picture": msg("Votes less signatures, a mark a bureau, by the number of votes found"),
    "gap_marks": msg(
        "Triangles upwards: more votes than signatures; downwards and hollow: fewer; dots on the line: equal."
    ),
    "gap_about": msg(
        "The band is {permille} ‰ of the votes found. The scale up and down goes by the square root, so that small "
        "gaps are seen beside large ones.",
        permille="{permille}",
    ),
    "gap_edge": msg("Gaps beyond {most} stand at the edge.", most="{most}"),
    "gap_classes": msg("Size of the gap, in votes"),
    "found_axis": msg("votes found in the bureau"),
    "strip_picture": msg("Each bureau in the order of the list, each piece a row"),
    "strip_about": msg(
        "Pale: the same figures. Dark: other figures. Dark in the lower half: a gap votes/signatures. Hollow: "
        "missing. Hatched: not understood. A thin line: nothing "
        "to compare with. In the first row the upper half is more votes than signatures, the lower half fewer."
    ),
    "same": pmsg("two figures on the way", "the same"),
    "semicolon": msg("; "),
}
_LABELS: dict[str, Message] = {
    "count": msg("Votes or voters"),
    "choice": msg("Choice"),
    "outcome": msg("Outcome"),
    "about": msg("About"),
    "check": msg("What was checked"),
    "place": msg("Where"),
    "pair": msg("{name}: {value}", name="{name}", value="{value}"),
    "skip": msg("Skip to the content"),
    "contents": msg("Contents"),
    "case": msg("Case"),
    "bureau": msg("Bureau"),
    "bureaux_column": msg("Bureaux"),
    "commune": msg("Commune"),
    "department": msg("Département"),
    "poll": msg("Poll"),
    "gap": msg("Votes less signatures"),
    "beyond": msg("Votes beyond the signatures"),
    "short": msg("Signatures without a vote"),
    "more": msg("Bureaux with more votes"),
    "fewer": msg("Bureaux with fewer votes"),
    "compared": msg("With votes and signatures"),
    "figure": msg("What is counted"),
    "piece": msg("Piece"),
    "stands": msg("Where it stands"),
    "reads": msg("Value"),
    "should": msg("Should read"),
    "findings": msg("Findings"),
    "finding_one": msg("First figure"),
    "finding_two": msg("Second figure"),
    "rule": msg("Rule"),
    "cause": msg("What happened"),
    "sure": msg("How sure"),
    "severity": msg("Severity"),
    "to_do": msg("What to do"),
    "basis": msg("Legal basis"),
    "could_change": msg("What it could change"),
    "copied": msg("repeats the figure"),
    "evidence": msg("Evidence"),
    "there": msg("Bureaux that have it"),
    "side_by_side": msg("Pieces set side by side"),
    "compared_figures": msg("Figures compared"),
    "of": msg("out of"),
    "file": msg("File"),
    "taken_for": msg("Taken for"),
    "used": msg("Used"),
    "size": msg("Size in bytes"),
    "sha256": msg("SHA-256"),
    "remark": msg("Remark"),
    "fingerprint": msg("Fingerprint of all inputs"),
    "fingerprint_about": msg("SHA-256 of the list of all files in this order, each line as `sha256sum` writes it."),
    "versions": msg("Versions"),
    "options": msg("Options"),
    "none": pmsg("nothing to list", "none"),
    "unknown": msg("not known"),
    "details": msg("How this was computed"),
    "legend": msg("Legend"),
    "way": msg("The way of the figure"),
    "as_table": msg("The same as a table"),
    "search": msg("Search commune or bureau"),
    "show": msg("Show"),
    "number": msg("Number"),
    "all": pmsg("rows of a table", "all"),
    "sum": msg("all"),
    "only_cases": msg("in a case"),
    "only_gaps": msg("with a gap"),
    "only_lacking": msg("with a piece missing or not understood"),
    "sort": msg("Sort by this column"),
    "shown_rows": msg("{shown} of {all}", shown="{shown}", all="{all}"),
    "to_case": msg("See the case"),
    "figures_fold": msg("Figures, law, what to do"),
    "to_first": msg("The details of these cases"),
    "followed": msg("What became of it"),
    "search_cases": msg("Search the cases"),
    "print_note": msg("This file needs nothing else: no network, and no other file."),
}
WORDS: Mapping[str, Message] = _HEADINGS | _PICTURES | _LABELS
"""All of them by name."""


def fixed_words(speaker: Speaker, author: str = "") -> dict[str, str]:
    """The fixed texts in a language, with the author of the report."""
    words = {**WORDS, **({"drawn_up": Message(WORDS["drawn_up"].text, {"author": author})} if author else {})}
    return {name: speaker.text(message) for name, message in words.items()}
