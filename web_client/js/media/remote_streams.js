/**
 * One stream for each person and one for each shared screen, kept for as long as they send and through every transport, so
 * that a video element never has to be given another.
 */

/** @typedef {import("../net/messages.js").Media} Media */
/** @typedef {import("./types.js").Remote} Remote */

/** What names a person's picture on the page, or the picture of their screen. @param {string} participant @param {boolean} [screen] */
export const keyOf = (participant, screen = false) => (screen ? `${participant}/screen` : participant);

export class RemoteStreams {
  /** @type {Map<string, MediaStream>} */
  #streams = new Map();
  #make;

  /** @param {() => MediaStream} make */
  constructor(make) {
    this.#make = make;
  }

  /**
   * Who sends what now, with the streams brought up to it.
   * @param {Media} media @param {RTCRtpTransceiver[]} transceivers
   * @returns {Remote[]}
   */
  collect(media, transceivers) {
    /** @type {Map<string, {remote: Remote, tracks: Set<MediaStreamTrack>}>} */
    const found = new Map();
    for (const { mid, receiver } of transceivers) {
      const source = media.remote.find((one) => one.mid === mid);
      if (source === undefined) continue;
      const { participant, name } = source;
      const screen = source.source === "screen";
      const key = keyOf(participant, screen);
      const stream = this.#streams.get(key) ?? this.#make();
      this.#streams.set(key, stream);
      const one = found.get(key) ?? { remote: { key, participant, name, screen, stream, audio: false, picture: false, sound: null }, tracks: new Set() };
      found.set(key, one);
      one.tracks.add(receiver.track);
      if (receiver.track.kind === "audio") Object.assign(one.remote, { audio: true, sound: receiver });
      else one.remote.picture = true;
    }
    for (const [key, stream] of this.#streams) this.#fill(key, stream, found.get(key)?.tracks ?? new Set());
    return [...found.values()].map(({ remote }) => remote);
  }

  clear() {
    this.#streams.clear();
  }

  /** @param {string} key @param {MediaStream} stream @param {Set<MediaStreamTrack>} tracks */
  #fill(key, stream, tracks) {
    for (const track of stream.getTracks()) if (!tracks.has(track)) stream.removeTrack(track);
    for (const track of tracks) if (!stream.getTracks().includes(track)) stream.addTrack(track);
    if (tracks.size === 0) this.#streams.delete(key);
  }
}
