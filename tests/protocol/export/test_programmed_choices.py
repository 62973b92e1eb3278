"""A list of choices that is not the programmed one, though the closing sealed it as it stands."""

from protocol.urn.checks import FAILS, GOOD
from protocol.urn.image import Section
from protocol.urn.recount import recount
from tests.protocol.urn.module_images import example, rows
from tests.protocol.urn.module_violations import at


def test_choices_that_were_not_programmed_fail_whatever_the_closing_says() -> None:
    image = bytearray(example())
    image[at("configuration", "choices_crc32")] ^= 1
    found, changed = recount(rows([example(), bytes(image)])).columns["sections"]
    assert found[Section.CHOICES] == GOOD
    assert changed[Section.CHOICES] == FAILS
