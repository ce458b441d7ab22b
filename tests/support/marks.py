"""What a person in a browser test looks and sounds like: a grid of colours and a tone, so that nobody can be taken for another."""

from __future__ import annotations

import wave
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

WIDTH, HEIGHT, RATE = 640, 480, 15
SAMPLE_RATE = 48_000

Colour = tuple[int, int, int]
Picture = npt.NDArray[np.float64]


class Filmed(Protocol):
    """Somebody before a camera: a picture for each moment, and a tone."""

    @property
    def hertz(self) -> int:
        """The tone of the microphone."""

    def picture(self, number: int) -> Picture:
        """The picture of frame ``number`` of the second, RGB from 0 to 255, shape (HEIGHT, WIDTH, 3)."""


@dataclass(frozen=True)
class Person:
    """A person's marks: the colours of the four quarters (top left, top right, bottom left, bottom right) and a tone."""

    grid: tuple[Colour, Colour, Colour, Colour]
    hertz: int

    def picture(self, number: int) -> Picture:
        """The grid, with a grey bar that moves, so that pictures differ."""
        picture = np.zeros((HEIGHT, WIDTH, 3), dtype=np.float64)
        for quarter, colour in enumerate(self.grid):
            top, left = divmod(quarter, 2)
            rows = slice(top * HEIGHT // 2, (top + 1) * HEIGHT // 2)
            picture[rows, left * WIDTH // 2 : (left + 1) * WIDTH // 2] = colour
        start = number * (WIDTH - 32) // RATE
        picture[HEIGHT // 2 - 8 : HEIGHT // 2 + 8, start : start + 32] = 128
        return picture


PATIENT = Person(grid=((220, 30, 30), (30, 170, 60), (30, 60, 220), (230, 210, 40)), hertz=523)
PROVIDER = Person(grid=((30, 200, 210), (200, 40, 190), (240, 240, 240), (120, 70, 20)), hertz=1307)
GUEST = Person(grid=((250, 140, 20), (90, 40, 150), (20, 110, 90), (250, 190, 200)), hertz=2093)
# Not a person: what is shown when a screen is shared. It makes no sound.
SCREEN = Person(grid=((20, 20, 30), (150, 220, 120), (120, 30, 90), (130, 130, 250)), hertz=0)


def write_camera(person: Filmed, path: Path) -> None:
    """Write one second of the person's picture as Y4M."""
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{RATE}:1 Ip A1:1 C420jpeg\n".encode())
        for number in range(RATE):
            file.write(b"FRAME\n" + _yuv420(person.picture(number)))


def write_microphone(person: Filmed, path: Path) -> None:
    """Write ten seconds of the person's tone as 16-bit mono WAV; a whole number of waves, so that it loops without a click."""
    moments = np.arange(10 * SAMPLE_RATE) / SAMPLE_RATE
    samples = (np.sin(2 * np.pi * person.hertz * moments) * 9000).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(samples.tobytes())


def _yuv420(picture: Picture) -> bytes:
    """Full-range BT.601, chroma at half size."""
    red, green, blue = picture[..., 0], picture[..., 1], picture[..., 2]
    luma = 0.299 * red + 0.587 * green + 0.114 * blue
    planes = [luma, 128 + (blue - luma) * 0.564, 128 + (red - luma) * 0.713]
    small = [plane.reshape(HEIGHT // 2, 2, WIDTH // 2, 2).mean(axis=(1, 3)) for plane in planes[1:]]
    return b"".join(np.clip(plane, 0, 255).astype(np.uint8).tobytes() for plane in (luma, *small))
