"""The map of the module image, and the frozen example that version 1 must read for ever."""

from typing import Any

import construct
import numpy as np
import pytest

from protocol.civil_time import text
from protocol.errors import FormatError
from protocol.urn.image import (
    DTYPE,
    IMAGE,
    IMAGE_SIZE,
    SPANS,
    UrnLayout,
    slot_bytes,
)
from protocol.urn.limits import parse
from tests.protocol.urn.module_images import example


def test_the_map_is_whole_and_aligned() -> None:
    assert DTYPE.itemsize == IMAGE_SIZE == 65_536
    assert UrnLayout().size == IMAGE_SIZE
    places = [SPANS[section] for section in sorted(SPANS, key=lambda section: SPANS[section])]
    assert [start for start, _ in places] == [0, *(end for _, end in places[:-1])]
    assert places[-1][1] == IMAGE_SIZE
    assert DTYPE.fields is not None
    names = ("configuration", "zero_checks", "test_votes", "log", "marks", "closing", "choices", "bank_a", "bank_b")
    assert [DTYPE.fields[name][1] for name in names] == [start for start, _ in places]


def test_the_frozen_example_reads_as_it_was_written() -> None:
    image = IMAGE.parse(example())
    head = image.configuration
    assert head.module_serial.rstrip(b"\0") == b"U-0815"
    assert (head.date, head.round, head.part, head.registered) == (20220424, 2, 1, 1207)
    assert (head.polls[0].number, head.polls[0].choices, head.polls[1].number) == (1, 2, 255)
    check = image.zero_checks[0]
    assert (check.president_key, check.assessor_key, check.counter_sum, check.test_votes) == (1001, 2002, 0, 1)
    assert text(check.at) == "2022-04-24 07:31:05"
    assert (image.test_votes[0].poll, image.test_votes[0].choice) == (129, 2)
    assert [(event.kind, event.poll, event.value) for event in image.log[:5]] == [
        (1, 0, 0),
        (4, 0, 0),
        (3, 1, 2),
        (2, 0, 3),
        (255, 255, 0xFFFFFFFF),
    ]
    assert text(image.closing.at) == "2022-04-24 19:02:30"
    result = image.closing.polls[0]
    assert (result.voters, result.cancellations, result.cast, result.blank) == (3, 1, 3, 1)
    assert list(result.tallies)[:3] == [1, 1, 0]
    assert image.choices[0][1].rstrip(b"\0") == b"Choix B"


def test_construct_and_numpy_read_the_same_values() -> None:
    image = example()
    careful, fast = IMAGE.parse(image), np.frombuffer(image, DTYPE)[0]

    def compare(value: Any, column: Any) -> int:
        if isinstance(value, construct.Container):
            return sum([compare(value[name], column[name]) for name in value if name != "_io"])
        if isinstance(value, construct.ListContainer):
            return sum([compare(each, column[index]) for index, each in enumerate(value)])
        if isinstance(value, bytes):
            assert value == bytes(column)
        elif value is not None:
            assert value == column
        return 1

    assert compare(careful, fast) > 1_500


def test_no_vote_ends_in_a_byte_that_would_not_be_written() -> None:
    words = {slot_bytes(poll, choice) for poll in range(1, 6) for choice in range(65)}
    assert len(words) == 325
    assert not {word[-1] for word in words} & {0x00, 0xFF}
    numbers = np.array([int.from_bytes(word, "big") for word in sorted(words)], np.uint32)
    distance = np.bitwise_count(numbers[:, None] ^ numbers)
    assert distance[distance > 0].min() == 4  # so that three flipped bits of a slot never make another vote


@pytest.mark.parametrize(
    ("damage", "field", "offset"),
    [
        (lambda image: b"\0" + image[1:], "configuration.magic", 0),
        (lambda image: image[:8] + b"\0\2" + image[10:], "configuration.format_version", 8),
        (lambda image: image[:12] + b"\0\0\0\1" + image[16:], "configuration.image_size", 12),
        (lambda image: image[:-1], "image", IMAGE_SIZE - 1),
        (lambda image: image + b"\0", "image", IMAGE_SIZE),
        (lambda _: b"", "image", 0),
    ],
)
def test_what_is_no_image_is_named_with_its_place(damage: object, field: str, offset: int) -> None:
    assert callable(damage)
    with pytest.raises(FormatError) as error:
        parse(damage(example()))
    assert (error.value.field, error.value.offset) == (field, offset)


def test_the_definition_is_not_followed_by_anything() -> None:
    with pytest.raises(construct.TerminatedError):
        IMAGE.parse(example() + b"\0")
