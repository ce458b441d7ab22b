/** The choice of a camera, a microphone or a speaker, on the device check and in the visit. */
import { html, nothing } from "../vendor/lit-html/lit-html.js";

/** @typedef {import("./media/device_list.js").Device} Device */

const WORDS = {
  camera: { label: "devices.camera", unnamed: "devices.unnamedCamera" },
  microphone: { label: "devices.microphone", unnamed: "devices.unnamedMicrophone" },
  speaker: { label: "tools.speaker", unnamed: "tools.unnamedSpeaker" },
};

/**
 * A choice only where there is something to choose. It goes on showing what runs until the other one does.
 * @param {keyof typeof WORDS} kind @param {readonly Device[]} list @param {string} chosen
 * @param {import("./i18n.js").Words} words @param {(id: string) => void} choose
 */
export function choice(kind, list, chosen, { t }, choose) {
  if (list.length < 2) return nothing;
  const changed = (/** @type {{target: HTMLSelectElement}} */ { target }) => {
    const id = target.value;
    target.value = chosen;
    choose(id);
  };
  return html`
    <label>
      <span>${t(WORDS[kind].label)}</span>
      <select @change=${changed}>
        ${list.map(({ deviceId, label }, index) => html`<option value=${deviceId} .selected=${deviceId === chosen}>${label || t(WORDS[kind].unnamed, { n: index + 1 })}</option>`)}
      </select>
    </label>
  `;
}

/**
 * The speakers, after the one that the system itself takes.
 * @param {readonly Device[]} speakers @param {string} chosen empty: the system's own
 * @param {import("./i18n.js").Words} words @param {(id: string) => void} choose
 */
export function speakerChoice(speakers, chosen, words, choose) {
  const named = speakers.filter(({ deviceId }) => deviceId !== "default" && deviceId !== "communications");
  const there = named.some(({ deviceId }) => deviceId === chosen);
  if (named.length === 0) return nothing;
  return choice("speaker", [{ deviceId: "", label: words.t("tools.usualSpeaker") }, ...named], there ? chosen : "", words, choose);
}
