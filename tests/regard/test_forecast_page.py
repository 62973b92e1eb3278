"""The report on forecasts in a real Chromium: on a phone, in the dark, and for a screen reader."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.regard.browser import needs_chromium, obstacles
from tests.regard.calling import CommandLine
from tests.regard.test_forecast import CLAIM
from tests.verify.forecasts.samples import POLLS, forecast_file, result_file

pytestmark = needs_chromium


@pytest.mark.check(7)
@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1200])
def test_everybody_can_read_it(chromium: Browser, tmp_path: Path, width: int, colours: str, cli: CommandLine) -> None:
    target, table = tmp_path / "report.html", forecast_file(tmp_path, POLLS + CLAIM)
    words = ["forecast", str(table), "--results", str(result_file(tmp_path)), "--report", str(target), "--lang", "fr"]
    cli(*words)
    page = chromium.new_page(viewport={"width": width, "height": 800}, color_scheme=colours)  # type: ignore[arg-type]
    page.goto(target.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert obstacles(page) == []
    page.close()
