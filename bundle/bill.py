"""The bundle's bill of materials (SBOM): what is in its wheels, as CycloneDX 1.6 in JSON, the same bytes each time."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterable
from email.message import Message
from email.parser import BytesParser
from pathlib import Path

NAME = "sbom.cdx.json"


def write_bill(folder: Path, own: str) -> Path:
    """Write the bill of a bundle beside its wheels.

    Args:
        folder: the bundle.
        own: name of the project whose bundle it is; its wheel is the subject of the bill.
    """
    by_package: dict[tuple[str, str], list[Path]] = {}
    stated: dict[tuple[str, str], Message] = {}
    for wheel in sorted((folder / "wheels").glob("*.whl")):
        metadata = _metadata(wheel)
        key = metadata["Name"].lower().replace("_", "-"), metadata["Version"]
        by_package.setdefault(key, []).append(wheel)
        stated[key] = metadata
    components = {
        key: _component(*key, stated[key], [_file(wheel, folder) for wheel in wheels])
        for key, wheels in sorted(by_package.items())
    }
    [subject] = [key for key in components if key[0] == own]
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": components.pop(subject) | {"type": "application"}},
        "components": list(components.values()),
    }
    path = folder / NAME
    path.write_text(json.dumps(bill, indent=1, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")
    return path


def _metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        [name] = [each for each in archive.namelist() if each.endswith(".dist-info/METADATA") and each.count("/") == 1]
        return BytesParser().parsebytes(archive.read(name), headersonly=True)


def _component(name: str, version: str, metadata: Message, files: Iterable[dict[str, object]]) -> dict[str, object]:
    """A package, with its licence as it states it and its wheels."""
    url = f"pkg:pypi/{name}@{version}"
    component: dict[str, object] = {
        "type": "library",
        "bom-ref": url,
        "name": name,
        "version": version,
        "purl": url,
        "externalReferences": list(files),
    }
    if licence := _licence(metadata):
        component["licenses"] = [licence]
    return component


def _licence(metadata: Message) -> dict[str, object] | None:
    """By the SPDX expression, else by the classifiers, else by the first line of the old field."""
    if expression := metadata["License-Expression"]:
        return {"expression": expression}
    named = [
        each.rpartition(" :: ")[2] for each in metadata.get_all("Classifier", []) if each.startswith("License :: ")
    ]
    old = (metadata["License"] or "").strip().splitlines()
    name = " or ".join(named) or (old[0] if old else "")
    return {"license": {"name": name}} if name else None


def _file(wheel: Path, folder: Path) -> dict[str, object]:
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    return {
        "type": "distribution",
        "url": wheel.relative_to(folder).as_posix(),
        "hashes": [{"alg": "SHA-256", "content": digest}],
    }
