import ast
from pathlib import Path

import av
import numpy as np

from media import echo_prompt
from media.echo_prompt import SAMPLES, prompt_frames, prompt_packet


def test_it_is_two_notes_upwards_and_shorter_than_the_delay() -> None:
    decoder = av.CodecContext.create("libopus", "r")
    assert isinstance(decoder, av.AudioCodecContext)
    sound = np.concatenate(
        [
            frame.to_ndarray().astype(float).reshape(-1, len(frame.layout.channels))[:, 0]
            for packet in prompt_frames()
            for frame in decoder.decode(av.Packet(packet))
        ]
    )
    assert 0.7 < len(sound) / 48_000 < 1.2
    notes = [sound[start : start + 9_600] for start in (7_200, 26_400)]
    loudest = [float(np.abs(np.fft.rfft(note, 48_000)).argmax()) for note in notes]
    assert [abs(heard - meant) < 6 for heard, meant in zip(loudest, (659.25, 987.77), strict=True)] == [True, True]


def test_packets_count_up_and_come_to_an_end() -> None:
    first, second = prompt_packet(0, 77), prompt_packet(1, 77)
    assert first is not None
    assert second is not None
    assert first[:12].hex() == "80ef" + "0000" + "00000000" + "0000004d"
    assert second[:12].hex() == "806f" + "0001" + SAMPLES.to_bytes(4, "big").hex() + "0000004d"
    assert prompt_packet(len(prompt_frames()), 77) is None


def test_of_the_codec_library_it_takes_the_codec_alone() -> None:
    tree = ast.parse(Path(echo_prompt.__file__).read_text())
    taken = {
        (node.module, name.name) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for name in node.names
    }
    named = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    assert {each for each in taken if (each[0] or "").startswith("av")} == {
        ("av.audio.codeccontext", "AudioCodecContext"),
        ("av.audio.frame", "AudioFrame"),
    }
    assert not {name for name in named if name.split(".")[0] == "av"}
