from media.keyframes import MIN_INTERVAL_S, KeyframeRequests


def ask(requests: KeyframeRequests, now: float) -> list[int]:
    due = requests.due(now)
    for ssrc in due:
        requests.asked(ssrc, now)
    return due


def test_s38_a_thousand_complaints_a_second_cost_two_requests() -> None:
    requests = KeyframeRequests()
    asked = []
    for step in range(10_000):
        requests.complain(7, step / 1_000)
        asked += ask(requests, step / 1_000)
    assert len(asked) == 10 / MIN_INTERVAL_S


def test_the_keyframe_on_its_way_answers_complaints() -> None:
    requests = KeyframeRequests()
    requests.complain(7, 1.0)
    assert ask(requests, 1.0) == [7]
    requests.complain(7, 1.19)
    requests.complain(7, 1.39, rtt=0.2)
    assert requests.is_idle
    requests.complain(7, 1.41, rtt=0.2)
    assert ask(requests, 1.49) == []
    assert ask(requests, 1.50) == [7]


def test_who_begins_to_receive_needs_a_keyframe_that_begins_later() -> None:
    requests = KeyframeRequests()
    requests.want(7)
    assert ask(requests, 1.0) == [7]
    requests.want(7)
    requests.want(8)
    assert ask(requests, 1.1) == [8]
    assert ask(requests, 1.5) == [7]


def test_a_request_that_did_not_go_stays_due() -> None:
    requests = KeyframeRequests()
    requests.want(7)
    assert requests.due(1.0) == requests.due(1.1) == [7]
    requests.forget()
    assert requests.is_idle
