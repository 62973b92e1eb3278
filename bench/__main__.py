"""``python -m bench [NAME [ARGUMENTS]]``: run one benchmark, or all of them one after another.

A benchmark is a module of this package with a function ``main`` that says whether all bounds held; its parameters are
its options.
"""

import argparse
import ast
import importlib
import inspect
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent


def benchmarks() -> dict[str, str]:
    """The names of all benchmarks, with the first line of what each says about itself. Nothing is imported."""
    found = {}
    for path in sorted(FOLDER.glob("*.py")):
        module = ast.parse(path.read_text(encoding="utf-8"))
        mains = (part for part in module.body if isinstance(part, ast.FunctionDef) and part.name == "main")
        if path.name != "__main__.py" and any(mains):
            found[path.stem] = (ast.get_docstring(module) or "").partition("\n")[0]
    return found


def run(name: str, argv: list[str]) -> bool:
    """Run one benchmark with its options; whether all bounds held."""
    module = importlib.import_module(f"bench.{name}")
    parser = argparse.ArgumentParser(prog=f"python -m bench {name}", description=module.__doc__)
    for each in inspect.signature(module.main).parameters.values():
        parser.add_argument(f"--{each.name}", type=type(each.default), default=each.default)
    return bool(module.main(**vars(parser.parse_args(argv))))


def main(argv: list[str]) -> int:
    """Run the benchmark that ``argv`` names, or all, each in a process of its own; 1 if any misses a bound."""
    known = benchmarks()
    if not argv:
        missed = [name for name in known if subprocess.run([sys.executable, "-m", "bench", name]).returncode]  # noqa: S603
        print(f"missed a bound or failed: {', '.join(missed)}" if missed else "all bounds held")
        return 1 if missed else 0
    if argv[0] not in known:
        print("usage: python -m bench [NAME [ARGUMENTS]]", *(f"  {name:10} {known[name]}" for name in known), sep="\n")
        return 0 if argv[0] in ("-h", "--help") else 2
    return 0 if run(argv[0], argv[1:]) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
