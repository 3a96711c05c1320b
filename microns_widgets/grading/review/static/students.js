// The list of students of a question: find one by name, id or file.

import { byId, dialog, make, points, untrusted } from "./dom.js";

export function findStudent(model, actions) {
  const { question } = model;
  const rows = model.all(question).map((id) => row(model, question, id, actions));
  const input = make("input", {
    id: "find",
    type: "search",
    autocomplete: "off",
    oninput: () => narrow(),
  });
  const count = make("p", { className: "soft", role: "status" });
  const narrow = () => {
    const words = plain(input.value).split(/\s+/).filter(Boolean);
    let left = 0;
    for (const { element, text } of rows) {
      element.hidden = !words.every((word) => text.includes(word));
      if (!element.hidden) left += 1;
    }
    count.textContent = `${left} of ${rows.length}`;
  };
  const box = dialog(
    `Students: ${question.number} ${question.title}`,
    [
      make("label", { for: "find" }, model.anonymous ? "Number" : "Part of the name, id or file"),
      input,
      count,
      make("ul", { className: "students" }, ...rows.map(({ element }) => element)),
    ],
    [["Close"]],
  );
  box.onkeydown = (event) => {
    const shown = rows.filter(({ element }) => !element.hidden).map(({ button }) => button);
    const steps = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (steps) {
      event.preventDefault();
      const next = shown.indexOf(document.activeElement) + steps;
      (next < 0 ? input : shown[Math.min(next, shown.length - 1)])?.focus();
    } else if (event.key === "Enter" && event.target === input) {
      event.preventDefault();
      shown[0]?.click();
    }
  };
  narrow();
  input.focus();
}

/** Text as it is compared: without case, and without accents. */
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

function row(model, question, id, actions) {
  const work = model.works[id];
  const counted = question.answers.map(({ name }) => model.counted(id, question, name));
  const open = model.isOpen(id, question);
  const sum = counted.reduce((all, one) => all + (one ?? 0), 0);
  const most = question.answers.reduce((all, one) => all + one.most, 0);
  const marks = [
    open ? "open" : `${points(sum)} of ${points(most)}`,
    model.isLooked(id, question) ? "" : "not looked at",
    work.flags.length ? "flagged" : "",
  ].filter(Boolean);
  const button = make(
    "button",
    {
      type: "button",
      onclick: () => {
        byId("dialog").close();
        actions.choose(question, id);
      },
    },
    untrusted("bdi", work.name),
    work.who && work.who !== work.name ? untrusted("bdi", ` ${work.who}`, "soft") : "",
    make("span", { className: open ? "open state" : "soft state", textContent: marks.join(", ") }),
  );
  return {
    button,
    element: make("li", {}, button),
    text: plain(`${work.name} ${work.who} ${work.file}`),
  };
}
