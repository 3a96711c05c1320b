// The panel on the page. Everything that comes from elsewhere is set as text.
import { TOKEN_DIGITS } from "../shared/contract";
import { h, listen } from "../shared/dom";
import { type Act, offerFor, type Status } from "./status";

export interface Pages {
  terms: string;
  create: string;
  list: string;
}

export interface PanelActs {
  enter(text: string): void;
  act(act: Act): void;
}

const LABELS: Record<Act, string> = {
  retry: "Check again",
  save: "Save for next time",
  replace: "Replace the saved token",
  forget: "Forget the token",
  remove: "Remove the token from the file",
  sample: "Continue with the sample",
};

const NO_KERNEL =
  "A running kernel is needed to enter a CAVE token. Open this notebook in JupyterLab or Colab " +
  "and run this cell. If a cell is running now, the panel appears when it has finished.";

const NEW_TOKEN_NOTE =
  "Creating a new token may invalidate the old one: other notebooks and computers that use it will " +
  "then need the new one.";

export class PanelView {
  readonly root = h("section", { class: "mw-card mw-token", "aria-label": "CAVE token" });
  readonly #acts: PanelActs;
  readonly #status = h("div", { class: "mw-token-status", role: "status", "aria-live": "polite" });
  readonly #trouble = h("p", { class: "mw-token-trouble", role: "alert" });
  readonly #account = h("p", {});
  readonly #controls = h("div", { class: "mw-token-controls" });

  constructor(acts: PanelActs) {
    this.#acts = acts;
    this.root.append(this.#status, this.#trouble, this.#controls);
  }

  /** Says that there is no kernel, and shows no field to type a token into. */
  showNoKernel(): void {
    this.#report("no_kernel", h("p", {}, NO_KERNEL));
    this.#controls.replaceChildren();
  }

  showTrouble(text: string): void {
    this.#trouble.textContent = text;
  }

  showAccount(name: string): void {
    if (this.root.dataset.state !== "ready") return;
    this.#account.textContent = `Account: ${name}`;
    this.#status.append(this.#account);
  }

  showStatus(status: Status, pages: Pages, useSample: boolean): void {
    const { entry, acts } = offerFor(status);
    const focused = this.root.contains(document.activeElement);
    this.showTrouble("");
    this.#report(
      status.state,
      h("p", {}, h("strong", {}, status.text)),
      h("p", {}, status.next_step),
      useSample && h("p", {}, "Continuing with the built-in sample: load() opens it."),
    );
    const terms = link(status.url, "Open the terms of service");
    const buttons = h("div", { class: "mw-token-acts" }, ...acts.map((act) => this.#button(act)));
    const notes = explanations(acts, status);
    this.#controls.replaceChildren(
      ...(terms ? [h("p", {}, terms)] : []),
      ...(entry === "open" ? [this.#entry(), steps(pages)] : []),
      buttons,
      ...notes,
      ...(entry === "folded" ? [this.#foldedEntry()] : []),
    );
    // The focused control is gone: focus the next thing to do.
    if (focused) this.#controls.querySelector<HTMLElement>("a, input, button")?.focus();
  }

  #report(state: string, ...lines: (Node | false)[]): void {
    this.root.dataset.state = state;
    this.#status.replaceChildren(...lines.filter((line) => line !== false));
  }

  #entry(): HTMLElement {
    // No form, name or id: browsers and password managers would offer to save or fill it.
    const input = h("input", {
      type: "password",
      "aria-label": `CAVE token, ${TOKEN_DIGITS} hexadecimal digits`,
      placeholder: "Paste your CAVE token",
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      "data-1p-ignore": true,
      "data-lpignore": "true",
      "data-bwignore": true,
    });
    const button = h("button", { type: "button", class: "mw-card-main" }, "Check");
    const enter = () => {
      const text = input.value;
      input.value = "";
      this.#acts.enter(text);
    };
    listen(button, "click", enter);
    listen(input, "keydown", (event) => {
      // In classic Notebook letters are commands: "d" twice deletes a cell.
      event.stopPropagation();
      if (event.key === "Enter" && !event.isComposing) enter();
    });
    return h("div", { class: "mw-token-entry" }, input, button);
  }

  #foldedEntry(): HTMLElement {
    return h("details", {}, h("summary", {}, "Enter another token"), this.#entry());
  }

  #button(act: Act): HTMLButtonElement {
    const main = act === "retry" || act === "save" || act === "replace";
    const button = h("button", { type: "button", "data-act": act }, LABELS[act]);
    if (main) button.classList.add("mw-card-main");
    listen(button, "click", () => this.#acts.act(act));
    return button;
  }
}

function steps(pages: Pages): HTMLElement {
  return h(
    "details",
    { open: true },
    h("summary", {}, "Get a token in three steps"),
    h(
      "ol",
      {},
      h(
        "li",
        {},
        link(pages.terms, "Accept the terms of service") ?? "Accept the terms of service",
      ),
      h(
        "li",
        {},
        link(pages.create, "Create a token"),
        ", or ",
        link(pages.list, "list your tokens"),
      ),
      h("li", {}, "Paste it above and press Enter"),
    ),
    h("p", { class: "mw-token-note" }, NEW_TOKEN_NOTE),
  );
}

function explanations(acts: Act[], { state, saved, file }: Status): HTMLElement[] {
  const notes: string[] = [];
  if (acts.includes("save")) {
    notes.push(
      `Saving writes the token to ${file}, where caveclient finds it. Only you can read the file.`,
    );
  }
  if (acts.includes("replace")) {
    notes.push(`Another token is saved in ${file}. Replacing it cannot be undone.`);
  }
  if (acts.includes("remove")) {
    notes.push(
      `The token is still in ${file}. Removing it leaves the rest of that file unchanged.`,
    );
  }
  if (state === "ready" && saved === "yes") notes.push(`The token is saved in ${file}.`);
  return notes.map((text) => h("p", { class: "mw-token-note" }, text));
}

/** A link, if the address is a web page and not code. */
function link(address: string, text: string): HTMLAnchorElement | null {
  if (!/^https?:\/\//.test(address)) return null;
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, text);
}
