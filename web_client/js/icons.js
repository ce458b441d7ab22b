/** The icons, drawn on a 24 px grid in the colour of their text. Each stands beside a word, so none has a name of its own. */
import { html, svg } from "../vendor/lit-html/lit-html.js";

/** @param {import("../vendor/lit-html/lit-html.js").SVGTemplateResult} body */
export const icon = (body) => html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${body}</svg>`;
/** @param {string} d */
export const line = (d) => icon(svg`<path d=${d} fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" />`);
/** @param {string} d */
const solid = (d) => icon(svg`<path d=${d} fill="currentColor" fill-rule="evenodd" />`);

export const icons = {
  mark: () => solid("M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20Zm0 3a7 7 0 0 1 0 14V5Z"),
  microphone: () => line("M12 3a3 3 0 0 0-3 3v6a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3ZM5 11a7 7 0 0 0 14 0M12 18v3M9 21h6"),
  microphoneOff: () => line("M9 9v3a3 3 0 0 0 5 2.2M15 11V6a3 3 0 0 0-5.8-1M5 11a7 7 0 0 0 11.5 5.4M19 11a7 7 0 0 1-.5 2.5M12 18v3M9 21h6M3 3l18 18"),
  camera: () => line("M4 7h9a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H4a1 1 0 0 1-1-1V8a1 1 0 0 1 1-1ZM15 11l6-3.5v9L15 13"),
  cameraOff: () => line("M8 7h5a2 2 0 0 1 2 2v3M15 15a2 2 0 0 1-2 2H4a1 1 0 0 1-1-1V8a1 1 0 0 1 1-1M15 11l6-3.5v9l-3-1.8M3 3l18 18"),
  photo: () => line("M4 8h3.500L9 5.500h6L16.500 8H20v11H4zM12 10.500a3 3 0 1 0 0 6 3 3 0 0 0 0-6Z"),
  flip: () => line("M4 12a8 8 0 0 1 13.7-5.6L20 8.5M20 4v4.5h-4.5M20 12a8 8 0 0 1-13.7 5.6L4 15.5M4 20v-4.5h4.5"),
  leave: () => line("M14 4h4a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2h-4M10 8l-4 4 4 4M6 12h9"),
  phone: () => line("M6 3h3l2 5-2.5 1.5a11 11 0 0 0 6 6L16 13l5 2v3a3 3 0 0 1-3 3A15 15 0 0 1 3 6a3 3 0 0 1 3-3Z"),
  close: () => line("M6 6l12 12M18 6 6 18"),
  large: () => line("M3 19 8.500 5 14 19M5 14.500h7M15 19l3-7.500 3 7.500M16 16.500h4"),
  check: () => line("M5 12.5l4.5 4.5L19 7.5"),
  alert: () => line("M12 4 2.5 20h19L12 4ZM12 10v4.5M12 17.5v.1"),
  corner: () => line("M4 10V4h6M20 14v6h-6M4 4l6 6M20 20l-6-6"),
  sound: () => line("M4 9v6h4l5 4V5L8 9H4ZM16.5 9a4 4 0 0 1 0 6M19 6.5a8 8 0 0 1 0 11"),
  soundOff: () => line("M4 9v6h4l5 4V5L8 9H4ZM17 9.5l5 5M22 9.5l-5 5"),
  bell: () => line("M6 16V11a6 6 0 0 1 12 0v5l2 2H4l2-2ZM10 21h4"),
  end: () => line("M3 13c5-5 13-5 18 0l-2.5 3-4-1.5V12a9 9 0 0 0-5 0v2.500L5.500 16 3 13Z"),
  person: () => line("M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM4 21a8 8 0 0 1 16 0"),
  screen: () => line("M4 5h16v11H4zM9 20h6M12 16v4M12 13V8M9.500 10 12 7.500l2.500 2.500"),
  lineGood: () => line("M5 19v-3M10 19v-7M15 19V8M20 19V4"),
  lineFair: () => line("M5 19v-3M10 19v-7M15 19v-.1M20 19v-.1"),
  linePoor: () => line("M5 19v-3M10 19v-.1M15 19v-.1M20 19v-.1"),
  quiet: () => line("M4 11l8-7 8 7v8a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1v-8ZM10 20v-6h4v6"),
  light: () => line("M9 18h6M10 21h4M12 3a6 6 0 0 0-3.500 10.900c.5.4.8 1 .8 1.600h5.400c0-.6.3-1.200.8-1.600A6 6 0 0 0 12 3Z"),
  line: () => line("M4 18v-3M9.500 18v-6M15 18V9M20 18V5"),
  list: () => line("M8 6h12M8 12h12M8 18h12M4 6v.1M4 12v.1M4 18v.1"),
  back: () => line("M15 5l-7 7 7 7"),
  full: () => icon(svg`<circle cx="12" cy="12" r="8" fill="currentColor" />`),
  half: () => solid("M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm0 2.500v13a6.500 6.500 0 0 1 0-13Z"),
  empty: () => icon(svg`<circle cx="12" cy="12" r="7.5" fill="none" stroke="currentColor" stroke-width="2.5" />`),
};
