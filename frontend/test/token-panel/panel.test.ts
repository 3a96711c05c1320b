import axe from "axe-core";
import { afterEach, expect, test, vi } from "vitest";
import { page, userEvent } from "vitest/browser";
import { type Answers, renderStatic, StaticModel } from "../../src/shared/static-model";
import panel from "../../src/token-panel/index";
import type { State, Status } from "../../src/token-panel/status";

const TOKEN = "0123456789abcdef0123456789abcdef";
const FILE = "~/.cloudvolume/secrets/cave.example.org-cave-secret.json";
const PAGES = {
  terms: "https://cave.example.org/terms",
  create: "https://cave.example.org/create",
  list: "https://cave.example.org/list",
};
// The controls of each state, in tab order.
const CONTROLS: Record<State, string[]> = {
  nothing_found: ["Check", "Continue with the sample"],
  badly_formed: ["Check", "Continue with the sample"],
  checking: ["Forget the token"],
  ready: ["Save for next time", "Forget the token"],
  refused: ["Check", "Continue with the sample"],
  terms_not_accepted: ["Check again", "Forget the token", "Continue with the sample"],
  no_permission: ["Check again", "Forget the token", "Continue with the sample"],
  unreachable: ["Check again", "Forget the token", "Continue with the sample"],
  not_saved: ["Save for next time", "Forget the token"],
};
const STATES = Object.keys(CONTROLS) as State[];

function status(state: State, more: Partial<Status> = {}): Status {
  const url = state === "terms_not_accepted" ? "https://cave.example.org/accept" : "";
  const message = { text: `This is ${state}.`, next_step: "Do this.", url };
  return { state, ...message, saved: "no", file: FILE, ...more };
}

/** A kernel that answers and records the requests. */
class Kernel extends StaticModel<{ status: Status; use_sample: boolean; pages: typeof PAGES }> {
  readonly asked: [name: string, content: unknown, token?: string][] = [];

  constructor(status: Status, running = true) {
    const names = running ? ["hello", "check", "malformed", "retry", "save", "forget"] : [];
    const answers: Answers = Object.fromEntries(names.map((name) => [name, () => null]));
    if (running) answers.account = () => "Ada";
    super({ status, use_sample: false, pages: PAGES }, answers);
  }

  override send(message: unknown, _callbacks?: unknown, [token]: Uint8Array[] = []): void {
    const { name, content } = message as { name: string; content: unknown };
    const sent = token && new TextDecoder().decode(token);
    if (name !== "hello" && name !== "account")
      this.asked.push(sent ? [name, content, sent] : [name, content]);
    super.send(message);
  }
}

let close: (() => void) | undefined;
afterEach(() => {
  close?.();
  document.body.replaceChildren();
  document.body.removeAttribute("data-theme");
  document.body.style.background = "";
});

async function show(kernel: Kernel): Promise<HTMLElement> {
  const el = document.body.appendChild(document.createElement("div"));
  close = await renderStatic(panel, kernel, el);
  const root = el.querySelector<HTMLElement>(".mw-token");
  if (!root) throw new Error("There is no panel.");
  await vi.waitFor(() => expect(root.dataset.state).toBeDefined());
  return root;
}

function buttons(root: HTMLElement): (string | null)[] {
  const all = [...root.querySelectorAll("button")];
  return all.filter((button) => !button.closest("details")).map((button) => button.textContent);
}

test.each(STATES)("%s has its text, its next step and its controls", async (state) => {
  const root = await show(new Kernel(status(state)));
  expect(root.dataset.state).toBe(state);
  const message = root.querySelector("[role=status]");
  expect(message?.getAttribute("aria-live")).toBe("polite");
  expect(message?.textContent).toMatch(RegExp(`^This is ${state}[.]Do this[.]`));
  expect(buttons(root)).toEqual(CONTROLS[state]);
});

test.each(["light", "dark"])("axe finds no serious violation in any state, %s", async (theme) => {
  document.body.dataset.theme = theme;
  document.body.style.background = theme === "dark" ? "#111" : "#fff";
  const kernel = new Kernel(status("nothing_found"));
  const root = await show(kernel);
  expect(root.dataset.theme).toBe(theme);
  for (const state of STATES) {
    kernel.set("status", status(state, { saved: state === "ready" ? "other" : "yes" }));
    for (const details of root.querySelectorAll("details")) details.open = true;
    const { violations } = await axe.run(root);
    expect(violations.filter(({ impact }) => impact !== "minor")).toEqual([]);
  }
});

test.each(STATES)("%s fits into 320 pixels", async (state) => {
  await page.viewport(320, 600);
  const root = await show(new Kernel(status(state, { text: "x".repeat(80) })));
  expect(root.scrollWidth).toBeLessThanOrEqual(root.clientWidth);
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(320);
});

test("a token is sent once, as binary data, and does not stay in the page", async () => {
  const kernel = new Kernel(status("nothing_found"));
  const root = await show(kernel);
  await userEvent.type(
    page.getByLabelText("CAVE token, 32 hexadecimal digits"),
    ` ${TOKEN} {Enter}`,
  );
  expect(kernel.asked).toEqual([["check", null, TOKEN]]);
  expect(root.querySelector("input")?.value).toBe("");
  expect(document.documentElement.outerHTML).not.toContain(TOKEN);
});

