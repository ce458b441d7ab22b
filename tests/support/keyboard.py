"""A person at a page without a mouse: where the focus goes, whether it is seen, and whether it can get on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from playwright.async_api import Page

__all__ = ["Keyboard"]

# What has the focus: its name, as a screen reader has it, the ring around it, and whether anything lies on it.
_FOCUS: Final = """
() => {
  const one = document.activeElement;
  const style = getComputedStyle(one), box = one.getBoundingClientRect();
  const [x, y] = [box.left + box.width / 2, box.top + Math.min(box.height / 2, 12)];
  const top = document.elementFromPoint(x, y);
  return {
    tag: one.tagName,
    name: (one.getAttribute('aria-label') ?? one.labels?.[0]?.textContent ?? one.textContent).replace(/\\s+/g, ' ').trim(),
    // A heading has the focus to be read, not to be used.
    ringed: one.matches('body, h1, h2') || style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    under: one === document.body || top === one || one.contains(top) || top?.contains(one) || top?.tagName === 'LABEL'
      ? null : top === null ? 'the edge of the window' : `${top.tagName} ${top.className}`,
  };
}
"""


@dataclass
class Keyboard:
    """Walks a page by keys alone and collects what is wrong with the focus on the way."""

    page: Page
    found: list[str]

    async def at(self) -> dict[str, Any]:
        """What has the focus now."""
        return dict(await self.page.evaluate(_FOCUS))

    async def to(self, name: str, *, key: str = "Tab", most: int = 60) -> None:
        """Go there by this key. The name may be the beginning of a longer one."""
        passed: list[str] = []
        for _ in range(most):
            await self.page.keyboard.press(key)
            focus = await self.at()
            for _ in range(10):
                if focus["under"] is None:
                    break
                # The page may be scrolling there, or what has just come has moved it.
                await self.page.wait_for_timeout(300)
                focus = await self.at()
            label = f"{focus['tag']} {focus['name'][:40]!r}"
            passed.append(label)
            if not focus["ringed"]:
                self.found.append(f"no ring around {label}")
            if focus["under"] is not None:
                self.found.append(f"{label} is under {focus['under']}")
            # A number on a button is not of its name.
            if re.match(rf"{re.escape(name)}(\d+|\s.*)?$", focus["name"]):
                return
        raise AssertionError(f"{name!r} is not reached by {key}; passed {passed}")

    async def press(self, name: str, key: str = "Enter") -> None:
        """Go to this control and use it."""
        await self.to(name)
        await self.page.keyboard.press(key)

    async def write(self, name: str, text: str) -> None:
        """Go to this field and type."""
        await self.to(name)
        await self.page.keyboard.type(text)

    async def heading(self, text: str) -> None:
        """The heading of what has just come has the focus: a screen reader reads on from there."""
        await self.page.wait_for_function(
            "text => document.activeElement.matches('h1, h2') && document.activeElement.textContent.trim() === text",
            arg=text,
        )
