"""Run as a program of its own: turns a Parquet file from standard input into text, before anything of it is read here.

What a damaged file does to the library that reads it may be to end the process, which no caller can catch. It then ends
this one. The arguments are the folder of the packages and what `as_text.text_of` takes; the input is as in
`verify.read.reader_process`; the text is the output.
"""

from __future__ import annotations

import os
import sys


def main() -> int:
    """Read, turn into text, write."""
    root, most = sys.argv[1:]
    sys.path.insert(0, root)
    from verify.read import reader_process
    from verify.read.parquet.as_text import text_of

    data = reader_process.read_given()
    try:
        text = text_of(data, "", int(most))
    except BaseException:  # the caller does it again, and says what it was
        os._exit(reader_process.RAISED)
    sys.stdout.buffer.write(text)
    sys.stdout.buffer.flush()
    os._exit(0)  # not through the end of the thread that waits for the caller


if __name__ == "__main__":
    sys.exit(main())
