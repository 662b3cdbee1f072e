/** The page's only way to the sandbox: its control API under /sandbox/. */

export class Api {
  constructor() {
    this.as = "";
    this.stream = null;
  }

  /** Everything the frame needs: workspace, people, channels, open modals, home, clock. */
  state() {
    return this.#get("/sandbox/state", {});
  }

  /** The newest `limit` messages of a channel, or of one thread in it. */
  channel(id, { thread = "", limit = 100 } = {}) {
    return this.#get(`/sandbox/channel/${encodeURIComponent(id)}`, thread ? { thread, limit } : { limit });
  }

  /** Do something as the chosen person; resolves to the sandbox's answer, which may say ok: false. */
  async act(kind, fields = {}) {
    try {
      const response = await fetch("/sandbox/act", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ as: this.as, do: kind, ...fields }),
      });
      return await response.json();
    } catch {
      return { ok: false, error: "the sandbox does not answer" };
    }
  }

  /**
   * Follow changes from `since` on, reconnecting after 0.5 s to 8 s for as long as it takes.
   * @param {number} since last sequence number seen
   * @param {(change: object) => void} onChange called for each change
   * @param {(online: boolean) => void} onStatus called when the line opens or breaks
   */
  follow(since, onChange, onStatus) {
    this.stream?.stop();
    this.stream = new Stream(this.as, since, onChange, onStatus);
  }

  async #get(path, query) {
    const search = new URLSearchParams(query);
    if (this.as) search.set("as", this.as);
    const response = await fetch(`${path}?${search}`, { cache: "no-store" });
    const body = await response.json();
    if (!response.ok || body.ok === false) throw new Error(body.error || `HTTP ${response.status}`);
    return body;
  }
}

class Stream {
  constructor(as, since, onChange, onStatus) {
    Object.assign(this, { as, since, onChange, onStatus, wait: 500, source: null, timer: 0 });
    this.#open();
  }

  stop() {
    clearTimeout(this.timer);
    this.source?.close();
  }

  #open() {
    const query = new URLSearchParams({ as: this.as, since: String(this.since) });
    this.source = new EventSource(`/sandbox/changes?${query}`);
    this.source.onopen = () => {
      this.wait = 500;
      this.onStatus(true);
    };
    this.source.onmessage = (event) => {
      const change = JSON.parse(event.data);
      this.since = Math.max(this.since, change.seq ?? 0);
      this.onChange(change);
    };
    // The browser would reconnect by itself, but with the old `since`: open a new line instead.
    this.source.onerror = () => {
      this.source.close();
      this.onStatus(false);
      this.timer = setTimeout(() => this.#open(), this.wait);
      this.wait = Math.min(this.wait * 2, 8000);
    };
  }
}
