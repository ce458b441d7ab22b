/** The check-in as staff see it: each item with its answer, and the way around one that is open. */
import { html, nothing } from "../../../vendor/lit-html/lit-html.js";
import { icons } from "../../icons.js";
import { opener } from "./buttons.js";
import { itemTitle, languageName, placeName } from "./facts.js";

/** @typedef {import("../types.js").Row} Row */
/** @typedef {import("../types.js").Words} Words */
/** @typedef {import("../../net/messages.js").CheckInItem} CheckInItem */

/** @param {Row} row @param {import("../types.js").State} state @param {Words} words @param {import("../effects.js").Dispatch} dispatch */
export function checkIn(row, state, words, dispatch) {
  const items = row.check_in?.items ?? [];
  if (items.length === 0) return nothing;
  const mayWaive = row.may.includes("waive");
  return html`
    <section class="part-of">
      <h2 id="items-${row.visit}" tabindex="-1">${words.t("item.heading")}</h2>
      <ul class="items">${items.map((item) => one(item, row, mayWaive, words, dispatch))}</ul>
    </section>
  `;
}

/** @param {CheckInItem} item @param {Row} row @param {boolean} mayWaive @param {Words} words @param {import("../effects.js").Dispatch} dispatch */
function one(item, row, mayWaive, words, dispatch) {
  const title = itemTitle(item, words);
  const id = `item-${row.visit}-${item.key}`;
  return html`
    <li>
      <div class="items-state items-${item.state}">
        ${item.state === "open" ? icons.empty() : icons.check()}<span id=${id}>${title}</span> <span>${words.t(`item.${item.state}`)}</span>
        ${item.state === "open" && mayWaive ? opener("plain", words.t("item.waive"), dispatch, { kind: "waive", visit: row.visit, item: item.key, title }, id, `waive-${row.visit}-${item.key}`) : nothing}
      </div>
      ${answer(item, row, words)}
    </li>
  `;
}

/** @param {CheckInItem} item @param {Row} row @param {Words} words */
function answer({ kind, answer }, row, words) {
  const said = {
    location: () => [placeName(row, words), answer.address],
    callback: () => [answer.phone],
    consent: () => [answer.version ? words.t("item.version", { version: answer.version, language: languageName(answer.language ?? "", words) }) : ""],
    reason: () => [answer.text],
    external: () => [],
  }[kind]().filter((text) => text);
  return Object.keys(answer).length === 0 || said.length === 0 ? nothing : html`<p class="items-answer">${said.join(", ")}</p>`;
}
