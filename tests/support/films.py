"""A film with real work for the encoders: a patch like a face that moves over textures, a camera's noise, a sound like speech."""

from __future__ import annotations

import wave
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from tests.support.marks import HEIGHT, SAMPLE_RATE, WIDTH

FRAMES_PER_S: Final = 20
SECONDS: Final = 3
_MARGIN: Final = 64
_NOISE: Final = 1.0

Plane = npt.NDArray[np.float64]


def write_film(path: Path, *, seed: int) -> None:
    """Write three seconds of 640x480 at 20 pictures a second as Y4M; it loops without a cut."""
    chance = np.random.default_rng(seed)
    ground = _texture(chance, HEIGHT + 2 * _MARGIN, WIDTH + 2 * _MARGIN)
    patch = _texture(chance, 240, 180)
    rows, columns = np.mgrid[0:240, 0:180]
    mask = ((rows - 120) / 115) ** 2 + ((columns - 90) / 85) ** 2 < 1
    colours = [_texture(chance, HEIGHT // 2, WIDTH // 2) for _ in range(2)]
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{FRAMES_PER_S}:1 Ip A1:1 C420jpeg\n".encode())
        for number in range(FRAMES_PER_S * SECONDS):
            turn = 2 * np.pi * number / (FRAMES_PER_S * SECONDS)
            down, right = (round(_MARGIN * (1 + wave)) for wave in (np.sin(turn) / 2, np.cos(turn) / 2))
            luma = ground[down : down + HEIGHT, right : right + WIDTH].copy()
            top, left = round(120 + 40 * np.sin(2 * turn)), round(230 + 150 * np.sin(turn))
            luma[top : top + 240, left : left + 180][mask] = patch[mask]
            luma += chance.normal(0, _NOISE, luma.shape)
            shift = round(20 * np.sin(turn))
            planes = [luma, *(np.roll(colour, shift, axis=1) for colour in colours)]
            file.write(b"FRAME\n" + b"".join(np.clip(plane, 0, 255).astype(np.uint8).tobytes() for plane in planes))


def write_voice(path: Path) -> None:
    """Write three seconds of 16-bit mono WAV: a gliding voiced sound in four syllables a second, never quite silent."""
    moments = np.arange(SECONDS * SAMPLE_RATE) / SAMPLE_RATE
    turn = 2 * np.pi * moments / SECONDS
    pitch = 2 * np.pi * 130 * moments + 15 * np.sin(2 * turn)
    parts = np.zeros_like(moments)
    for part in range(1, 30):
        weight = sum(np.exp(-(((130 * part - formant) / 180) ** 2)) for formant in (550, 1500, 2600))
        parts += weight * np.sin(part * pitch)
    syllables = 0.15 + 0.85 * np.sin(2 * np.pi * 2 * moments) ** 2
    sound = parts * syllables
    samples = (sound / np.abs(sound).max() * 14_000).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(samples.tobytes())


def _texture(chance: np.random.Generator, rows: int, columns: int) -> Plane:
    """Patches of all sizes from 64 down to 4 pixels, the large ones strongest, around middle grey."""
    picture = np.full((rows, columns), 128.0)
    for size in (64, 32, 16, 8, 4):
        coarse = chance.normal(0, 4 + size / 3, (rows // size + 2, columns // size + 2))
        picture += np.kron(coarse, np.ones((size, size)))[:rows, :columns]
    return picture
