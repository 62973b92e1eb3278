"""For rules that no fault of the simulator sets off, why that is so: `docs/studies/matrix.md` says it."""

from __future__ import annotations

from protocol.words import Message, msg

_TWO_ROUNDS = msg("needs both rounds; a simulated night has one")
_OF_REGARD = msg("says that regard itself could not check a file or apply a rule")
_IN_LISTS = msg(
    "needs an official list that is wrong, or constituencies; a simulated night's lists are right, and of one poll"
)
_SEVERAL_POLLS = msg("needs several polls on one day; the simulated election has one")
_BLANK = msg("needs a table that was filled in by half; the simulator fills in all of its own")
_OF_A_FEED = msg("needs the ministry's XML feed; a simulated night has none")
_OTHER_MACHINES = msg("is about dumps of other machines, which no simulated night has")

_WAY_UP = msg("needs documents of the way up, which these nights have not; the tests try each fault of the way")
_OF_THE_RESULT = msg("looks for no fault: says what other findings could change about the result")

REASONS: dict[str, Message] = {
    **{f"D{number}": _OTHER_MACHINES for number in range(101, 120)},
    "A108": msg("needs a choice that is withdrawn, or a second round; a simulated night is of the first, without any"),
    "A115": msg("needs an election by constituency; the simulated election is the whole country's"),
    "C111": msg("says in every night how much evidence there is; it finds no fault"),
    "C114": _IN_LISTS,
    "C115": _IN_LISTS,
    "C116": _SEVERAL_POLLS,
    "C117": _IN_LISTS,
    "C118": _BLANK,
    "C119": _BLANK,
    "C120": _BLANK,
    "C121": _BLANK,
    "C122": _IN_LISTS,
    "C123": _IN_LISTS,
    "C124": msg("needs the export of one machine copied for another of the same bureau; the simulator copies none"),
    "C127": msg("needs a file with a column of days; those that the simulator writes have none"),
    "C128": msg("needs a commune whose code was mistyped; the simulator writes the same one everywhere"),
    "R225": _BLANK,
    "C125": msg("needs a table whose total is wrong; the total that the simulator leaves in one is right"),
    "I120": _OF_REGARD,
    "I121": _OF_REGARD,
    "I122": msg("needs a file of which nothing is used; the simulator fills in all of its own"),
    "R226": msg("needs a bureau in two files of one kind; a simulated night has one of each"),
    "R217": msg("needs PVs without sign-in lists and exports, and then shows in a night without a fault as well"),
    "R221": _SEVERAL_POLLS,
    "T312": _SEVERAL_POLLS,
    "T313": msg("needs results published with the signatures; the ministry's, which the simulation follows, have none"),
    "T305": msg("needs the results of the whole country; a simulated night has the communes with machines only"),
    "T323": msg("needs a table of all elections; a simulated night is of one"),
    "R227": msg("needs a table of PVs with percentages beside its counts; the simulator's have counts only"),
    "T324": msg("needs results of another election beside the night's; a simulated night has its own only"),
    "C126": _WAY_UP,
    **{f"T{number}": _WAY_UP for number in range(330, 338)},
    "T320": _OF_A_FEED,
    "T321": _OF_A_FEED,
    "T322": _OF_A_FEED,
    "P403": _TWO_ROUNDS,
    "P409": _TWO_ROUNDS,
    "P411": _TWO_ROUNDS,
    "P413": _TWO_ROUNDS,
    "P414": _TWO_ROUNDS,
    **dict.fromkeys(("V501", "V502", "V503"), _OF_THE_RESULT),
}
"""By code. A rule has a fault or stands here; `tests/regard/studies/test_matrix.py` holds that."""
