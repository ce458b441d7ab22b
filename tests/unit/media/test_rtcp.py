import contextlib

import pytest
from aiortc.rtp import RtcpPacket, RtcpPsfbPacket, RtcpRrPacket, RtcpRtpfbPacket, RtcpSrPacket, unpack_remb_fci
from hypothesis import given, settings
from hypothesis import strategies as st

from media.errors import BadRtcp
from media.rtcp import (
    MAX_BLOCKS,
    MAX_FIR_ENTRIES,
    MAX_NACK_NUMBERS,
    MAX_NACKS,
    Format,
    Kind,
    ReportBlock,
    SenderInfo,
    join,
    read_keyframe_requests,
    read_nack,
    read_remb,
    read_reports,
    read_sender_info,
    split,
    write_fir,
    write_nack,
    write_pli,
    write_receiver_report,
    write_remb,
    write_sender_report,
)
from media.twcc import read_feedback
from tests.unit.media.work import lines_run

words = st.integers(0, 0xFFFFFFFF)
reports = st.builds(
    ReportBlock, words, st.integers(0, 255), st.integers(-(1 << 23), (1 << 23) - 1), words, words, words, words
)
REPORT = ReportBlock(7, 64, -3, 70_000, 900, 0x12345678, 65_536)
INFO = SenderInfo(0x0123456789ABCDEF, 90_000, 12, 3_456)


@settings(max_examples=30)
@given(words, st.lists(reports, max_size=31))
def test_receiver_reports_are_read_as_they_were_written(sender: int, blocks: list[ReportBlock]) -> None:
    data = write_receiver_report(sender, blocks)
    [block] = split(data)
    assert (block.kind, block.sender, read_reports(block)) == (Kind.RECEIVER_REPORT, sender, blocks)
    [peers] = RtcpPacket.parse(data)
    assert isinstance(peers, RtcpRrPacket)
    assert [(each.packets_lost, each.jitter) for each in peers.reports] == [(each.lost, each.jitter) for each in blocks]


@settings(max_examples=30)
@given(words, st.builds(SenderInfo, st.integers(0, (1 << 64) - 1), words, words, words), st.lists(reports, max_size=31))
def test_sender_reports_are_read_as_they_were_written(sender: int, info: SenderInfo, blocks: list[ReportBlock]) -> None:
    data = write_sender_report(sender, info, blocks)
    [block] = split(data)
    assert (block.sender, read_sender_info(block), read_reports(block)) == (sender, info, blocks)
    [peers] = RtcpPacket.parse(data)
    assert isinstance(peers, RtcpSrPacket)
    assert peers.sender_info.ntp_timestamp == info.ntp


def test_a_sender_report_is_referred_to_by_the_middle_of_its_time() -> None:
    assert INFO.middle == 0x456789AB


@settings(max_examples=50)
@given(words, words, st.integers(0, 0xFFFF), st.sets(st.integers(0, 400), min_size=1, max_size=200))
def test_nacks_are_read_as_they_were_written(sender: int, media: int, first: int, offsets: set[int]) -> None:
    numbers = [first + offset & 0xFFFF for offset in sorted(offsets)]
    data = write_nack(sender, media, numbers)
    [block] = split(data)
    assert block.is_feedback(Kind.TRANSPORT_FEEDBACK, Format.NACK)
    assert (block.sender, block.media, read_nack(block)) == (sender, media, numbers)
    [peers] = RtcpPacket.parse(data)
    assert isinstance(peers, RtcpRtpfbPacket)
    assert [number & 0xFFFF for number in peers.lost] == numbers


def test_a_nack_is_read_no_further_than_its_bound() -> None:
    [block] = split(write_nack(1, 2, range(0, 17 * 340, 17)))
    assert len(read_nack(block)) == MAX_NACK_NUMBERS
    [block] = split(write_nack(1, 2, range(5_000)))
    assert read_nack(block) == list(range(MAX_NACK_NUMBERS))


