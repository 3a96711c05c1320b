// The panel on the right: points, comment and rubric of each answer of the work.

import { byId, dialog, make, points, untrusted } from "./dom.js";

const LATER = 400;

/** Show the panel; what the reader is typing at the moment stays. */
export function showPanel(model, actions) {
  const panel = byId("points");
  const { question, work } = model;
  if (!work) {
    panel.replaceChildren();
    return;
  }
  const answers = question.answers.filter(
    ({ name }) => !name || name in (model.works[work].questions[question.id]?.answers ?? {}),
  );
  const key = `${question.id}/${work}`;
  const kept = panel.dataset.key === key ? document.activeElement?.closest("#points [data-part]") : null;
  const caret = kept && { part: kept.dataset.part, value: kept.value, at: kept.selectionStart };
  panel.dataset.key = key;
  panel.replaceChildren(
    make("h2", {}, "Points for ", untrusted("span", model.works[work].name)),
    ...answers.map((answer, place) => block(model, answer, place, actions)),
  );
  if (!caret) return;
  const again = panel.querySelector(`[data-part="${CSS.escape(caret.part)}"]`);
  if (!again) return;
  if (caret.value !== undefined && "value" in again && again.tagName !== "BUTTON") again.value = caret.value;
  again.focus();
  if (again.tagName === "TEXTAREA") again.setSelectionRange(caret.at, caret.at);
}

function block(model, answer, place, actions) {
  const { question, work } = model;
  const mark = model.mark(work, answer.name);
  const rubric = model.rubric(answer.name);
  const current = place === model.answer;
  const many = question.answers.length > 1;
  const computed = model.computed(work, question, answer.name);
  const counted = model.counted(work, question, answer.name);
  const sum = model.sum(work, answer.name, mark);
  const title = answer.name || "the whole exercise";
  const part = (name) => `${answer.name}:${name}`;
  const change = (patch) => actions.patch(answer.name, patch);
  const input = make("input", {
    type: "text",
    inputMode: "decimal",
    className: "number",
    value: points(counted),
    placeholder: "open",
    "aria-label": `points for ${title}, of ${points(answer.most)}`,
    "data-part": part("points"),
    "data-shortcut": current ? "points" : null,
    onfocus: (event) => {
      actions.aim(place);
      event.target.select();
    },
    onchange: (event) => typedPoints(event.target, answer, counted, change),
  });
  const comment = make("textarea", {
    rows: 2,
    value: mark.comment,
    placeholder: "Comment for the student",
    "aria-label": `comment on ${title}`,
    "data-part": part("comment"),
    "data-shortcut": current ? "comment" : null,
    onfocus: () => actions.aim(place),
    oninput: later((event) => change({ comment: event.target.value })),
    onchange: (event) => change({ comment: event.target.value }),
  });
  return make(
    "section",
    { className: current && many ? "points current" : "points", "aria-label": `points for ${title}` },
    make(
      "div",
      { className: "head" },
      many
        ? make("button", {
            type: "button",
            className: "plain",
            textContent: title,
            title: "Keys 1 to 9 are for this answer (a)",
            "aria-current": current ? "true" : null,
            "data-part": part("title"),
            onclick: () => actions.aim(place),
          })
        : make("strong", { textContent: title }),
      make("label", {}, input, ` / ${points(answer.most)}`),
    ),
    make("p", { className: "soft", textContent: status(mark, computed, sum, answer) }),
    mark.comment && !mark.mark
      ? make("p", { className: "note", textContent: "The comment waits for points." })
      : "",
    comment,
    rubricList(model, answer, current, rubric, mark, part, actions, change),
    mark.items.length || mark.comment || mark.points !== null
      ? make("button", {
          type: "button",
          className: "small",
          textContent: "As graded",
          title: "Withdraw points and comment (x)",
          "data-part": part("clear"),
          onclick: () => change({ clear: true }),
        })
      : "",
  );
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
      // "change" has saved it already if the field is gone.
      if (event.target.isConnected) action(event);
    }, LATER);
  };
}

function rubricList(model, answer, current, rubric, mark, part, actions, change) {
  const items = rubric.items.map((item, n) => {
    const on = mark.items.includes(item.id);
    const sign = item.points > 0 ? "+" : "";
    return make(
      "li",
      {},
      make(
        "button",
        {
          type: "button",
          className: "item",
          "aria-pressed": String(on),
          "data-part": part(`item-${item.id}`),
          "data-digit": current && n < 9 ? String(n + 1) : null,
          onclick: () => change({ item: item.id, on: !on }),
        },
        make("kbd", { textContent: current && n < 9 ? String(n + 1) : "" }),
        make("span", { className: "worth", textContent: `${sign}${points(item.points)}` }),
        make("span", { textContent: item.comment || "(no comment)" }),
      ),
      make("button", {
        type: "button",
        className: "small",
        textContent: "Edit",
        "aria-label": `edit item ${n + 1} of ${answer.name || "the whole exercise"}`,
        "data-part": part(`edit-${item.id}`),
        onclick: () => edit(answer, rubric, item, actions),
      }),
    );
  });
  return make(
    "div",
    { className: "rubric" },
    items.length ? make("ol", { "aria-label": "rubric" }, ...items) : "",
    make(
      "div",
      { className: "actions" },
      make("button", {
        type: "button",
        className: "small",
        textContent: "Add item",
        title: "Add an item to the rubric (+)",
        "data-part": part("add"),
        "data-shortcut": current ? "add" : null,
        onclick: () => edit(answer, rubric, null, actions),
      }),
      items.length
        ? make("button", {
            type: "button",
            className: "small",
            textContent: rubric.start === "all" ? "Counted down from all points" : "Counted up from 0",
            title: "Change from where points are counted",
            "data-part": part("start"),
            onclick: () =>
              actions.rubric(answer.name, {
                ...rubric,
                start: rubric.start === "all" ? "none" : "all",
              }),
          })
        : "",
    ),
  );
}

function edit(answer, rubric, item, actions) {
  const worth = make("input", {
    type: "text",
    inputMode: "decimal",
    className: "number",
    id: "item-points",
    value: item ? points(item.points) : "",
  });
  const words = make("textarea", { id: "item-comment", rows: 3, value: item?.comment ?? "" });
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
