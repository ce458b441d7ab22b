import struct

import pytest

from media.echo_feedback import give_back
from media.rtcp import (
    Format,
    Kind,
    ReportBlock,
    SenderInfo,
    read_nack,
    read_reports,
    split,
    write_fir,
    write_nack,
    write_pli,
    write_receiver_report,
    write_sender_report,
)
from media.rtp import RELAY_SSRC

PAGE, OURS, THEIRS, STRANGE = 9, 1001, 5005, 7777
ORIGINALS = {OURS: THEIRS, 1002: 5006}


def about(ssrc: int) -> ReportBlock:
    return ReportBlock(ssrc, fraction_lost=20, lost=300, highest=70_000, jitter=44, last_sr=123, since_last_sr=456)


def test_a_report_on_what_came_back_becomes_one_on_what_was_sent() -> None:
    given = write_receiver_report(PAGE, [about(OURS), about(STRANGE)])
    (block,) = split(give_back(given, ORIGINALS).rtcp)
    assert (block.kind, block.sender) == (Kind.RECEIVER_REPORT, RELAY_SSRC)
    assert read_reports(block) == [about(THEIRS)._replace(last_sr=0, since_last_sr=0)]


def test_a_sender_report_gives_back_its_reports_alone() -> None:
    given = write_sender_report(PAGE, SenderInfo(1, 2, 3, 4), [about(1002)])
    (block,) = split(give_back(given, ORIGINALS).rtcp)
    assert block.kind == Kind.RECEIVER_REPORT
    assert [report.ssrc for report in read_reports(block)] == [5006]


def test_what_is_asked_for_again_is_asked_of_the_sender() -> None:
    (block,) = split(give_back(write_nack(PAGE, OURS, [7, 8, 30]), ORIGINALS).rtcp)
    assert block.is_feedback(Kind.TRANSPORT_FEEDBACK, Format.NACK)
    assert (block.sender, block.media, read_nack(block)) == (RELAY_SSRC, THEIRS, [7, 8, 30])


def test_transport_wide_feedback_keeps_its_numbers_and_its_padding() -> None:
    body = struct.pack("!II", PAGE, OURS) + bytes(range(10)) + b"\x00\x02"
    given = struct.pack("!BBH", 0xA0 | Format.TWCC, Kind.TRANSPORT_FEEDBACK, len(body) // 4) + body
    returned = give_back(given, ORIGINALS).rtcp
    assert returned == given[:4] + struct.pack("!II", RELAY_SSRC, THEIRS) + given[12:]


@pytest.mark.parametrize("wish", [write_pli(PAGE, OURS), write_fir(PAGE, [(OURS, 3)])])
def test_a_wish_for_a_keyframe_is_told_apart(wish: bytes) -> None:
    assert give_back(wish, ORIGINALS) == (b"", True)


@pytest.mark.parametrize(
    "given",
    [
        write_pli(PAGE, STRANGE),
        write_nack(PAGE, STRANGE, [1]),
        write_receiver_report(PAGE, [about(STRANGE)]),
        write_receiver_report(PAGE, []),
        bytes.fromhex("81ca000200000009" + "01000000"),  # a description of sources
        b"",
        b"\x80",
        write_nack(PAGE, OURS, [1])[:-2],
    ],
)
def test_nothing_else_comes_back(given: bytes) -> None:
    assert give_back(given, ORIGINALS) == (b"", False)


def test_all_of_a_compound_is_given_back_in_order() -> None:
    given = write_receiver_report(PAGE, [about(OURS)]) + write_nack(PAGE, OURS, [1]) + write_pli(PAGE, OURS)
    returned = give_back(given, ORIGINALS)
    assert [block.kind for block in split(returned.rtcp)] == [Kind.RECEIVER_REPORT, Kind.TRANSPORT_FEEDBACK]
    assert returned.wants_keyframe
