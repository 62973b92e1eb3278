"""The French of what readers expect and find: every phrase in the source has it, and values stay as they are."""

from __future__ import annotations

import ast
import errno
import os
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from protocol import phrases
from protocol.export import INSTEAD
from protocol.messages import REASON_TEXTS
from protocol.module_parse import LABEL_RULES
from protocol.night import Content
from protocol.phrases import in_language
from protocol.reading import Kind
from verify.published import Level
from verify.published.codes import spoilt
from verify.published.percentages import TRUNCATED, UNREADABLE, WRONG
from verify.rules.diagnosis import slip

ROOT = Path(__file__).parents[2]
SPEAKS = {
    "FormatError": (2, 3),
    "InputError": (3, 4),
    "Problem": (5, 6),
    "_note": (3, 4),
    "add": (2, 3),  # Problems of published results
    "report": (1, 2),
    "wrong": (1, 2),  # values of an export
    "fault": (3, 4),  # values of a module image
    "ArgumentTypeError": (0,),
    "Flaw": (5,),
    "_unequal": (4,),
    "_added_up": (4,),
    "OSError": (1,),
    "LinkError": (0,),
    "RegardError": (0,),
    "PassesDifferError": (0,),
    "NothingReadable": (0,),
    "NoSum": (0,),
    "UnknownLayout": (0,),
}
"""Calls, and which of their arguments are phrases."""
FINDINGS = {"Side": (1,)}
"""Likewise in rules on what files hold; the sides of all other findings are figures, names and codes."""
NO_PHRASES = {"regard/screens_document.py"}
"""Writes a document of ours; what it refuses is for whoever changes regard."""


class Module:
    """One source file: what the text of an argument can be, with 7 for every value in it."""

    def __init__(self, path: Path) -> None:
        self.path = path.relative_to(ROOT).as_posix()
        self.tree = ast.parse(path.read_text(encoding="utf-8"))
        reads = self.path in ("verify/rules/integrity.py", "verify/rules/modules.py")
        self.speaks = SPEAKS | FINDINGS if reads else SPEAKS
        self.resolving: list[str] = []
        self.functions = {node.name: node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef)}

    def phrases(self) -> Iterator[tuple[str, str]]:
        for scope in [self.tree, *self.functions.values()]:
            for node in _own(scope):
                if isinstance(node, ast.Call):
                    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                    wanted = [node.args[at] for at in self.speaks.get(name, ()) if at < len(node.args)]
                    wanted = [] if any(isinstance(argument, ast.Starred) for argument in wanted) else wanted
                    for text in (text for argument in wanted for text in self.texts(argument, scope)):
                        yield f"{self.path}:{node.lineno}", text

    def texts(self, node: ast.expr, scope: ast.AST) -> list[str]:
        """The texts that an expression can be; none where it is a value, such as the repr of a cell."""
        match node:
            case ast.Constant(value=str(text)):
                return [text]
            case ast.JoinedStr():
                texts = [""]
                for part in node.values:
                    inner = part.value if isinstance(part, ast.FormattedValue) else part
                    more = self.texts(inner, scope) if not isinstance(inner, ast.Call) else []
                    texts = [text + end for text in texts for end in more or ["7"]]
                return texts
            case ast.IfExp():
                return self.texts(node.body, scope) + self.texts(node.orelse, scope)
            case ast.BoolOp():
                return [text for value in node.values for text in self.texts(value, scope)]
            case ast.BinOp(op=ast.Add()):
                left, right = self.texts(node.left, scope), self.texts(node.right, scope)
                if not left and not right:
                    return []
                return [one + other for one in left or ["7"] for other in right or ["7"]]
            case ast.Name() if node.id not in self.resolving:  # a text made of itself adds nothing
                self.resolving.append(node.id)
                texts = self.assigned(node.id, scope)
                self.resolving.pop()
                return texts
            case ast.Subscript(value=ast.Name(id=name)):
                tables = [each for each in self.tree.body if isinstance(each, ast.Assign | ast.AnnAssign)]
                named = [each for each in tables if name in ast.unparse(each).split(" = ")[0].split(":")[0]]
                values = [value for each in named if isinstance(each.value, ast.Dict) for value in each.value.values]
                return [text for value in values for text in self.texts(value, scope)]
            case ast.Call(func=ast.Name(id=name)) if name in self.functions and name not in self.speaks:
                function = self.functions[name]
                returns = [each.value for each in _own(function) if isinstance(each, ast.Return) and each.value]
                return [text for value in returns for text in self.texts(value, function)]
        return []

    def assigned(self, name: str, scope: ast.AST) -> list[str]:
        texts: list[str] = []
        for node in ast.walk(scope):
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Name) and target.id == name:
                        texts += self.texts(node.value, scope)
                    if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                        pairs = zip(target.elts, node.value.elts, strict=True)
                        texts += [t for one, v in pairs if getattr(one, "id", "") == name for t in self.texts(v, scope)]
        return texts


