"""``python -m regard.catalogues [--check]``: bring the catalogues of all languages up to date with the texts.

It takes every text from the code and the rulebook (Babel), adds what is new to each ``.po``, drops what is gone, and
compiles the ``.mo`` that regard reads. With ``--check`` it names what is not current, not translated or not fit.
Development only: an installed regard needs no Babel.
"""

from __future__ import annotations

import argparse
import datetime
import io
import re
import string
import sys
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileParser, read_po, write_po

from protocol import files
from protocol.words import DOMAIN, LOCALE

ROOT = Path(__file__).parent.parent
PACKAGES = ("protocol", "machine", "sim", "verify", "regard")
KEYWORDS: dict[str, Any] = {
    "msg": None,
    "nmsg": (1, 2),
    "pmsg": ((1, "c"), 2),
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
"""The functions that mark a text, and which of their arguments are texts."""
RULEBOOK = frozenset(("title", "text", "what_to_do", "basis", "scope", "when"))
LAW = frozenset(("title", "who", "remark", "how", "judge", "where", "unsaid", "note", "source"))
"""The keys of an entry that are for people: of the rulebook, and of the lines of the law."""
HEADER = "# {} texts of regard. Translate here; `make catalogues` adds and drops the texts themselves.\n#"
EPOCH = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
"""The date in every compiled catalogue, so that equal texts make equal bytes."""


def law(file: IO[bytes], keywords: object, comment_tags: object, options: object) -> Iterator[tuple[Any, ...]]:
    """The texts of the lines of the law, as Babel wants them of an extractor."""
    for name, entry in tomllib.load(file).items():
        for key in LAW & entry.keys():
            yield 0, None, entry[key], [f"{name} {key}"]


def rulebook(file: IO[bytes], keywords: object, comment_tags: object, options: object) -> Iterator[tuple[Any, ...]]:
    """The texts of a rulebook, as Babel wants them of an extractor."""
    entries = list(tomllib.load(file).items())
    for code, entry in entries:
        for key, text in entry.items():
            if key in RULEBOOK:
                yield 0, None, text, [f"{code} {key}"]
        entries += [(code, case) for case in entry.get("cases", {}).values()]


def extract() -> Catalog:
    """All texts there are, without translations."""
    catalogue = Catalog(domain=DOMAIN)
    methods = [("rulebook/*.toml", rulebook), ("letters/law.toml", law), ("**.py", "python"), ("**.j2", "jinja2")]
    options = {"**.j2": {"newstyle_gettext": "true", "silent": "false", "trimmed": "true"}}
    for package in PACKAGES:
        for found in extract_from_dir(
            ROOT / package, method_map=methods, options_map=options, keywords=KEYWORDS, directory_filter=_is_source
        ):
            name, _, text, comments, context = found
            catalogue.add(text, locations=[(f"{package}/{name}", 0)], auto_comments=comments, context=context)
    return catalogue


def _is_source(folder: str | Path) -> bool:
    return Path(folder).name not in ("__pycache__", "locale")


class _Given(Catalog):  # type: ignore[misc]  # Babel has no types
    """The texts of a file; a translation that was appended below an entry left empty is the entry's."""

    def __setitem__(self, id: Any, message: Message) -> None:
        super().__setitem__(id, message)
        known = self.get(id[0] if isinstance(id, tuple) else id, message.context)
        if known is not None and known.id == message.id and not any(known.string or ()):
            known.string = message.string


def update(path: Path, texts: Catalog) -> Catalog:
    """The catalogue of a file with the texts of today: translations kept, new texts empty, old ones gone."""
    language = path.parent.parent.name
    catalogue = _Given(locale=language, domain=DOMAIN, fuzzy=False)
    with path.open("rb") as file:
        PoFileParser(catalogue).parse(file)
    catalogue.update(texts, no_fuzzy_matching=True)
    catalogue.header_comment, catalogue.fuzzy = HEADER.format(language), False
    return catalogue


def text_of(catalogue: Catalog) -> bytes:
    """A catalogue as a ``.po`` file, in the order of its texts."""
    out = io.BytesIO()
    write_po(out, catalogue, width=110, sort_output=True, include_lineno=False, ignore_obsolete=True)
    dates = (b'"POT-Creation-Date', b'"PO-Revision-Date', b'"Generated-By', b'"Report-Msgid', b'"Last-Translator')
    lines = out.getvalue().splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith(dates))


def compile_catalogue(po: bytes, language: str) -> bytes:
    """The ``.mo`` of a ``.po``; texts without translation are left out."""
    out = io.BytesIO()
    catalogue = read_po(io.BytesIO(po), locale=language, domain=DOMAIN)
    catalogue.creation_date = catalogue.revision_date = EPOCH
    catalogue.version = catalogue.project = DOMAIN
    write_mo(out, catalogue)
    return out.getvalue()


def faults(catalogue: Catalog) -> Iterator[str]:
    """Find faults of a catalogue: texts without translation, and translations with other values in them."""
    for message in catalogue:
        if not message.id:
            continue
        texts = message.id if isinstance(message.id, (list, tuple)) else (message.id,)
        shown = message.string if isinstance(message.string, (list, tuple)) else (message.string,)
        if not all(shown):
            yield f"not translated: {texts[0]!r}"
            continue
        wanted = _holes(texts[-1])
        for each in shown:
            if (_holes(each) | _COUNTED) != (wanted | _COUNTED):
                yield f"other values in braces: {texts[0]!r} → {each!r}"


_COUNTED = {"count", "count:n"}
"""Placeholders that a singular form may leave out."""


def _holes(text: str) -> set[str]:
    """The values in a text: in braces, or as templates and argparse have them, ``%(name)s``."""
    try:
        braces = {f"{name}:{spec}" if spec else name for _, name, spec, _ in string.Formatter().parse(text) if name}
    except ValueError:
        return {text}
    return braces | set(re.findall(r"%\(\w+\)[a-z]", text))


def catalogues() -> Iterable[Path]:
    """The ``.po`` of every language."""
    return sorted(LOCALE.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))


def main(argv: Sequence[str] | None = None) -> int:
    """Write the catalogues, or with ``--check`` return 1 where one is not current or not whole."""
    parser = argparse.ArgumentParser(prog="python -m regard.catalogues", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where something is to be done")
    check = parser.parse_args(argv).check
    texts, wrong = extract(), 0
    for path in catalogues():
        catalogue = update(path, texts)
        po = text_of(catalogue)
        for fault in faults(catalogue):
            wrong += 1
            print(f"{path.name} ({path.parent.parent.name}): {fault}", file=sys.stderr)
        mo = compile_catalogue(po, path.parent.parent.name)
        for target, data in ((path, po), (path.with_suffix(".mo"), mo)):
            if target.is_file() and target.read_bytes() == data:
                continue
            if check:
                wrong += 1
                print(f"not current: {target}; `make catalogues` writes it anew", file=sys.stderr)
            else:
                files.write(target, data)
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
