/**
 * `window.__visit`: what tests may read of a page. Getters only, frozen, so nothing can be steered through it.
 *
 * @typedef {Readonly<Record<string, number>>} Stats
 * @param {() => {screen: string, language: string, connection: string}} read
 * @param {() => Stats} stats
 */
export function exposeProbe(read, stats) {
  const probe = Object.freeze({
    get screen() {
      return read().screen;
    },
    get language() {
      return read().language;
    },
    get connection() {
      return read().connection;
    },
    get stats() {
      return stats();
    },
  });
  Object.defineProperty(window, "__visit", { value: probe, writable: false, configurable: false });
}

/**
 * One word for the line as a whole: the socket first, then the media path where there is one.
 * @param {"off" | "connecting" | "connected" | "reconnecting" | "closed"} link
 * @param {"none" | "connecting" | "connected" | "reconnecting"} media
 * @returns {"new" | "connecting" | "connected" | "reconnecting" | "closed"}
 */
export function connectionOf(link, media) {
  if (link === "off") return "new";
  if (link !== "connected") return link;
  return media === "none" ? "connected" : media;
}
