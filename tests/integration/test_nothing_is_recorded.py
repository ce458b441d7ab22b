"""Nothing of the media reaches a disk: not while people talk, not when the process crashes, and no code could write it."""

from __future__ import annotations

import ast
import asyncio
import contextlib
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from io import BytesIO
from pathlib import Path
from typing import Final

import aiohttp
import pytest

import media
import signaling
import waiting_room
from loadtests.session_description import LocalSide, write_answer
from tests.support.demo_process import DemoProcess
from tests.support.page_wire import Page
from tests.support.photos import jpeg
from tests.support.webrtc import RawPeer, until
from tests.unit.media.doubles import rtp

CANARIES: Final = {100: b"patient-sound-" + os.urandom(48), 101: b"patient-picture-" + os.urandom(900)}
# So large that a framework may put it into a file on its way.
PHOTO_CANARY: Final = b"patient-photo-" + os.urandom(48)
PHOTO: Final = jpeg(scan=PHOTO_CANARY + bytes(4 * 1024 * 1024) + PHOTO_CANARY)
LARGEST: Final = 64 * 1024 * 1024
SHARED_FOLDERS: Final = ("/tmp", "/var/tmp", "/dev/shm", ".")  # noqa: S108
RECORDERS: Final = {"MediaRecorder", "MediaBlackhole", "MediaRelay", "add_stream", "mux"}


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[DemoProcess]:
    """A server whose every way to a file leads into the test's own folder."""
    home, scratch = tmp_path / "home", tmp_path / "scratch"
    home.mkdir()
    scratch.mkdir()
    process = DemoProcess(
        tmp_path / "demo",
        environment=os.environ | {"HOME": str(home), "TMPDIR": str(scratch), "PYTHONPATH": str(Path.cwd())},
    )
    await process.start()
    yield process
    await process.kill()


class Talk:
    """A visit over the real wire, with packets whose content can be told anywhere."""

    def __init__(self, demo: DemoProcess) -> None:
        self._demo = demo
        self.pages: list[Page] = []
        self.peers: list[RawPeer] = []
        self._tokens: list[str] = []
        self._answered: dict[RawPeer, tuple[str, int]] = {}

    async def begin(self) -> None:
        async with aiohttp.ClientSession() as http:

            async def post(path: str, body: object) -> str:
                async with http.post(self._demo.base_url + path, json=body) as answer:
                    return str((await answer.json())["token"])

            username, password = self._demo.staff()
            code = self._demo.link().partition("#")[2]
            token = await post("/api/v1/invitations/redeem", {"code": code})
            staff_token = await post("/api/v1/staff/sign-in", {"username": username, "password": password})
        self._tokens = [token, staff_token]
        patient = await Page.open(self._demo.base_url, "/visit", token)
        staff = await Page.open(self._demo.base_url, "/care", staff_token)
        self.pages = [patient, staff]
        await patient.ok("waiting.join", {})
        named = {"visit": patient.shown["visit"]["id"], "participant": patient.shown["me"]["id"]}
        await staff.ok("visit.admit", named | {"confirmed": []})
        await until(lambda: bool((staff.shown.get("visit") or {}).get("media")), "the provider has media")
        await until(lambda: (patient.shown.get("media") or {}).get("publish", False), "the patient has media")
        self.peers = [RawPeer(self._demo.media_port), RawPeer(self._demo.media_port)]
        for peer, first in zip(self.peers, (100, 200), strict=True):
            offer = self._media(peer)["sdp"]
            await self._answer(peer, first)
            assert await peer.connect(offer)
        for peer, first in zip(self.peers, (100, 200), strict=True):
            await until(lambda peer=peer: len(self._media(peer)["remote"]) == 2, "each is offered the other")  # type: ignore[misc]
            await self._answer(peer, first)

    async def exchange(self, numbers: range) -> None:
        patient, provider = self.peers
        for number in numbers:
            for ssrc, payload in CANARIES.items():
                patient.send_rtp(rtp(ssrc, number, payload))
            await asyncio.sleep(0.01)
        heard = [rtp(ssrc, numbers[-1], payload) for ssrc, payload in CANARIES.items()]
        await until(lambda: all(packet in provider.received for packet in heard), "the provider got it")

    async def show_a_photo(self) -> None:
        """Send one from the patient's page, and look at it on the provider's."""
        patient, provider = ({"Authorization": f"Bearer {token}"} for token in self._tokens)
        url = f"{self._demo.base_url}/api/v1/visits/photos"
        async with aiohttp.ClientSession() as http:
            picture = {"Content-Type": "image/jpeg"}
            async with http.post(url, data=BytesIO(PHOTO), headers=patient | picture) as answer:
                photo = (await answer.json())["photo"]
            async with http.get(f"{url}/{photo}", headers=provider) as answer:
                assert await answer.read() == PHOTO

    async def end(self) -> None:
        for peer in self.peers:
            await peer.close()
        for page in self.pages:
            await page.client.disconnect()

    def _media(self, peer: RawPeer) -> dict:  # type: ignore[type-arg]
        patient, staff = self.pages
        return dict(patient.shown["media"] if peer is self.peers[0] else staff.shown["visit"]["media"])

    async def _answer(self, peer: RawPeer, first: int) -> None:
        """Answer the newest offer; one that was overtaken on the way is answered anew."""
        page, stale = self.pages[self.peers.index(peer)], True
        while stale:
            wanted = self._media(peer)
            offer = (wanted["transport"], wanted["revision"])
            if wanted["sdp"] is None or self._answered.get(peer) == offer:
                return
            local = LocalSide(
                fingerprint=peer.fingerprint,
                ufrag="load",
                password="password-of-22-characters",
                audio_ssrc=first,
                video_ssrcs=(first + 1, first + 2),
                address=("127.0.0.1", 9),
            )
            sdp = write_answer(wanted["sdp"], local)
            answer = {"transport": wanted["transport"], "revision": wanted["revision"], "sdp": sdp}
            if page.namespace == "/care":
                answer["visit"] = page.shown["visit"]["id"]
            stale = (await page.ok("media.answer", answer)).get("stale", False)
            if stale:
                await self._overtaken(peer, offer)
            else:
                self._answered[peer] = offer

    async def _overtaken(self, peer: RawPeer, offer: tuple[str, int]) -> None:
        """Wait for the offer that made this one stale."""

        def newer() -> bool:
            shown = self._media(peer)
            return (shown["transport"], shown["revision"]) != offer

        await until(newer, "the newer offer")


