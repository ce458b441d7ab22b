import pytest

from media.reception import Reception


def reception(*numbers: int) -> Reception:
    stream = Reception(48_000)
    for number in numbers:
        stream.count(number, 100)
    return stream


def test_loss_is_what_was_expected_and_did_not_come() -> None:
    stream = reception(65_534, 65_535, 1, 4)
    report = stream.report(9, 1.0)
    assert (report.ssrc, report.lost, report.fraction_lost, report.highest) == (9, 3, 3 * 256 // 7, 65_536 + 4)
    stream.count(3, 100)
    stream.count(5, 100)
    report = stream.report(9, 2.0)
    # The late one makes up for one lost before.
    assert (report.lost, report.fraction_lost) == (2, 0)


def test_a_stream_that_jumps_goes_on_being_counted() -> None:
    stream = reception(1, 2, 4)
    stream.count(40_000, 100)
    stream.count(40_002, 100)
    report = stream.report(9, 1.0)
    assert (report.lost, report.highest & 0xFFFF) == (2, 40_002)


def test_nothing_received_is_nothing_lost() -> None:
    report = Reception(90_000).report(9, 1.0)
    assert (report.lost, report.fraction_lost, report.last_sr, report.since_last_sr) == (0, 0, 0, 0)


def test_what_came_only_when_it_was_asked_for_again_was_lost() -> None:
    stream = Reception(48_000)
    stream.stats(0.0)
    for number in (*range(50), 51, 50):
        stream.count(number, 100)
    stream.mended += 1
    assert stream.stats(2.0).loss == pytest.approx(1 / 52)
    assert (stream.stats(2.0).packets, stream.stats(2.0).lost) == (51, 1)


def test_jitter_follows_the_rfc() -> None:
    stream = Reception(48_000)
    for index in range(400):
        # Every other packet is 10 ms late: the mean of |D| is 10 ms.
        stream.time(0xFFFFF000 + 960 * index & 0xFFFFFFFF, index * 0.02 + 0.01 * (index % 2))
    assert stream.stats(1.0).jitter_s == pytest.approx(0.01, rel=0.05)
    assert stream.report(9, 1.0).jitter == pytest.approx(480, rel=0.05)


def test_a_report_says_how_old_the_senders_last_one_is() -> None:
    stream = reception(1)
    stream.sender_report(0xCAFEBABE, 10.0)
    report = stream.report(9, 10.5)
    assert (report.last_sr, report.since_last_sr) == (0xCAFEBABE, 32_768)


def test_rates_are_those_of_the_last_window() -> None:
    stream = reception()
    stream.stats(0.0)
    for index in range(200):
        if index % 4:
            stream.count(index, 1_000)
    stats = stream.stats(2.0)
    assert (stats.packets, stats.bytes, stats.lost) == (150, 150_000, 49)
    assert stats.bit_rate == pytest.approx(600_000)
    assert stats.loss == pytest.approx(0.25, abs=0.01)
    assert stream.stats(2.1).bit_rate == stats.bit_rate
    assert stream.stats(4.0).bit_rate == 0
