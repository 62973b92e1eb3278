"""Documents made from templates: Jinja files (``*.j2``) that lie beside the code whose facts they are about.

In a template ``{% trans %}`` and ``msg`` mark what is translated. The filters ``show``, ``number`` and ``decimal``
write a value as the language does.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import jinja2

from protocol.words import ENGLISH, Language, msg


def render(template: Path, words: Language = ENGLISH, **values: Any) -> str:
    """The text of a template in a language.

    Args:
        template: the file.
        words: the language of all that is marked as translated.
        values: what the template names.
    """
    return _environment(template.parent, words).get_template(template.name).render(**values)


def _environment(folder: Path, words: Language) -> jinja2.Environment:
    environment = jinja2.Environment(
        autoescape=jinja2.select_autoescape(["html.j2", "svg.j2"]),
        extensions=["jinja2.ext.i18n"],
        keep_trailing_newline=True,
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
