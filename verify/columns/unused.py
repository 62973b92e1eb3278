"""Files that were given and of which nothing is used."""

from __future__ import annotations

from protocol.way_up import FOLDER
from verify.model.evidence import LinedEvidence
from verify.model.use import Input, Used


def unused_files(evidence: LinedEvidence) -> list[Input]:
    """Files given by their names of which nothing is used, though nothing in them is wrong and nothing was raised.

    Those that contradict what is used in their place, wherever they lie. Those among the documents of the way up as
    well: what lies there is meant to be one. The text beside a template's tables is none of them.
    """
    wrong = {problem.file for problem in evidence.problems} | {each.what for each in evidence.failures}
    given = (each for each in evidence.inputs if each.named or each.contradicts or each.path.startswith(f"{FOLDER}/"))
    unused = (each for each in given if each.used is Used.NONE and not each.explains)
    return [each for each in unused if not any(file.startswith(each.path) for file in wrong)]