def written_by(pid: int) -> Iterator[str]:
    """The regular files that a process holds open for writing right now."""
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        try:
            path = str(entry.readlink())
            mode = int(Path(f"/proc/{pid}/fdinfo/{entry.name}").read_text().split("flags:")[1].split()[0], 8)
            regular = stat.S_ISREG(entry.stat().st_mode)
        except FileNotFoundError:  # closed meanwhile
            continue
        if regular and mode & os.O_ACCMODE != os.O_RDONLY:
            yield path


async def watch(pid: int, seen: set[str]) -> None:
    while os.geteuid() == 0:  # nobody else may look into a process that is not dumpable
        seen.update(written_by(pid))
        await asyncio.sleep(0.005)


async def test_a_visit_writes_to_its_database_alone_and_no_file_holds_anything_of_the_media(
    demo: DemoProcess, tmp_path: Path
) -> None:
    talk, seen, begun_at = Talk(demo), set[str](), time.time()
    assert demo.pid is not None
    watching = asyncio.create_task(watch(demo.pid, seen))
    await talk.begin()
    await talk.exchange(range(1, 200))
    await talk.show_a_photo()
    watching.cancel()
    await talk.end()
    assert await demo.stop() == 0
    names = {Path(path).name for path in seen}
    assert names <= {"video-visit.sqlite3", "video-visit.sqlite3-wal", "video-visit.sqlite3-shm", "demo.log"}
    if os.geteuid() == 0:
        assert "video-visit.sqlite3" in names, "the watch must see what is written, or this test proves nothing"
    shared = [path for folder in SHARED_FOLDERS for path in Path(folder).glob("*")]
    searched = set()
    for path in (*tmp_path.rglob("*"), *shared):
        with contextlib.suppress(OSError):  # somebody else's, or gone again
            found = path.lstat()
            if stat.S_ISREG(found.st_mode) and found.st_mtime >= begun_at and found.st_size < LARGEST:
                content = path.read_bytes()
                searched.add(path)
                for canary in (*CANARIES.values(), PHOTO_CANARY):
                    assert canary[-32:] not in content, path.name
    assert demo.data / "video-visit.sqlite3" in searched


async def test_a_crash_in_mid_visit_leaves_no_memory_behind(demo: DemoProcess, tmp_path: Path) -> None:
    talk = Talk(demo)
    await talk.begin()
    await talk.exchange(range(1, 20))
    await talk.show_a_photo()
    assert demo.pid is not None
    limits = Path(f"/proc/{demo.pid}/limits").read_text()
    assert next(line for line in limits.splitlines() if "core file" in line).split()[4:6] == ["0", "0"]
    assert await demo.crash() == -signal.SIGSEGV
    await talk.end()
    places = (*tmp_path.rglob("core*"), *Path.cwd().glob("core*"))
    assert [path.name for path in places if path.is_file()] == []


def test_the_process_is_not_dumpable() -> None:
    code = (
        "import ctypes, resource\n"
        "from signaling.crash_dumps import forbid_crash_dumps\n"
        "before = ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)\n"
        "forbid_crash_dumps()\n"
        "print(before, ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), resource.getrlimit(resource.RLIMIT_CORE))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split(" ", 1)[1].strip() == "0 (0, 0)"


def sources() -> Iterator[Path]:
    for package in (media, signaling, waiting_room):
        assert package.__file__ is not None
        yield from Path(package.__file__).parent.rglob("*.py")


def test_no_code_of_the_server_names_a_recorder_or_a_muxer() -> None:
    """The import contracts forbid the libraries; this forbids the parts of aiortc and av that are there for other uses."""
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
            elif isinstance(node, ast.Attribute):
                names = [node.attr] if node.attr in RECORDERS else []
            for name in names:
                assert not name.startswith(("aiortc.contrib", "av.container", "av.open")), (path.name, name)
                assert name.rpartition(".")[2] not in RECORDERS, (path.name, name)
                assert name != "av.open", path.name


def test_the_media_plane_opens_no_file() -> None:
    assert media.__file__ is not None
    for path in Path(media.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id != "open", path.name
            if isinstance(node, ast.ImportFrom | ast.Import):
                modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names]
                assert not {"pathlib", "tempfile", "shelve", "pickle", "sqlite3", "io", "mmap", "wave"} & set(
                    modules
                ), path.name
