// Talks to the server: sends changes in order, again and again until they are saved, and asks what
// others have changed. Unsent changes outlive a reload.

const WAITING = "microns-review-unsent";
const EVERY = 2000;
const AGAIN = 1000;

export class Server {
  constructor(listener) {
    this.listener = listener;
    this.n = 0;
    this.boot = "";
    this.unsent = stored();
    this.sending = false;
    this.reached = true;
    this.stopped = false;
  }

  get who() {
    return localStorage.getItem("microns-review-name") ?? "";
  }

  set who(name) {
    localStorage.setItem("microns-review-name", name);
  }

  async data() {
    const data = await this.ask("/data");
    this.n = data.n;
    this.boot = data.boot;
    return data;
  }

  async ask(path, options = {}) {
    const response = await fetch(path, { credentials: "same-origin", ...options });
    const plain = response.headers.get("content-type")?.startsWith("application/json")
      ? await response.json()
      : { problem: await response.text() };
    if (!response.ok) throw new Refused(response.status, plain.problem);
    return plain;
  }

  post(path, content) {
    const text = typeof content === "string";
    return this.ask(path, {
      method: "POST",
      headers: { "Content-Type": text ? "text/csv" : "application/json" },
      body: text ? content : JSON.stringify(content ?? {}),
    });
  }

  /** Save a change; it is sent as soon as those before it are saved. */
  change(change) {
    this.unsent.push({ id: crypto.randomUUID(), who: this.who, ...change });
    this.keep();
    this.listener.saving(this);
    this.send();
  }

  keep() {
    localStorage.setItem(WAITING, JSON.stringify(this.unsent));
  }

  async send() {
    if (this.sending || this.stopped) return;
    this.sending = true;
    while (this.unsent.length) {
      const change = this.unsent[0];
      try {
        const news = await this.post("/change", { ...change, n: this.n });
        this.unsent.shift();
        this.keep();
        this.heard(news, change);
      } catch (error) {
        if (error instanceof Refused && error.status === 400) {
          this.unsent.shift();
          this.keep();
          this.listener.refused(change, error.message);
          continue;
        }
        this.lost(error);
        await new Promise((resolve) => setTimeout(resolve, AGAIN));
        if (this.stopped) break;
      }
    }
    this.sending = false;
    this.listener.saving(this);
  }

  /** Ask what others have changed, for as long as the page is open. */
  async listen() {
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, EVERY));
      if (this.stopped || this.sending) continue;
      try {
        this.heard(await this.ask(`/changes/${this.n}`));
      } catch (error) {
        this.lost(error);
      }
    }
  }

  heard(news, change) {
    if (this.stopped) return;
    const again = news.boot !== this.boot;
    // An answer that was overtaken by a later one would take marks back for a moment.
    if (!again && news.n < this.n) return;
    this.n = news.n;
    this.boot = news.boot;
    const back = !this.reached;
    this.reached = true;
    this.listener.heard(news, change, again);
    if (back || change) this.listener.saving(this);
  }

  lost(error) {
    if (this.stopped) return;
    this.reached = false;
    this.why = error instanceof Refused ? error.message : "";
    this.listener.saving(this);
  }
}

export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

function stored() {
  try {
    const changes = JSON.parse(localStorage.getItem(WAITING) ?? "[]");
    return Array.isArray(changes) ? changes : [];
  } catch {
    return [];
  }
}
