import pytest

from media.verdict import Figure, Verdict, judge

GOOD = {
    Figure.UPLINK_LOSS: 0.0,
    Figure.DOWNLINK_LOSS: 0.0,
    Figure.UPLINK_KBPS: 1500.0,
    Figure.DOWNLINK_KBPS: 1500.0,
    Figure.RTT_MS: 40.0,
}


@pytest.mark.parametrize(
    ("figure", "value", "verdict"),
    [
        (Figure.UPLINK_LOSS, 0.0299, Verdict.GOOD),
        (Figure.UPLINK_LOSS, 0.03, Verdict.FAIR),
        (Figure.DOWNLINK_LOSS, 0.10, Verdict.FAIR),
        (Figure.DOWNLINK_LOSS, 0.101, Verdict.POOR),
        (Figure.RTT_MS, 299.0, Verdict.GOOD),
        (Figure.RTT_MS, 300.0, Verdict.FAIR),
        (Figure.RTT_MS, 600.0, Verdict.FAIR),
        (Figure.RTT_MS, 601.0, Verdict.POOR),
        (Figure.UPLINK_KBPS, 800.0, Verdict.GOOD),
        (Figure.UPLINK_KBPS, 799.0, Verdict.FAIR),
        (Figure.DOWNLINK_KBPS, 150.0, Verdict.FAIR),
        (Figure.DOWNLINK_KBPS, 149.0, Verdict.POOR),
    ],
)
def test_each_figure_has_its_limits(figure: Figure, value: float, verdict: Verdict) -> None:
    assert judge(GOOD | {figure: value}) == (verdict, None if verdict is Verdict.GOOD else figure)


def test_the_worst_figure_decides() -> None:
    assert judge(GOOD | {Figure.UPLINK_LOSS: 0.05, Figure.RTT_MS: 900.0}) == (Verdict.POOR, Figure.RTT_MS)


def test_of_equals_the_gravest_is_named() -> None:
    assert judge(GOOD | {Figure.RTT_MS: 400.0, Figure.DOWNLINK_LOSS: 0.05})[1] is Figure.DOWNLINK_LOSS


def test_what_was_not_measured_does_not_count() -> None:
    assert judge({Figure.UPLINK_LOSS: 0.0, Figure.RTT_MS: None}) == (Verdict.GOOD, None)


def test_where_nothing_was_measured_nothing_is_said() -> None:
    assert judge({}) == judge(dict.fromkeys(Figure)) == (Verdict.UNTESTED, None)