def _own(scope: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a module or function that are not in a function within it."""
    for child in ast.iter_child_nodes(scope):
        if not isinstance(child, ast.FunctionDef):
            yield child
            yield from _own(child)


def spoken() -> list[tuple[str, str]]:
    files = sorted(path for room in ("protocol", "verify", "regard") for path in (ROOT / room).rglob("*.py"))
    modules = [Module(path) for path in files]
    found = [pair for module in modules if module.path not in NO_PHRASES for pair in module.phrases()]
    return [(place, text) for place, text in found if re.search("[A-Za-z]{2}", text)]


def test_every_phrase_in_the_source_has_its_french() -> None:
    found = spoken()
    assert len({text for _, text in found}) > 150  # the walk has not lost its way
    assert [f"{place}: {text}" for place, text in found if not phrases.is_known(text)] == []


def test_a_phrase_without_french_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("test_phrases.ROOT" if __name__ == "test_phrases" else f"{__name__}.ROOT", tmp_path)
    (tmp_path / "new.py").write_text(
        "def read(a, b):\n"
        "    got = 'a cat' if a else f'{b} dogs'\n"
        "    raise InputError('x', None, None, f'at most {a} ' + 'birds', got or repr(b))\n",
        encoding="utf-8",
    )
    assert [text for _, text in Module(tmp_path / "new.py").phrases()] == ["at most 7 birds", "a cat", "7 dogs"]
    assert not any(map(phrases.is_known, ("at most 7 birds", "a cat", "7 dogs")))


def test_phrases_that_stand_in_tables_have_their_french() -> None:
    texts = (
        [kind.value for kind in Kind]
        + [content.value for content in Content]
        + [*REASON_TEXTS.values(), *INSTEAD.values(), *LABEL_RULES]
    )
    texts += [f"results by {level.value}" for level in Level]
    texts += [TRUNCATED, WRONG, UNREADABLE, slip(310, 301), slip(201, 301)]
    texts += [found[0] for text in ("1900/01/12", "2022/04/10", "2,78E+12") if (found := spoilt(text))]
    assert len(texts) == len(Kind) + len(Content) + len(REASON_TEXTS) + len(INSTEAD) + len(LABEL_RULES) + len(Level) + 8
    assert [text for text in texts if not phrases.is_known(text)] == []


def test_all_french_forms_take_the_values_of_their_phrases() -> None:
    for room in phrases._ROOMS:
        for english, french in room.items():
            text = re.sub(r"\{n\}", "7", re.sub(r"\{(p|each)?\}", "Xx", english))
            shown = in_language(text, "fr")
            assert (shown.count("7"), shown.count("Xx")) == (text.count("7"), text.count("Xx")), english
            assert french.count("{}") == len(re.findall(r"\{(?:n|p|each)?\}", english)), english
            assert in_language(text, "en") == text


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("17 cells", "17 cellules"),
        ("29019 0001 again", "29019 0001 une seconde fois"),
        ("at most 64 choices in a contest", "au plus 64 choix par scrutin"),
        (
            "argument COMMAND: invalid choice: 'verfy', maybe you meant 'verify'? (choose from read, verify)",
            "argument COMMAND : 'verfy' n'est pas l'un des choix ; est-ce 'verify' ? Choix : read, verify",
        ),
        ("field larger than field limit (131072): the rest is not read", None),
        (
            "Burau | Votants; « Burau » is near « N° bureau »; « Votans » is near « Votants »",
            "Burau | Votants ; « Burau » est proche de « N° bureau » ; « Votans » est proche de « Votants »",
        ),
        (
            "pv.csv: no known layout: text, UTF-8, delimiter ;, empty / sheet « x » of a workbook, empty; known: a, b",
            "pv.csv : aucune forme connue : texte, UTF-8, délimiteur ;, vide / feuille « x » d'un classeur, vide ; "
            "connues : a, b",
        ),
        (
            "cannot open the port C9: [Errno 2] could not open port C9: [Errno 2] No such file or directory: 'C9'",
            "impossible d'ouvrir le port C9 : [Errno 2] port C9 : [Errno 2] aucun fichier de ce nom : 'C9'",
        ),
        (
            "Could not open port socket://127.0.0.1:1: [Errno 111] Connection refused",
            "port socket://127.0.0.1:1 : [Errno 111] connexion refusée",
        ),
        (
            "cannot open the port /dev/null: Could not configure port: (25, 'Inappropriate ioctl for device')",
            "impossible d'ouvrir le port /dev/null : (25) pas un port série",
        ),
    ],
)
def test_phrases_in_phrases(english: str, french: str | None) -> None:
    expected = french or "une cellule de plus de 131072 caractères : le reste n'est pas lu"
    assert in_language(english, "fr") == expected
    assert in_language(english, "en") == english


def test_one_is_singular() -> None:
    assert [in_language("1 cells", language) for language in ("fr", "en")] == ["1 cellule", "1 cell"]
    assert [in_language("1 more bytes", language) for language in ("fr", "en")] == ["1 octet de plus", "1 more byte"]
    assert in_language("11 bytes", "en") == "11 bytes"
    assert in_language("1 apples", "en") == "1 apples"  # not ours: a value


@pytest.mark.parametrize(
    "value", ["'12 bytes'", "Chloé Nothing", "12a cells", "12 cells\n", "", "« more »", "x" * 10_000]
)
def test_whatever_is_no_whole_phrase_stays(value: str) -> None:
    assert in_language(value, "fr") == in_language(value, "en") == value


def test_a_long_text_made_to_be_slow_is_not() -> None:
    hostile = " by " * 300 + ", " * 100 + " by " * 100
    assert in_language(hostile[: phrases.LONGEST - 17] + ": no common level", "fr").endswith("commun")


@pytest.mark.parametrize(
    "text",
    ["[x", "a", "a=", "a=zz", "a=1 2", 'a="x', "a=[1", "a=1\na=2\n", "[a]\n[a]\n", "=1", 'a="\\q"\n', "a=[1,\n2\nb"],
)
def test_what_the_toml_reader_says(text: str) -> None:
    with pytest.raises(tomllib.TOMLDecodeError) as raised:
        tomllib.loads(text)
    said = in_language(str(raised.value), "fr")
    assert re.search(r" \((à la fin du fichier|ligne \d+, colonne \d+)\)$", said)
    assert not re.search("Expected|Invalid|Unclosed|Unterminated|Cannot|Unescaped", said)


@pytest.mark.parametrize("number", [errno.ENOENT, errno.EACCES, errno.ENOSPC, errno.EISDIR, errno.ELOOP])
@pytest.mark.skipif(os.name != "posix", reason="other systems have other words")
def test_what_the_system_says_most_often(number: int) -> None:
    assert in_language(os.strerror(number), "fr") != os.strerror(number)