test("of an invalid token only the length is sent", async () => {
  const kernel = new Kernel(status("nothing_found"));
  const root = await show(kernel);
  await userEvent.type(page.getByLabelText("CAVE token, 32 hexadecimal digits"), "my password");
  await userEvent.click(page.getByRole("button", { name: "Check" }));
  expect(kernel.asked).toEqual([["malformed", 11]]);
  expect(root.querySelector("input")?.value).toBe("");
});

test("no browser or password manager saves or fills the token", async () => {
  const input = (await show(new Kernel(status("nothing_found")))).querySelector("input");
  expect(input?.type).toBe("password");
  expect(input?.autocomplete).toBe("off");
  expect(input?.name).toBe("");
  expect(input?.id).toBe("");
  expect(input?.form).toBeNull();
});

test.each([
  ["retry", "unreachable", "no", "Check again", ["retry", null]],
  ["save", "ready", "no", "Save for next time", ["save", false]],
  ["replace", "ready", "other", "Replace the saved token", ["save", true]],
  ["forget", "ready", "yes", "Forget the token", ["forget", false]],
  ["remove", "nothing_found", "yes", "Remove the token from the file", ["forget", true]],
] as const)("to %s is one click", async (_act, state, saved, label, question) => {
  const kernel = new Kernel(status(state, { saved }));
  await show(kernel);
  await userEvent.click(page.getByRole("button", { name: label }));
  expect(kernel.asked).toEqual([question]);
});

test("continuing with the sample sets a trait", async () => {
  const kernel = new Kernel(status("nothing_found"));
  const root = await show(kernel);
  await userEvent.click(page.getByRole("button", { name: "Continue with the sample" }));
  expect(kernel.get("use_sample")).toBe(true);
  expect(root.textContent).toContain("built-in sample");
});

test("the panel explains in advance what is saved where, and what would be lost", async () => {
  const kernel = new Kernel(status("ready"));
  const root = await show(kernel);
  expect(root.textContent).toContain(`writes the token to ${FILE}, where caveclient finds it`);
  kernel.set("status", status("ready", { saved: "other" }));
  expect(root.textContent).toContain(`Another token is saved in ${FILE}`);
  kernel.set("status", status("ready", { saved: "yes" }));
  expect(root.textContent).toContain(`The token is saved in ${FILE}`);
});

test("the steps are links, with a warning that the old token may become invalid", async () => {
  const root = await show(new Kernel(status("nothing_found")));
  const links = [...root.querySelectorAll("a")];
  expect(links.map((link) => link.href)).toEqual(Object.values(PAGES));
  expect(links.every((link) => link.rel === "noopener noreferrer")).toBe(true);
  expect(root.textContent).toContain("may invalidate the old one");
});

test("an address that is code is not a link, and text from the service stays text", async () => {
  const text = "<img src=x onerror=alert(1)>";
  const url = "javascript:alert(1)";
  const root = await show(new Kernel(status("terms_not_accepted", { text, url })));
  expect(root.querySelector("strong")?.textContent).toBe(text);
  expect(root.querySelectorAll("img, a")).toHaveLength(0);
});

test("keystrokes do not reach the notebook around the panel", async () => {
  const keys: string[] = [];
  const listener = (event: KeyboardEvent) => keys.push(event.key);
  document.addEventListener("keydown", listener);
  await show(new Kernel(status("nothing_found")));
  await userEvent.type(page.getByLabelText("CAVE token, 32 hexadecimal digits"), "dd{Enter}");
  document.removeEventListener("keydown", listener);
  expect(keys).toEqual([]);
});

test("the focus moves to the next step", async () => {
  const kernel = new Kernel(status("nothing_found"));
  const root = await show(kernel);
  root.querySelector("input")?.focus();
  kernel.set("status", status("terms_not_accepted"));
  expect(document.activeElement?.textContent).toBe("Open the terms of service");
  kernel.set("status", status("ready"));
  expect(document.activeElement?.textContent).toBe("Save for next time");
});

test("a change elsewhere does not move the focus", async () => {
  const kernel = new Kernel(status("checking"));
  await show(kernel);
  const cell = document.body.appendChild(document.createElement("textarea"));
  cell.focus();
  kernel.set("status", status("ready"));
  expect(document.activeElement).toBe(cell);
});

test("the account's name is requested, and shown once", async () => {
  const kernel = new Kernel(status("ready"));
  const root = await show(kernel);
  const message = () => root.querySelector("[role=status]")?.textContent;
  await vi.waitFor(() => expect(message()).toBe("This is ready.Do this.Account: Ada"));
  kernel.set("status", status("ready", { saved: "yes" }));
  await vi.waitFor(() => expect(message()).toBe("This is ready.Do this.Account: Ada"));
});

test("without a kernel there is no field to type into, and no account name", async () => {
  const root = await show(new Kernel(status("ready", { text: "Ready: Ada." }), false));
  expect(root.textContent).toContain("A running kernel is needed");
  expect(root.textContent).not.toContain("Ada");
  expect(root.querySelectorAll("input, button")).toHaveLength(0);
});

test("the panel waits for a busy kernel", async () => {
  const kernel = new Kernel(status("nothing_found"));
  const questions: unknown[] = [];
  kernel.send = (question) => void questions.push(question);
  const root = await show(kernel);
  expect(root.textContent).toContain("If a cell is running now");
  for (const question of questions) Kernel.prototype.send.call(kernel, question);
  await vi.waitFor(() => expect(root.querySelectorAll("input")).toHaveLength(1));
});
