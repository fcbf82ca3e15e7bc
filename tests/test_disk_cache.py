"""The folder of results: what is kept, what is deleted, and that nothing in it can do harm."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import torch

from viz import disk_cache
from viz.disk_cache import VARIABLE, DiskCache, folder

EACH = 1000  # numbers of a tensor
FILE = 4 * EACH + 100  # bytes of its file, with a little to spare


def tensors(value: float) -> dict[str, torch.Tensor]:
    return {"made": torch.full((EACH,), float(value))}


def used_at(cache: DiskCache, key: str, second: float) -> None:
    """Says when a file was used last; files of one test are written within a tick of the clock."""
    assert cache.folder is not None
    os.utime(disk_cache._file(cache.folder, key), (second, second))


def test_what_is_kept_is_found_by_another_process_and_by_no_other_key(tmp_path: Path) -> None:
    DiskCache(tmp_path / "new").put("a", {"x": torch.rand(2, 3), "y": torch.arange(3)})
    found = DiskCache(tmp_path / "new").get("a")
    assert found is not None
    assert [(name, tuple(each.shape)) for name, each in sorted(found.items())] == [
        ("x", (2, 3)),
        ("y", (3,)),
    ]
    assert DiskCache(tmp_path / "new").get("b") is None
    assert [file.suffix for file in (tmp_path / "new").iterdir()] == [".safetensors"]


def test_the_files_used_least_recently_are_deleted_until_all_fit(tmp_path: Path) -> None:
    cache = DiskCache(tmp_path, max_bytes=2 * FILE)
    for second, key in enumerate("ab"):
        cache.put(key, tensors(second))
        used_at(cache, key, second)
    assert cache.get("a") is not None  # used again, so now the newest
    cache.put("c", tensors(2))
    assert cache.get("b") is None
    assert cache.get("a") is not None
    assert cache.get("c") is not None
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) <= cache.max_bytes


def test_a_result_larger_than_all_is_not_kept_and_deletes_nothing(tmp_path: Path) -> None:
    cache = DiskCache(tmp_path, max_bytes=FILE)
    cache.put("small", tensors(1))
    cache.put("large", {"made": torch.zeros(2 * EACH)})
    assert cache.get("large") is None
    assert cache.get("small") is not None


@pytest.mark.parametrize("data", [b"", b"\x80\x04.", b"\xff" * 100])
def test_a_broken_file_is_as_good_as_none(tmp_path: Path, data: bytes) -> None:
    cache = DiskCache(tmp_path)
    cache.put("a", tensors(1))
    disk_cache._file(tmp_path, "a").write_bytes(data)
    assert cache.get("a") is None
    cache.put("a", tensors(2))
    found = cache.get("a")
    assert found is not None
    assert torch.equal(found["made"], tensors(2)["made"])


def test_unfinished_files_count_and_others_are_left_alone(tmp_path: Path) -> None:
    cache = DiskCache(tmp_path, max_bytes=FILE)
    (tmp_path / "crash.part").write_bytes(bytes(FILE))
    (tmp_path / "notes.txt").write_bytes(bytes(2 * FILE))
    os.utime(tmp_path / "crash.part", (1, 1))
    cache.put("a", tensors(1))
    assert sorted(file.suffix for file in tmp_path.iterdir()) == [".safetensors", ".txt"]


def test_a_folder_that_cannot_be_made_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for cache in (DiskCache(tmp_path / "file" / "below"), DiskCache(None)):
        cache.put("a", tensors(1))
        assert cache.get("a") is None


def test_the_folder_is_named_by_the_variable_or_is_the_system_s(monkeypatch) -> None:
    monkeypatch.setenv(VARIABLE, "here")
    assert folder() == Path("here")
    monkeypatch.setenv(VARIABLE, "")
    assert folder() is None
    monkeypatch.delenv(VARIABLE)
    monkeypatch.setenv("HOME", "home")
    monkeypatch.setenv("USERPROFILE", "home")
    monkeypatch.setenv("XDG_CACHE_HOME", "caches")
    monkeypatch.setenv("LOCALAPPDATA", "local")
    for system, wanted in {
        "linux": "caches/pointwise",
        "darwin": "home/Library/Caches/pointwise",
        "win32": "local/pointwise",
    }.items():
        monkeypatch.setattr(disk_cache.sys, "platform", system)
        assert folder() == Path(wanted)


def test_without_a_home_nothing_is_kept(monkeypatch) -> None:
    def homeless() -> Path:
        raise RuntimeError

    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(disk_cache.Path, "home", homeless)
    assert folder() is None
