"""What devices there are, and which errors say that one is full."""

from __future__ import annotations

import pytest
import torch

from viz import devices


def test_the_cpu_is_always_there_and_last():
    assert devices.available()[-1] == "cpu"
    assert len(set(devices.available())) == len(devices.available())


def test_the_one_asked_for_is_chosen_if_it_is_there_else_the_fastest(device):
    assert devices.chosen(device.type) == device
    for name in ("", "meta", "abacus", "cpu:0"):
        assert devices.chosen(name).type == devices.available()[0]


def test_every_device_has_a_title_and_can_be_waited_for(device):
    assert devices.title(device)
    devices.synchronize(device)


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB"),
        MemoryError(),
        RuntimeError("CUDA out of memory. Tried to allocate 20.00 MiB (GPU 0; 7.80 GiB total)"),
        RuntimeError("CUDA error: out of memory"),
        RuntimeError("MPS backend out of memory (MPS allocated: 9.05 GB)"),
        RuntimeError("XPU out of memory. Tried to allocate 1.00 GiB"),
        RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
        RuntimeError("cuFFT error: CUFFT_ALLOC_FAILED"),
        RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate 8 bytes."),
    ],
)
def test_every_way_to_say_that_there_is_no_room_is_known(error):
    assert devices.is_out_of_memory(error)


def test_the_cpus_own_way_is_known():
    with pytest.raises(RuntimeError) as raised:
        torch.empty(2**60, dtype=torch.uint8)
    assert devices.is_out_of_memory(raised.value)


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("mat1 and mat2 shapes cannot be multiplied"),
        RuntimeError("CUDA error: device-side assert triggered"),
        ValueError("out of memory"),
        KeyboardInterrupt(),
    ],
)
def test_other_errors_are_not_about_memory(error):
    assert not devices.is_out_of_memory(error)


def test_convolutions_keep_all_their_digits():
    """TF32 is the default for NVIDIA's convolutions; matrix products have it off by default."""
    assert not torch.backends.cudnn.allow_tf32
    assert not torch.backends.cuda.matmul.allow_tf32
