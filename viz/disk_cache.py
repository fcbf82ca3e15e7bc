"""A folder of results that take long and outlive the app: tensors by key, of bounded total size.

The files are safetensors: they hold numbers, and nothing that runs when they are read.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

VARIABLE = "POINTWISE_CACHE"
MAX_BYTES = 64 * 2**20
SUFFIX, UNFINISHED = ".safetensors", ".part"


class DiskCache:
    """Tensors by key in a folder; the files that were used least recently are deleted first.

    Whatever goes wrong with the folder, nothing is raised: there is no result in it, or none is
    kept. A file that is broken is as good as none.

    Args:
        folder: made when something is kept; None keeps nothing.
        max_bytes: of all files together.

    >>> import tempfile, torch
    >>> cache = DiskCache(Path(tempfile.mkdtemp()) / "new")
    >>> cache.put("ones", {"made": torch.ones(2)})
    >>> cache.get("ones"), cache.get("twos")
    ({'made': tensor([1., 1.])}, None)
    """

    def __init__(self, folder: Path | None, max_bytes: int = MAX_BYTES) -> None:
        self.folder, self.max_bytes = folder, max_bytes

    def get(self, key: str) -> dict[str, Tensor] | None:
        """The tensors under a key; None if there are none."""
        if self.folder is None:
            return None
        file = _file(self.folder, key)
        try:
            if file.stat().st_size > self.max_bytes:
                return None
            found = load(file.read_bytes())
            os.utime(file)
        except (OSError, SafetensorError):
            return None
        return found

    def put(self, key: str, tensors: Mapping[str, Tensor]) -> None:
        """Keeps tensors under a key, whole or not at all, and deletes old files until all fit."""
        if self.folder is None:
            return
        data = save({name: each.cpu().contiguous() for name, each in tensors.items()})
        if len(data) > self.max_bytes:
            return
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            _write(_file(self.folder, key), data)
            _keep_newest(self.folder, self.max_bytes)


def folder() -> Path | None:
    """`POINTWISE_CACHE`, else the system's folder for caches; None if the variable is empty."""
    named = os.environ.get(VARIABLE)
    if named is not None:
        return Path(named) if named else None
    try:
        return _of_system(Path.home()) / "pointwise"
    except RuntimeError:  # an account without a home
        return None


def _of_system(home: Path) -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    if sys.platform == "darwin":
        return home / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")


def _file(folder: Path, key: str) -> Path:
    return folder / (hashlib.blake2b(key.encode(), digest_size=16).hexdigest() + SUFFIX)


def _write(file: Path, data: bytes) -> None:
    """In one move, so that no reader meets half a file."""
    with NamedTemporaryFile(dir=file.parent, suffix=UNFINISHED, delete=False) as unfinished:
        name = Path(unfinished.name)
        try:
            unfinished.write(data)
            unfinished.close()
            name.replace(file)
        except OSError:
            name.unlink(missing_ok=True)
            raise


def _keep_newest(folder: Path, max_bytes: int) -> None:
    total = 0
    for _, size, file in sorted(_files(folder), reverse=True):
        total += size
        if total > max_bytes:
            with suppress(OSError):
                file.unlink()


def _files(folder: Path) -> Iterable[tuple[float, int, Path]]:
    """When each was used last, its bytes, and the file; those that were never finished too."""
    for file in folder.iterdir():
        if file.suffix in (SUFFIX, UNFINISHED):
            with suppress(OSError):
                known = file.stat()
                yield known.st_mtime, known.st_size, file
