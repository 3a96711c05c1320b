// The keys of the page. While somebody types, letters are text.

import { byId, dialog, make } from "./dom.js";

const KEYS = [
  ["j, k", "next, previous student"],
  ["n, p", "next, previous question"],
  ["o", "next answer that is open"],
  ["s", "list of students: find one"],
  ["1 to 9", "apply or remove a rubric item"],
  ["+", "add an item to the rubric"],
  ["e", "type the points"],
  ["c", "type a comment"],
  ["a", "next answer of this question"],
  ["x", "back to the computed mark: remove points, items and comment"],
  ["g", "written answers side by side"],
  ["f", "choose which answers are shown"],
  ["u or Ctrl+Z", "undo"],
  ["Shift+U or Ctrl+Y", "redo"],
  ["Escape", "leave a field"],
  ["?", "these keys"],
];

export function showKeys() {
  dialog(
    "Keys",
    [
      make(
        "dl",
        { className: "keys" },
        ...KEYS.flatMap(([key, what]) => [
          make("dt", {}, make("kbd", { textContent: key })),
          make("dd", { textContent: what }),
        ]),
      ),
    ],
    [["Close"]],
  );
}

/** Let keys do what the list says. */
export function onKeys(actions) {
  const simple = {
    j: () => actions.move(1),
    k: () => actions.move(-1),
    n: () => actions.question(1),
    p: () => actions.question(-1),
    o: actions.nextOpen,
    s: actions.find,
    e: () => actions.focus("points"),
    c: () => actions.focus("comment"),
    a: () => actions.answer(1),
    x: actions.clear,
    g: actions.grid,
    f: actions.filterFocus,
    u: actions.undo,
    U: actions.redo,
    "+": () => actions.focus("add"),
    "?": actions.help,
  };
  document.addEventListener("keydown", (event) => {
    if (byId("dialog").open) return;
    const typing = event.target.matches("input, textarea, select");
    if (typing) {
      const done = event.key === "Escape" || (event.key === "Enter" && event.target.matches("input"));
      if (done) {
        event.preventDefault();
        actions.leave();
      }
      return;
    }
    const command = event.ctrlKey || event.metaKey;
    if (command && !event.altKey) {
      const key = event.key.toLowerCase();
      const action =
        key === "z" ? (event.shiftKey ? actions.redo : actions.undo) : key === "y" ? actions.redo : null;
      if (action) {
        event.preventDefault();
        action();
      }
      return;
    }
    if (event.altKey) return;
    const action = /^[1-9]$/.test(event.key)
      ? () => actions.digit(Number(event.key))
      : simple[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}
