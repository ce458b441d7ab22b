"""Draws a page's own views in each state that `tests/web/screens` makes, in a real browser, and judges what stands there."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any, Final

from playwright.async_api import JSHandle, Page, Route

import web_client
from tests.support.accessibility import AXE, RULES, TOO_WIDE
from tests.support.browsers import Device, new_page

__all__ = ["Gallery", "states_of"]

_SCREENS: Final = Path(__file__).parents[1] / "web" / "screens"
_SOURCES: Final = re.compile(r"/assets/\w+/((?:js|vendor|screens)/.*\.js)$")
_JUDGES: Final = {
    "axe": f"gallery.axeFor({json.dumps(RULES)})",
    "contrast": "gallery.axeFor({type: 'rule', values: ['color-contrast']})",
    "wide": f"({TOO_WIDE})",
}


def states_of(page: str) -> dict[str, Any]:
    """Return what `tests/web/screens` makes for this page: ``patient``, ``care`` or ``test``."""
    printer = ["node", str(_SCREENS / "print.mjs"), page]
    printed = subprocess.run(printer, capture_output=True, check=True, text=True, timeout=30)
    return dict(json.loads(printed.stdout))


class Gallery:
    """One page of the real server, in which its views are drawn state after state and nothing else runs."""

    def __init__(self, page: Page, names: list[str], tools: JSHandle) -> None:
        self.page = page
        self.names = names
        self._tools = tools

    @classmethod
    async def open(cls, browser: Device, address: str, name: str, viewport: dict[str, int]) -> Gallery:
        """Open this page of the server at this size, without what makes it run."""
        page = await new_page(browser, viewport, bypass_csp=True)
        for script in (f"**/built/{name}.js", f"**/built/{name}-early.js"):
            await page.route(script, _nothing)
        await page.route(_SOURCES, _source)
        await page.goto(address)
        style = str(await page.locator("link[rel=stylesheet]").first.get_attribute("href"))
        assets = re.sub(r"^(/assets/\w+)/.*", r"\1", style)
        await page.evaluate(AXE.read_text())
        tools = await page.evaluate_handle(
            """async ([name, assets, states]) => {
              const gallery = await import(`${assets}/screens/gallery.js`);
              return {gallery, show: await gallery.open(name, assets, states)};
            }""",
            [name, assets, states := states_of(name)],
        )
        return cls(page, list(states), tools)

    async def judge(self, how: str, *, languages: tuple[str, ...] = ("en", "es"), least_px: int = 44) -> list[str]:
        """Say what is wrong in any state.

        ``axe`` by its rules, ``contrast`` by that one alone, ``read`` by words, headings and how high a control is, ``wide`` by
        what sticks out of the window.
        """
        judge = _JUDGES.get(how) or f"gallery.read({least_px})"
        return list(
            await self._tools.evaluate(
                f"({{gallery, show}}, [names, languages]) => gallery.judgeAll(show, names, languages, {judge})",
                [self.names, languages],
            )
        )


async def _nothing(route: Route) -> None:
    await route.fulfill(body="", content_type="text/javascript")


async def _source(route: Route) -> None:
    found = _SOURCES.search(route.request.url)
    assert found is not None
    folder = _SCREENS.parent if found[1].startswith("screens/") else Path(web_client.root())
    await route.fulfill(path=folder / found[1], content_type="text/javascript")
