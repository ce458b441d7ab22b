"""Drawn people for the pictures in ``docs/``: a head, shoulders and a room, so that a reader sees a visit and not a test card."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tests.support.marks import HEIGHT, RATE, WIDTH, Colour, Picture

__all__ = ["CLINICIAN", "INTERPRETER", "SITTER", "Portrait"]

_Y, _X = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float64)


@dataclass(frozen=True)
class Portrait:
    """Colours of a drawn person; the head nods a little."""

    wall: Colour
    skin: Colour
    hair: Colour
    clothes: Colour
    collar: Colour
    hertz: int

    def picture(self, number: int) -> Picture:
        """Draw frame ``number`` of the second."""
        nod = 4 * np.sin(2 * np.pi * number / RATE)
        picture = np.empty((HEIGHT, WIDTH, 3))
        picture[:] = self.wall
        picture *= (1.06 - 0.22 * _Y / HEIGHT)[..., None]
        self._fill(picture, (320, 520), 215, 190, self.clothes)
        self._fill(picture, (320, 372), 62, 66, self.collar)
        self._fill(picture, (320, 330), 44, 60, self.skin)
        self._fill(picture, (320, 196 + nod), 112, 132, self.hair)
        self._fill(picture, (320, 226 + nod), 92, 112, self.skin)
        for eye in (286, 354):
            self._fill(picture, (eye, 214 + nod), 8, 9, (40, 36, 36))
        mouth = (np.hypot((_X - 320) / 34, (_Y - (268 + nod)) / 18) < 1) & (270 + nod < _Y)
        picture[mouth] = (150, 70, 70)
        return np.clip(picture, 0, 255)

    @staticmethod
    def _fill(picture: Picture, centre: tuple[float, float], width: float, height: float, colour: Colour) -> None:
        """Fill an ellipse, with a soft edge."""
        x, y = centre
        inside = np.clip((1 - np.hypot((_X - x) / width, (_Y - y) / height)) * min(width, height) / 2, 0, 1)[..., None]
        picture[:] = picture * (1 - inside) + np.array(colour) * inside


SITTER = Portrait((196, 186, 170), (224, 172, 140), (120, 116, 112), (86, 110, 140), (70, 92, 120), 523)
CLINICIAN = Portrait((176, 200, 206), (141, 96, 68), (44, 34, 32), (236, 240, 242), (72, 150, 160), 1307)
INTERPRETER = Portrait((206, 196, 214), (198, 148, 112), (92, 56, 36), (150, 92, 84), (232, 224, 212), 784)
