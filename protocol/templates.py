"""Documents made from templates: Jinja files (``*.j2``) that lie beside the code whose facts they are about.

In a template ``{% trans %}`` marks what is translated, the filters ``show``, ``number`` and ``decimal`` write a value
as the language does, ``table`` makes a table, and a paragraph in ``{% filter prose %}`` is wrapped anew.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jinja2

from protocol.markdown import lay_out, prose, table
from protocol.words import ENGLISH, Language


def render(template: Path, language: Language = ENGLISH, **values: Any) -> str:
    """The text of a template in a language.

    Args:
        template: the file.
        language: of all that is marked as translated.
        values: what the template names.
    """
    return _environment(template.parent, language).get_template(template.name).render(**values)


def document(template: Path, language: Language = ENGLISH, **values: Any) -> str:
    """As `render`, with the paragraphs and lists of a Markdown document wrapped anew."""
    return lay_out(render(template, language, **values))


def _environment(folder: Path, language: Language) -> jinja2.Environment:
    environment = jinja2.Environment(
        autoescape=jinja2.select_autoescape(["html.j2"]),
        extensions=["jinja2.ext.i18n"],
        keep_trailing_newline=True,
        loader=jinja2.FileSystemLoader(folder),
        undefined=jinja2.StrictUndefined,
    )
    environment.policies["ext.i18n.trimmed"] = True
    words: Any = environment  # `install_gettext_callables` comes with the extension
    catalogue = language.catalogue
    words.install_gettext_callables(
        catalogue.gettext,
        catalogue.ngettext,
        newstyle=True,
        pgettext=catalogue.pgettext,
        npgettext=catalogue.npgettext,
    )
    environment.filters |= {
        "decimal": language.decimal,
        "number": language.number,
        "prose": prose,
        "show": language.show,
    }
    environment.globals["table"] = table
    return environment
