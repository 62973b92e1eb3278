import asyncio

import regard


def say(step: str, done: int, total: int) -> None:
    if total and done == total:
        print(f"{step} {done:,} of {total:,}")


async def main() -> None:
    with regard.Emulator("module.urn", baud=3_000_000) as unit:  # with hardware, its port in place of unit.port
        read = await asyncio.to_thread(regard.read_unit, unit.port, "read.urn", baud=3_000_000, progress=say)
    print(read.module, read.machine, read.sha256, read.failing)


asyncio.run(main())
