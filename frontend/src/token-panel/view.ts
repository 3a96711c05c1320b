// What the panel looks like. Everything that comes from elsewhere is set as text.
import { h, listen } from "../shared/dom";
import { type Act, offer, type Status } from "./status";

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
  remove: "Remove it from the file",
  sample: "Go on with the sample",
};

const NO_KERNEL =
  "A running kernel is needed to enter a CAVE token. Open this notebook in JupyterLab or Colab " +
  "and run this cell. If a cell is running now, the panel appears when it has ended.";

const ENDS_THE_OLD_ONE =
  "Making a new token may end the old one: other notebooks and machines that use it then need " +
  "the new one too.";

export class PanelView {
  readonly root = h("section", { class: "mw-token", "aria-label": "CAVE token" });
  readonly #acts: PanelActs;
  readonly #status = h("div", { class: "mw-token-status", role: "status", "aria-live": "polite" });
  readonly #trouble = h("p", { class: "mw-token-trouble", role: "alert" });
  readonly #account = h("p", {});
  readonly #controls = h("div", { class: "mw-token-controls" });

  constructor(acts: PanelActs) {
    this.#acts = acts;
    this.root.append(this.#status, this.#trouble, this.#controls);
  }

  /** Says that there is no kernel; there is nothing to type a token into. */
  showNoKernel(): void {
    this.#say("no_kernel", h("p", {}, NO_KERNEL));
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
    const { entry, acts } = offer(status);
    const focused = this.root.contains(document.activeElement);
    this.showTrouble("");
    this.#say(
      status.state,
      h("p", {}, h("strong", {}, status.text)),
      h("p", {}, status.next_step),
      useSample && h("p", {}, "Going on with the built-in sample: load() opens it."),
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
    // What had the focus is gone: the next thing to do has it now.
    if (focused) this.#controls.querySelector<HTMLElement>("a, input, button")?.focus();
  }

  #say(state: string, ...lines: (Node | false)[]): void {
    this.root.dataset.state = state;
    this.#status.replaceChildren(...lines.filter((line) => line !== false));
  }

  #entry(): HTMLElement {
    // No form, name or id: browsers and password managers would offer to keep or fill it.
    const input = h("input", {
      type: "password",
      "aria-label": "CAVE token, 32 digits",
      placeholder: "Paste your CAVE token",
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      "data-1p-ignore": true,
      "data-lpignore": "true",
      "data-bwignore": true,
    });
    const button = h("button", { type: "button", class: "mw-token-main" }, "Check");
    const enter = () => {
      const text = input.value;
      input.value = "";
      this.#acts.enter(text);
    };
    listen(button, "click", enter);
    listen(input, "keydown", (event) => {
      // Classic Notebook takes letters for its own commands: "d" twice deletes a cell.
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
    if (main) button.classList.add("mw-token-main");
    listen(button, "click", () => this.#acts.act(act));
    return button;
  }
}

function steps(pages: Pages): HTMLElement {
  return h(
    "details",
    { open: true },
    h("summary", {}, "Three steps to a token"),
    h(
      "ol",
      {},
      h(
        "li",
        {},
        link(pages.terms, "Accept the terms of service") ?? "Accept the terms of service",
      ),
      h("li", {}, link(pages.create, "Make a token"), ", or ", link(pages.list, "list yours")),
      h("li", {}, "Paste it above and press Enter"),
    ),
    h("p", { class: "mw-token-note" }, ENDS_THE_OLD_ONE),
  );
}

function explanations(acts: Act[], { state, saved, file }: Status): HTMLElement[] {
  const said: string[] = [];
  if (acts.includes("save")) {
    said.push(
      `Saving writes the token to ${file}, readable for you only, where caveclient finds it.`,
    );
  }
  if (acts.includes("replace")) {
    said.push(`Another token is saved in ${file}. Replacing it cannot be undone.`);
  }
  if (acts.includes("remove")) {
    said.push(`The token still stands in ${file}. Whatever else is in that file stays.`);
  }
  if (state === "ready" && saved === "yes") said.push(`The token is saved in ${file}.`);
  return said.map((text) => h("p", { class: "mw-token-note" }, text));
}

/** A link, where the address is one that a browser opens and not code. */
function link(address: string, text: string): HTMLAnchorElement | null {
  if (!/^https?:\/\//.test(address)) return null;
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, text);
}
