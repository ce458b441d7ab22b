from loadtests.against_c import throughput_name


def test_a_throughput_is_called_saturated_only_if_the_server_was() -> None:
    assert throughput_name(0.36) == "packets_per_second_offered"
    assert throughput_name(0.95) == "packets_per_second_saturated"
