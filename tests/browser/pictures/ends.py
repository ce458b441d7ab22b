"""The pages of links that open nothing, and of one that is open twice."""

from __future__ import annotations

from datetime import timedelta

from playwright.async_api import Browser

from signaling.accounts import OPERATOR
from tests.browser.pictures.camera import Pictures
from tests.support.browsers import screen
from waiting_room.commands import Cancel


async def dead_ends(pictures: Pictures, patients: Browser) -> None:
    """The pages of links that open nothing (any more, or yet)."""
    clinic = pictures.clinic
    past = await clinic.book(start=-timedelta(days=1), now=clinic.node.clock() - timedelta(days=2))
    early = await clinic.book(start=timedelta(days=5))
    for code, name in ((early, "early"), (past, "expired"), ("A" * 22, "error")):
        async with pictures.page(patients, pictures.link(code)) as page:
            await screen(page, name)
            await pictures.take(page, f"patient-{name}")
    moved = await clinic.book(start=timedelta(days=2))
    await clinic.appointments.reschedule(
        (await clinic.redeem(moved))["visit"], starts_at=clinic.node.clock() + timedelta(days=3), minutes=30
    )
    cancelled = await clinic.book(start=timedelta(days=2))
    await clinic.server.visits.handle((await clinic.redeem(cancelled))["visit"], Cancel(actor=OPERATOR))
    for code, name in ((moved, "moved"), (cancelled, "cancelled")):
        async with pictures.page(patients, pictures.link(code)) as page:
            await screen(page, "expired")
            await pictures.take(page, f"patient-{name}")


async def replaced(pictures: Pictures, patients: Browser) -> None:
    """Two phones on one link."""
    link = pictures.link(await pictures.clinic.book(patient="Late Patient", start=timedelta(minutes=25)))
    async with pictures.page(patients, link) as first:
        await pictures.tap(first, "start.button")
        await screen(first, "devices")
        async with pictures.page(patients, link) as second:
            await screen(second, "start")
            await pictures.take(second, "patient-in-use")
            await pictures.tap(second, "start.button")
            await screen(first, "replaced")
            await pictures.take(first, "patient-replaced")
