import errno
import sys
from typing import Any

import pytest

from media import batched_port, mmsg
from media.batched_port import works
from tests.unit.media.test_mmsg import Libc


@pytest.mark.parametrize("joins", [False, True])
def test_the_calls_work_here_in_both_families(joins: bool) -> None:  # noqa: FBT001
    assert works("0.0.0.0", joins=joins)
    assert works("::", joins=joins)


class Missing:
    """A C library without the two calls."""


class Altering(Libc):
    """Sends a byte more than it was told to."""

    def sendmmsg(self, fileno: int, messages: Any, count: int, flags: int) -> int:
        messages[0].msg_hdr.msg_iov[0].iov_len += 1
        return super().sendmmsg(fileno, messages, count, flags)


class Refusing(Libc):
    """Has the calls in name only, as some sandboxes do."""

    def sendmmsg(self, fileno: int, messages: Any, count: int, flags: int) -> int:  # noqa: ARG002
        mmsg._ffi.errno = errno.ENOSYS
        return -1


@pytest.mark.parametrize("joins", [False, True])
@pytest.mark.parametrize("libc", [Missing(), Altering(), Refusing()])
def test_calls_that_are_missing_or_do_something_else_are_found_out(
    libc: Any,
    joins: bool,  # noqa: FBT001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(batched_port, "TEST_TIMEOUT_S", 0.01)
    assert not works("127.0.0.1", joins=joins, libc=libc)


def test_another_system_is_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "freebsd14")
    assert not works("127.0.0.1", joins=False)


class Gluing(Libc):
    """An old kernel, which knows nothing of segments and sends a run as one long datagram."""

    def sendmmsg(self, fileno: int, messages: Any, count: int, flags: int) -> int:
        for index in range(count):
            messages[index].msg_hdr.msg_controllen = 0
        return super().sendmmsg(fileno, messages, count, flags)


def test_a_kernel_without_segments_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batched_port, "TEST_TIMEOUT_S", 0.01)
    assert not works("127.0.0.1", joins=True, libc=Gluing())
    assert works("127.0.0.1", joins=False, libc=Gluing())
