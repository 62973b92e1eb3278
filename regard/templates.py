"""Documents made from templates: Jinja files (``*.j2``) that lie beside the code whose facts they are about.

In a template ``{% trans %}`` and ``msg`` mark what is translated. The filters ``show``, ``number`` and ``decimal``
write a value as the language does. Lines of a page do not break before a sign that is set off with a space.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any, cast

import jinja2
from markupsafe import Markup

from protocol.words import ENGLISH, Language, msg, unbroken


def render(template: Path, words: Language = ENGLISH, **values: Any) -> str:
    """The text of a template in a language.

    Args:
        template: the file.
        words: the language of all that is marked as translated.
        values: what the template names.
    """
    html = template.name.endswith("html.j2")
    return _environment(template.parent, words, html=html).get_template(template.name).render(**values)


def _in_a_page(value: object) -> object:
    """A value as it stands in a page; what is marked up already stays as it is."""
    return unbroken(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache  # it keeps the templates that it has compiled, which takes longer than to fill them in
def _environment(folder: Path, words: Language, *, html: bool) -> jinja2.Environment:
    environment = jinja2.Environment(
        autoescape=jinja2.select_autoescape(["html.j2", "svg.j2"]),
        extensions=["jinja2.ext.i18n"],
        keep_trailing_newline=True,
        finalize=_in_a_page if html else None,
        loader=jinja2.FileSystemLoader(folder),
        undefined=jinja2.StrictUndefined,
    )
    environment.policies["ext.i18n.trimmed"] = True
    catalogue, extended = words.catalogue, cast(Any, environment)
    extended.install_gettext_callables(  # which comes with the extension
        catalogue.gettext,
        catalogue.ngettext,
        newstyle=True,
        pgettext=catalogue.pgettext,
        npgettext=catalogue.npgettext,
    )
    environment.filters |= {
        "decimal": words.decimal,
        "number": words.number,
        "show": words.show,
    }
    environment.globals["msg"] = msg
    return environment


_STYLE = Path(__file__).parent / "dossier" / "html" / "report.css"


def source(path: Path) -> str:
    """A style or a script of ours, without what only indents it."""
    return "\n".join(_lines(path.read_text(encoding="utf-8")))


def style_sheet() -> str:
    """Style sheet of our pages."""
    return source(_STYLE)


def policy(style: str, script: str | None = None) -> str:
    """Security policy of a page: its own style and script are allowed, and nothing else."""
    scripts = "" if script is None else f" script-src '{_digest(script)}';"
    return f"default-src 'none'; style-src '{_digest(style)}';{scripts} base-uri 'none'; form-action 'none'"


def pack(page: str) -> bytes:
    """The bytes of a page, without what only indents it."""
    return ("\n".join(_lines(page)) + "\n").encode("utf-8", "replace")


def _lines(text: str) -> list[str]:
    return list(filter(None, map(str.strip, text.split("\n"))))


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
