/** Which browser this is, by what browsers really say of themselves, and that its steps are in both dictionaries. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { kindOf, nameOf, ownBrowser, wordsFor } from "../../web_client/js/browser_kind.js";
import { en, es } from "./dictionaries.mjs";

const IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)";
const PIXEL = "Mozilla/5.0 (Linux; Android 14; Pixel 8";
const GECKO = "AppleWebKit/537.36 (KHTML, like Gecko)";

/** [who, what it says, touch points, the browser's name, the fix for "blocked", the fix for "blocked by the system"] */
const SEEN = [
  ["Safari on an iPhone", `${IPHONE} Version/17.5 Mobile/15E148 Safari/604.1`, 5, "Safari", "blocked.fix.iosSafari", "blocked_system.fix.ios"],
  ["Chrome on an iPhone", `${IPHONE} CriOS/126.0.6478.54 Mobile/15E148 Safari/604.1`, 5, "Chrome", "blocked.fix.ios", "blocked_system.fix.ios"],
  ["Firefox on an iPhone", `${IPHONE} FxiOS/127.0 Mobile/15E148 Safari/605.1.15`, 5, "Firefox", "blocked.fix.ios", "blocked_system.fix.ios"],
  ["Edge on an iPhone", `${IPHONE} Version/17.0 EdgiOS/125.0.2535.72 Mobile/15E148 Safari/604.1`, 5, "Edge", "blocked.fix.ios", "blocked_system.fix.ios"],
  ["Safari on an iPad", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15", 5, "Safari", "blocked.fix.iosSafari", "blocked_system.fix.ios"],
  ["Safari on a Mac", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15", 0, "Safari", "blocked.fix.macSafari", "blocked_system.fix.macos"],
  ["Chrome on a Mac", `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${GECKO} Chrome/126.0.0.0 Safari/537.36`, 0, "Chrome", "blocked.fix.desktop", "blocked_system.fix.macos"],
  ["Chrome on Android", `${PIXEL}) ${GECKO} Chrome/126.0.0.0 Mobile Safari/537.36`, 5, "Chrome", "blocked.fix.android", "blocked_system.fix.android"],
  ["Samsung Internet", `Mozilla/5.0 (Linux; Android 14; SAMSUNG SM-S918B) ${GECKO} SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36`, 5, "Samsung Internet", "blocked.fix.samsung", "blocked_system.fix.android"],
  ["Firefox on Android", "Mozilla/5.0 (Android 14; Mobile; rv:127.0) Gecko/127.0 Firefox/127.0", 5, "Firefox", "blocked.fix.firefoxAndroid", "blocked_system.fix.android"],
  ["Edge on Windows", `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${GECKO} Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0`, 0, "Edge", "blocked.fix.desktop", "blocked_system.fix.windows"],
  ["Firefox on Windows", "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0", 0, "Firefox", "blocked.fix.firefox", "blocked_system.fix.windows"],
  ["Chrome on Linux", `Mozilla/5.0 (X11; Linux x86_64) ${GECKO} Chrome/126.0.0.0 Safari/537.36`, 0, "Chrome", "blocked.fix.desktop", "blocked_system.fix"],
  ["something else", "something else", 0, "Chrome", "blocked.fix", "blocked_system.fix"],
  ["Facebook on an iPhone", `${IPHONE} Mobile/15E148 [FBAN/FBIOS;FBAV/470.0.0.36.106;FBDV/iPhone15,2]`, 5, "Safari", "unsupported.fix.facebook", "unsupported.fix.facebook"],
  ["Facebook on Android", `${PIXEL}; wv) ${GECKO} Version/4.0 Chrome/126.0.6478.71 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/469.0.0.51.79;]`, 5, "Chrome", "unsupported.fix.facebook", "unsupported.fix.facebook"],
  ["Messenger on an iPhone", `${IPHONE} Mobile/15E148 [FBAN/MessengerForiOS;FBAV/459.0.0.28.109;]`, 5, "Safari", "unsupported.fix.messenger", "unsupported.fix.messenger"],
  ["Instagram on an iPhone", `${IPHONE} Mobile/15E148 Instagram 334.0.4.32.98 (iPhone15,2; iOS 17_5)`, 5, "Safari", "unsupported.fix.instagram", "unsupported.fix.instagram"],
  ["Gmail on an iPhone, and any other app's own view", `${IPHONE} Mobile/15E148`, 5, "Safari", "unsupported.fix.other", "unsupported.fix.other"],
  ["Google's app on an iPhone", `${IPHONE} GSA/320.0.642347128 Mobile/15E148 Safari/604.1`, 5, "Safari", "unsupported.fix.other", "unsupported.fix.other"],
  ["an app's own view on Android, Gmail's too", `${PIXEL}; wv) ${GECKO} Version/4.0 Chrome/126.0.6478.71 Mobile Safari/537.36`, 5, "Chrome", "unsupported.fix.other", "unsupported.fix.other"],
];

for (const [who, userAgent, maxTouchPoints, name, blocked, bySystem] of SEEN) {
  test(`${who} is told its own steps`, () => {
    const kind = kindOf({ userAgent, maxTouchPoints });
    assert.deepEqual([nameOf(kind), wordsFor("blocked", kind).fix, wordsFor("blocked_system", kind).fix], [name, blocked, bySystem]);
    for (const problem of ["blocked", "blocked_system", "busy", "no_camera", "no_microphone", "no_devices", "insecure", "unsupported", "failed"]) {
      const { title, fix } = wordsFor(problem, kind);
      for (const words of [en, es]) assert.ok(`problem.${title}` in words && `problem.${fix}` in words, fix);
    }
  });
}

test("no steps are kept that no browser is told", () => {
  const told = new Set(SEEN.flatMap(([, userAgent, maxTouchPoints]) =>
    ["blocked", "blocked_system", "busy", "unsupported"].map((problem) => `problem.${wordsFor(problem, kindOf({ userAgent, maxTouchPoints })).fix}`)));
  // In a browser without a camera that is no app's view nobody's own steps help.
  const kept = Object.keys(en).filter((key) => /^problem\.\w+\.fix\./.test(key));
  assert.deepEqual(kept.filter((key) => !told.has(key)), []);
});

test("an app's way out is the system's own browser", () => {
  assert.deepEqual(["ios", "macos", "android", "windows"].map(ownBrowser), ["Safari", "Safari", "Chrome", "Chrome"]);
  const kind = kindOf({ userAgent: `${IPHONE} Mobile/15E148` });
  assert.equal(wordsFor("busy", kind).fix, "busy.fix.phone", "what another app holds is no matter of this one");
});
