// The panel on the right: points, comment and rubric of each answer of the work.

import { byId, dialog, make, points, untrusted } from "./dom.js";

const LATER = 400;

let shown = "";
let updates = [];

/** Show the panel. While it is about the same work, nothing that has the focus is replaced. */
export function showPanel(model, actions) {
  const panel = byId("points");
  const { question, work } = model;
  const answers = question.answers.filter(
    ({ name }) => work && (!name || name in (model.works[work].questions[question.id]?.answers ?? {})),
  );
  const rubrics = answers.map(({ name }) => model.rubric(name));
  const now = JSON.stringify([question.id, work, rubrics]);
  if (now !== shown) {
    const part = document.activeElement?.closest("#points [data-part]")?.dataset.part;
    const blocks = answers.map((answer, place) => block(model, answer, place, actions));
    updates = blocks.map(({ update }) => update);
    panel.replaceChildren(
      ...(work ? [make("h2", {}, "Points for ", untrusted("span", model.works[work].name))] : []),
      ...blocks.map(({ section }) => section),
    );
    shown = now;
    if (part) panel.querySelector(`[data-part="${CSS.escape(part)}"]`)?.focus();
  }
  for (const update of updates) update();
}

function block(model, answer, place, actions) {
  const { question, work } = model;
  const rubric = model.rubric(answer.name);
  const many = question.answers.length > 1;
  const title = answer.name || "the whole exercise";
  const part = (name) => `${answer.name}:${name}`;
  // A timer may run out when another work is shown already.
  const change = (patch) => actions.patch(answer.name, patch, work);
  const counted = () => model.counted(work, question, answer.name);
  const input = make("input", {
    type: "text",
    inputMode: "decimal",
    className: "number",
    placeholder: "open",
    "aria-label": `points for ${title}, of ${points(answer.most)}`,
    "data-part": part("points"),
    onfocus: (event) => {
      actions.aim(place);
      event.target.select();
    },
    onchange: (event) => typedPoints(event.target, answer, counted(), change),
  });
  const comment = make("textarea", {
    rows: 2,
    maxLength: model.longest,
    placeholder: "Comment for the student",
    "aria-label": `comment on ${title}`,
    "data-part": part("comment"),
    onfocus: () => actions.aim(place),
    oninput: later((event) => change({ comment: event.target.value })),
    onchange: (event) => change({ comment: event.target.value }),
  });
  const name = many
    ? make("button", {
        type: "button",
        className: "plain",
        textContent: title,
        title: "Keys 1 to 9 are for this answer (a)",
        "data-part": part("title"),
        onclick: () => actions.aim(place),
      })
    : make("strong", { textContent: title });
  const words = make("p", { className: "soft" });
  const waits = make("p", { className: "note", textContent: "The student gets this comment only once the answer has points." });
  const clear = make("button", {
    type: "button",
    className: "small",
    textContent: "As graded",
    title: "Withdraw points and comment (x)",
    "data-part": part("clear"),
    onclick: () => change({ clear: true }),
  });
  const list = rubricList(model, answer, rubric, part, actions, change);
  const section = make(
    "section",
    { "aria-label": `points for ${title}` },
    make("div", { className: "head" }, name, make("label", {}, input, ` / ${points(answer.most)}`)),
    words,
    waits,
    comment,
    list.element,
    clear,
  );
  const update = () => {
    const mark = model.mark(work, answer.name);
    const current = place === model.answer;
    section.className = current && many ? "points current" : "points";
    if (many) attribute(name, "aria-current", current && "true");
    for (const [field, text] of [
      [input, points(counted())],
      [comment, mark.comment],
    ])
      if (document.activeElement !== field || field.value === field.dataset.was) {
        field.value = text;
        field.dataset.was = text;
      }
    attribute(input, "data-shortcut", current && "points");
    attribute(comment, "data-shortcut", current && "comment");
    words.textContent = status(
      mark,
      model.computed(work, question, answer.name),
      model.sum(work, answer.name, mark),
      answer,
    );
    waits.hidden = !(mark.comment && !mark.mark);
    const empty = !mark.items.length && !mark.comment && mark.points === null;
    if (empty && document.activeElement === clear) input.focus();
    clear.hidden = empty;
    list.update(mark, current);
  };
  return { section, update };
}

function attribute(element, name, value) {
  if (value) element.setAttribute(name, value);
  else element.removeAttribute(name);
}

function status(mark, computed, sum, answer) {
  const words = [computed === null ? "Graded: open." : `Graded: ${points(computed)}.`];
  if (sum !== null && sum > answer.most)
    words.push(`The items add up to ${points(sum)}; the most, ${points(answer.most)}, counts.`);
  if (sum !== null && sum < 0) words.push(`The items add up to ${points(sum)}; 0 counts.`);
  if (mark.by) {
    const when = mark.when ? `, ${mark.when.slice(0, 16).replace("T", " ")}` : "";
    words.push(`By ${mark.by}${when}.`);
  }
  return words.join(" ");
}

