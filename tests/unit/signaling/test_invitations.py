"""S9: codes are random, opaque, and kept only as a hash."""

from __future__ import annotations

from signaling.invitations import hash_code, invitation_url, mint_code, well_formed


def test_s9_a_code_holds_128_random_bits() -> None:
    codes = {mint_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert all(len(code) == 22 and well_formed(code) for code in codes)


def test_s9_what_is_kept_does_not_show_the_code() -> None:
    code = mint_code()
    assert code not in hash_code(code)
    assert len(hash_code(code)) == 64


def test_the_code_travels_in_the_fragment() -> None:
    assert invitation_url("https://visits.example", "c" * 22) == "https://visits.example/v#" + "c" * 22
