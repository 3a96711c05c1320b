// Makes elements. Text is always set as text, never as HTML: submissions wrote most of it.

/** Make an element; properties that begin with "on" are listeners, those with "-" attributes. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name.includes("-") || name === "role" || name === "for")
      element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children.filter((child) => child !== "" && child !== undefined && child !== null));
  return element;
}

export const byId = (id) => document.getElementById(id);

/** Untrusted text: its direction is its own, and does not reach beyond it. */
export function untrusted(tag, text, className) {
  return make(tag, { className, textContent: text, dir: "auto" });
}

let turn = 0;
/** Tell a screen reader, even the same words twice. */
export function tell(text) {
  turn = 1 - turn;
  byId("told").textContent = text + "\u00a0".repeat(turn);
}

export const points = (value) =>
  value === null || value === undefined ? "" : String(Math.round(value * 100) / 100);

/** Show a dialog with a title, from its beginning; return it. Escape and its buttons close it. */
export function dialog(title, content, buttons) {
  const box = byId("dialog");
  const before = document.activeElement;
  const close = () => box.close();
  box.replaceChildren(
    make("h2", { id: "dialog-title", tabIndex: -1, textContent: title }),
    ...content,
    make(
      "p",
      { className: "actions" },
      ...buttons.map(([name, action, kind]) =>
        make("button", {
          type: "button",
          className: kind ?? "",
          textContent: name,
          onclick: () => {
            if (action?.() !== false) close();
          },
        }),
      ),
    ),
  );
  box.onclose = () => {
    if (before?.isConnected) before.focus();
  };
  // There is one dialog: what the last content listened to is gone.
  box.oncancel = null;
  box.onkeydown = null;
  if (!box.open) box.showModal();
  box.querySelector("h2").focus();
  box.scrollTop = 0;
  return box;
}
