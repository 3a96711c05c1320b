// The list of questions with how far they are, and which works are shown.

import { byId, make } from "./dom.js";
import { FILTERS } from "./model.js";

const FEW = 12;

/** Show the questions; `choose(question)` and `filter(name)` are called for a choice. */
export function showQuestions(model, choose, filter) {
  const groups = new Map();
  for (const question of model.questions) {
    const works = model.all(question);
    // Of whole exercises, only what could not be judged has to be looked at.
    if (!works.length) continue;
    const own = groups.get(question.exercise) ?? [];
    own.push(entry(model, question, works, choose));
    groups.set(question.exercise, own);
  }
  const lists = [...groups].map(([exercise, entries]) =>
    make(
      "section",
      {},
      make("h2", { textContent: exercise }),
      make("ul", {}, ...entries.map((one) => make("li", {}, one))),
    ),
  );
  const select = make(
    "select",
    { id: "filter", onchange: (event) => filter(event.target.value) },
    ...Object.entries(FILTERS)
      .filter(([name]) => name !== "picked" || model.picked)
      .map(([name, text]) =>
      make("option", { value: name, textContent: text, selected: name === model.filter }),
    ),
  );
  const label = make("label", { className: "filter" }, "Show ", select);
  const nav = byId("questions");
  const focused = document.activeElement?.closest("#questions [data-id]")?.dataset.id;
  const onFilter = document.activeElement?.id === "filter";
  // On a narrow screen the list folds away.
  const open = nav.querySelector("details")?.open ?? innerWidth > 800;
  const { question } = model;
  nav.replaceChildren(
    make(
      "details",
      { open },
      make("summary", { textContent: `Questions: now ${question.number} ${question.title}` }),
      label,
      ...lists,
    ),
  );
  if (onFilter) byId("filter").focus();
  else if (focused) nav.querySelector(`[data-id="${CSS.escape(focused)}"]`)?.focus();
}

function entry(model, question, works, choose) {
  const looked = works.filter((work) => model.isLooked(work, question)).length;
  const open = works.filter((work) => model.isOpen(work, question)).length;
  const requests = works.filter((work) =>
    model.requestsOf(work, question).some(({ answered }) => !answered),
  ).length;
  const words = [`${looked} of ${works.length} looked at`];
  if (open) words.push(`${open} open`);
  if (requests) words.push(`${requests} ${requests === 1 ? "request" : "requests"}`);
  const current = question === model.question;
  return make(
    "button",
    {
      type: "button",
      className: "question",
      "data-id": question.id,
      "aria-current": current ? "true" : null,
      onclick: () => choose(question),
    },
    make("span", { className: "name", textContent: `${question.number} ${question.title}` }),
    make(
      "span",
      { className: open || requests ? "count waits" : "count" },
      `${words.join(", ")}`,
    ),
    works.length > FEW
      ? make("progress", {
          max: works.length,
          value: looked,
          "aria-label": `looked at, ${question.number}`,
        })
      : "",
  );
}