def test_s38_a_compound_of_many_requests_costs_no_more_than_a_few() -> None:
    dense = write_nack(1, 2, range(17 * 83))
    assert len(split(dense * MAX_NACKS)) == MAX_NACKS
    with pytest.raises(BadRtcp):
        split(dense * (MAX_NACKS + 1))
    [whole] = split(write_nack(1, 2, range(17 * 340)))
    assert lines_run(lambda: read_nack(whole)) < 10 * MAX_NACK_NUMBERS
    [block] = split(write_fir(1, [(ssrc, 0) for ssrc in range(170)]))
    assert read_keyframe_requests(block) == list(range(MAX_FIR_ENTRIES))


def test_keyframes_are_asked_for_in_two_ways() -> None:
    pli, fir, nack = split(write_pli(1, 9) + write_fir(1, [(7, 3), (8, 4)]) + write_nack(1, 9, [1]))
    assert (read_keyframe_requests(pli), read_keyframe_requests(fir)) == ([9], [7, 8])
    assert read_keyframe_requests(nack) == []
    [peers] = RtcpPacket.parse(pli.data)
    assert peers == RtcpPsfbPacket(fmt=1, ssrc=1, media_ssrc=9)


@given(words, st.integers(0, 1 << 81), st.lists(words, max_size=255))
def test_rembs_are_read_as_they_were_written_to_18_bits(sender: int, rate: int, ssrcs: list[int]) -> None:
    data = write_remb(sender, rate, ssrcs)
    [block] = split(data)
    answer = read_remb(block)
    assert answer is not None
    assert answer[1] == ssrcs
    assert answer[0] <= rate
    assert rate >= (1 << 81) or rate - answer[0] <= rate >> 17
    assert unpack_remb_fci(block.data[12:]) == answer


def test_a_compound_is_rebuilt_without_what_ends_here() -> None:
    kept = write_sender_report(5, INFO, [REPORT]), bytes([0x81, 202, 0, 2]) + bytes(8), write_pli(5, 6)
    compound = kept[0] + write_nack(5, 6, [3]) + kept[1] + kept[2]
    blocks = split(compound)
    assert join(blocks) == compound
    assert join(block for block in blocks if not block.is_feedback(Kind.TRANSPORT_FEEDBACK, Format.NACK)) == b"".join(
        kept
    )


def test_padding_belongs_to_the_bytes_and_not_to_the_content() -> None:
    padded = bytes([0xA1, 205, 0, 4]) + bytes(8) + bytes([0, 9, 0, 0]) + bytes([0, 0, 0, 4])
    [block] = split(padded)
    assert read_nack(block) == [9]
    assert join([block]) == padded


@pytest.mark.parametrize(
    "data",
    [
        b"",
        bytes([0x80, 201, 0]),
        bytes([0x40, 201, 0, 0]),
        bytes([0x80, 201, 0, 1]),
        bytes([0xA0, 201, 0, 0]),
        bytes([0xA0, 201, 0, 1, 0, 0, 0, 5]),
        bytes([0xA0, 201, 0, 1, 0, 0, 0, 0]),
        bytes([0x80, 204, 0, 0]) * (MAX_BLOCKS + 1),
    ],
)
def test_what_is_no_compound_is_refused(data: bytes) -> None:
    with pytest.raises(BadRtcp):
        split(data)


@given(st.integers(0, 31), st.sampled_from([200, 201, 205, 206]), st.binary(max_size=200))
def test_s36_no_bytes_make_another_error_than_ours(count: int, kind: int, body: bytes) -> None:
    body = body[: len(body) // 4 * 4]
    [block] = split(bytes([0x80 | count, kind, 0, len(body) // 4]) + body)
    for read in (read_reports, read_sender_info, read_nack, read_keyframe_requests, read_remb, read_feedback):
        with contextlib.suppress(BadRtcp):
            read(block)


@given(st.binary(max_size=1500))
def test_s36_any_bytes_are_split_or_refused(data: bytes) -> None:
    try:
        blocks = split(data)
    except BadRtcp:
        return
    assert join(blocks) == data
