/**
 * The test call of the patient's page: the network test runs in it unseen, and who asks for it hears their own voice out of it.
 * There is one at a time, for both, and it ends when nobody needs it any more.
 */
import { TestCall } from "../test/call.js";

/** @typedef {{type: "testNetwork" | "callEcho", token: string | null} | {type: "endNetworkTest" | "playEcho" | "endEcho"}} TestEffect */
/** @typedef {"network" | "echo"} User */

/** The own sound as it comes back, as docs/protocol.md §5 names it. */
const OWN_SOUND = "echo-sound";

export class TestCalls {
  #tracks;
  #speaker;
  #dispatch;
  /** @type {TestCall | null} */
  #call = null;
  /** @type {Set<User>} */
  #users = new Set();
  #connected = false;
  /** @type {MediaStream | null} */
  #own = null;
  #sound = new Audio();

  /**
   * @param {() => import("../test/call.js").Tracks} tracks @param {import("../media/speaker.js").Speaker} speaker
   * @param {(event: {type: string, [fact: string]: unknown}) => void} dispatch
   */
  constructor(tracks, speaker, dispatch) {
    this.#tracks = tracks;
    this.#speaker = speaker;
    this.#dispatch = dispatch;
  }

  /** @param {TestEffect} effect */
  run(effect) {
    switch (effect.type) {
      case "testNetwork":
        return this.#begin("network", effect.token);
      case "callEcho":
        return this.#begin("echo", effect.token);
      case "playEcho":
        return this.#play();
      case "endNetworkTest":
        return this.#end("network");
      case "endEcho":
        return this.#end("echo");
    }
  }

  /** @param {User} user @param {string | null} token */
  #begin(user, token) {
    this.#users.add(user);
    if (user === "echo") this.#speaker.add(this.#sound);
    this.#call ??= this.#make(token ?? "");
    this.#play();
  }

  /** @param {User} user */
  #end(user) {
    this.#users.delete(user);
    if (user === "echo") {
      this.#sound.srcObject = null;
      this.#speaker.remove(this.#sound);
    }
    if (this.#users.size > 0) return;
    this.#call?.stop();
    this.#forget();
  }

  /** @param {string} token */
  #make(token) {
    const { audio, camera } = this.#tracks();
    // A voice alone passes where a picture beside it would not.
    return new TestCall(token, { audio, camera: this.#users.has("network") ? camera : null }, {
      onResult: (result) => {
        this.#dispatch({ type: "network_tested", result });
        if (result === "blocked") this.#dispatch({ type: "echo_over", code: result });
      },
      onStatus: (status) => {
        this.#connected = status === "connected";
        this.#play();
      },
      onRemotes: (remotes) => {
        this.#own = remotes.find(({ participant }) => participant === OWN_SOUND)?.stream ?? null;
        this.#play();
      },
      onOver: (code) => {
        this.#forget();
        this.#dispatch({ type: "echo_over", code });
      },
    });
  }

  #forget() {
    this.#call = this.#own = null;
    this.#connected = false;
  }

  #play() {
    if (!this.#users.has("echo") || !this.#connected || this.#own === null) return;
    if (this.#sound.srcObject !== this.#own) this.#sound.srcObject = this.#own;
    this.#sound.play().then(
      () => this.#dispatch({ type: "echo_came" }),
      (error) => error?.name === "NotAllowedError" && this.#dispatch({ type: "sound_refused" }),
    );
  }
}
