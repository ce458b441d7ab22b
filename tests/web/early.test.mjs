/** What the patient's page asks for before most of it has come. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

let asked = [];
let kept = null;
let loads = 0;

/** The module as a page loads it anew. */
const load = (hash) => {
  const globals = {
    location: { hash, search: "?lang=es" },
    navigator: { languages: ["en"] },
    sessionStorage: { getItem: () => kept },
    fetch: async (path, { body }) => {
      asked.push(`${path} ${JSON.parse(body).code}`);
      return { ok: false, json: async () => ({ error: { code: `answer ${asked.length}` } }) };
    },
  };
  for (const [name, value] of Object.entries(globals)) Object.defineProperty(globalThis, name, { value, configurable: true });
  return import(`../../web_client/js/patient/early.js?${++loads}`);
};
const VIEW = "/api/v1/invitations/view";

beforeEach(() => {
  asked = [];
  kept = null;
});

test("the link is asked about at once, and the page takes that answer", async () => {
  const { view } = await load("#code");
  assert.deepEqual(asked, [`${VIEW} code`]);
  assert.deepEqual((await view("code")).error, { code: "answer 1" });
  assert.equal(asked.length, 1);
});

test("whoever asks again gets a new answer", async () => {
  const { view } = await load("#code");
  await view("code");
  assert.deepEqual((await view("code")).error, { code: "answer 2" });
});

test("the answer about one link is not taken for another's", async () => {
  const { view } = await load("#code");
  await view("other");
  assert.deepEqual(asked, [`${VIEW} code`, `${VIEW} other`]);
});

test("without a code, and in a tab that has a session, nothing is asked", async () => {
  await load("");
  kept = "{}";
  await load("#code");
  assert.deepEqual(asked, []);
});

test("the words come in the page's language", async () => {
  const { fetchWords } = await load("");
  // Here are no modules of words: the server makes them.
  await assert.rejects(fetchWords("es", "?1"), /web_client\/i18n\/patient-es\.js/);
});