function typedPoints(input, answer, counted, change) {
  const text = input.value.trim().replace(",", ".");
  const value = text === "" ? null : Number(text);
  const wrong = value !== null && !(value >= 0 && value <= answer.most);
  input.setAttribute("aria-invalid", String(wrong));
  input.setCustomValidity(wrong ? `A number from 0 to ${points(answer.most)}.` : "");
  if (wrong) {
    input.reportValidity();
    return;
  }
  if (text !== points(counted)) change({ points: value });
}

function later(action) {
  let timer;
  return (event) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      // Once the field is gone, "change" has saved it.
      if (event.target.isConnected) action(event);
    }, LATER);
  };
}

function rubricList(model, answer, rubric, part, actions, change) {
  const { work } = model;
  const rows = rubric.items.map((item, n) => {
    const digit = make("kbd");
    const uses = make("span", { className: "soft", title: "How many students have this item" });
    const button = make(
      "button",
      {
        type: "button",
        className: "item",
        "data-part": part(`item-${item.id}`),
        onclick: () =>
          change({ item: item.id, on: !model.mark(work, answer.name).items.includes(item.id) }),
      },
      digit,
      make("span", {
        className: "worth",
        textContent: `${item.points > 0 ? "+" : ""}${points(item.points)}`,
      }),
      make("span", { className: "words", textContent: item.comment || "(no comment)" }),
      uses,
    );
    const edits = make("button", {
      type: "button",
      className: "small",
      textContent: "Edit",
      "aria-label": `edit item ${n + 1} of ${answer.name || "the whole exercise"}`,
      "data-part": part(`edit-${item.id}`),
      onclick: () => edit(model, answer, rubric, item, actions),
    });
    const update = (mark, current) => {
      button.setAttribute("aria-pressed", String(mark.items.includes(item.id)));
      digit.textContent = current && n < 9 ? String(n + 1) : "";
      const count = model.uses(item.id, answer.name);
      uses.textContent = count ? `×${count}` : "";
    };
    return { element: make("li", {}, button, edits), update };
  });
  const add = make("button", {
    type: "button",
    className: "small",
    textContent: "Add item",
    title: "Add an item to the rubric (+)",
    "data-part": part("add"),
    onclick: () => edit(model, answer, rubric, null, actions),
  });
  const start = make("button", {
    type: "button",
    className: "small",
    textContent: rubric.start === "all" ? "Counted down from all points" : "Counted up from 0",
    title: "Change from where points are counted",
    "data-part": part("start"),
    onclick: () =>
      actions.rubric(answer.name, { ...rubric, start: rubric.start === "all" ? "none" : "all" }),
  });
  const element = make(
    "div",
    { className: "rubric" },
    rows.length
      ? make("ol", { "aria-label": "rubric" }, ...rows.map((row) => row.element))
      : "",
    make("div", { className: "actions" }, add, rows.length ? start : ""),
  );
  return {
    element,
    update: (mark, current) => {
      attribute(add, "data-shortcut", current && "add");
      for (const row of rows) row.update(mark, current);
    },
  };
}

function edit({ longest }, answer, rubric, item, actions) {
  const worth = make("input", {
    type: "text",
    inputMode: "decimal",
    className: "number",
    id: "item-points",
    value: item ? points(item.points) : "",
  });
  const words = make("textarea", { id: "item-comment", rows: 3, maxLength: longest, value: item?.comment ?? "" });
  const problem = make("p", { className: "none", role: "alert" });
  const save = () => {
    const value = Number(worth.value.trim().replace(",", ".") || Number.NaN);
    if (!Number.isFinite(value)) {
      problem.textContent = "Points are a number, such as 1, 0.5 or -1.";
      worth.focus();
      return false;
    }
    const changed = { id: item?.id ?? crypto.randomUUID(), points: value, comment: words.value.trim() };
    const items = item
      ? rubric.items.map((one) => (one.id === item.id ? changed : one))
      : [...rubric.items, changed];
    actions.rubric(answer.name, { ...rubric, items });
    // Whoever adds an item has just seen the answer that it is for.
    if (!item) actions.patch(answer.name, { item: changed.id, on: true });
    return true;
  };
  const box = dialog(
    item ? "Change this item" : "New item of the rubric",
    [
      make("label", { for: "item-points" }, "Points (negative to take off)"),
      worth,
      make("label", { for: "item-comment" }, "Comment for the student"),
      words,
      item ? make("p", { className: "soft" }, "All marks that use it follow.") : "",
      problem,
    ],
    [
      ["Save", save, "main"],
      ["Cancel"],
      ...(item
        ? [["Delete", () => actions.rubric(answer.name, { ...rubric, items: rubric.items.filter(({ id }) => id !== item.id) })]]
        : []),
    ],
  );
  box.onkeydown = (event) => {
    if (event.key === "Enter" && (event.target === worth || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      if (save()) box.close();
    }
  };
  worth.focus();
}
