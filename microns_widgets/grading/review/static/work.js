// The middle: a student's cells and values beside those of the key, or written answers side by side.

import { byId, make, points, untrusted } from "./dom.js";

/** What is shown instead of an answer that was not captured; its comment says more. */
const NO_VALUE = { failed: "the cell failed", "too large": "too large to be captured" };

const details = new Map();

/** Fetch what belongs to an answer, once. */
export function detailOf(server, work, question) {
  const key = `${work}/${question.id}`;
  if (!details.has(key)) {
    const found = server.ask(`/detail/${work}/${encodeURIComponent(question.id)}`);
    details.set(key, found);
    found.catch(() => details.delete(key));
  }
  return details.get(key);
}

export const forgetDetails = () => details.clear();

/** Show the work that the model points at. */
export function showWork(model, server, actions) {
  const main = byId("work");
  const { question, work } = model;
  main.classList.toggle("grid-view", model.grid);
  if (!work) {
    main.replaceChildren(heading(model, actions), make("p", { className: "soft" }, nothing(model)));
    return;
  }
  if (model.grid) {
    main.replaceChildren(heading(model, actions), grid(model, actions));
    reachable(main);
    main.querySelector(".current")?.scrollIntoView({ block: "nearest" });
    return;
  }
  const body = make("div", { className: "beside" });
  main.replaceChildren(heading(model, actions), about(model, actions), body);
  main.scrollTop = 0;
  if (model.isWhole(question) || !(question.id in model.works[work].questions)) return;
  const known = texts(model);
  body.replaceChildren(...known);
  detailOf(server, work, question)
    .then((detail) => {
      if (model.work === work && model.question === question && !model.grid)
        body.replaceChildren(...sides(model, detail));
      reachable(body);
    })
    .catch(() => body.append(make("p", { className: "none" }, "The cells could not be read.")));
}

/** Let the keyboard scroll what is longer than its place. */
function reachable(root) {
  for (const long of root.querySelectorAll(".text.written, .value, pre")) {
    if (long.scrollHeight > long.clientHeight || long.scrollWidth > long.clientWidth) {
      long.tabIndex = 0;
      long.setAttribute("role", "region");
      long.setAttribute("aria-label", "long text");
    }
  }
}

function nothing(model) {
  return model.filter === "all"
    ? "Nobody handed in an answer to this question."
    : "No answer matches this filter. Press f and choose “all”.";
}

function heading(model, actions) {
  const { question, place, shown } = model;
  return make(
    "div",
    { className: "head" },
    make("h2", { textContent: `${question.number} ${question.title}` }),
    model.filter === "picked" ? untrusted("p", `Only: ${model.picked.words}`, "picked") : "",
    make(
      "div",
      { className: "actions" },
      model.written
        ? make("button", {
            type: "button",
            "aria-pressed": String(model.grid),
            textContent: "Side by side",
            title: "Written answers side by side (g)",
            onclick: actions.grid,
          })
        : "",
      make("button", {
        type: "button",
        textContent: "Previous",
        title: "Previous student (k)",
        disabled: place === 0,
        onclick: () => actions.move(-1),
      }),
      make("button", {
        type: "button",
        className: "place",
        textContent: shown.length ? `${place + 1} of ${shown.length}` : "Students",
        title: "List of students (s)",
        onclick: actions.find,
      }),
      make("button", {
        type: "button",
        textContent: "Next",
        title: "Next student (j)",
        disabled: place >= shown.length - 1,
        onclick: () => actions.move(1),
      }),
    ),
  );
}

function about(model, actions) {
  const work = model.works[model.work];
  const question = work.questions[model.question.id];
  const requests = model.requestsOf(model.work, model.question);
  return make(
    "div",
    { className: "about" },
    make(
      "h3",
      {},
      untrusted("span", work.name),
      work.who ? untrusted("span", ` ${work.who}`, "soft") : "",
      question?.version ? untrusted("span", ` version ${question.version}`, "soft") : "",
      question
        ? make("span", { className: `badge ${question.verdict[1]}`, textContent: question.verdict[0] })
        : "",
    ),
    work.file ? untrusted("p", work.file, "soft file") : "",
    ...requests.map((request) => requested(request, actions)),
    ...work.flags.map((text) => untrusted("p", text, "note")),
    ...work.notes.map((text) => untrusted("p", text, "note soft")),
    ...(question?.comments ?? []).map((text) => untrusted("p", text, "message")),
    ...(question?.remarks ?? []).map((text) => untrusted("p", text, "soft")),
  );
}

/** A request for another look, with what to do about it. */
export function requested(request, actions) {
  return make(
    "section",
    { className: request.answered ? "request soft" : "request" },
    make("h4", { textContent: request.answered ? "Request, answered" : "Request" }),
    untrusted("p", request.text, "text"),
    request.problem ? make("p", { className: "soft", textContent: request.problem }) : "",
    make("button", {
      type: "button",
      textContent: request.answered ? "Not answered yet" : "Answered",
      title: "The reply is the comment on the mark",
      onclick: () => actions.answered(request),
    }),
  );
}

/** The written answers of one work, which are known without asking. */
function texts(model) {
  const answers = model.works[model.work].questions[model.question.id].answers;
  return model.question.answers
    .filter(({ name }) => answers[name].text)
    .map(({ name }) => untrusted("div", answers[name].text, "text written"));
}

function sides(model, detail) {
  const { question, work } = model;
  const answers = model.works[work].questions[question.id].answers;
  const many = question.answers.length > 1;
  const rows = question.answers.map((answer) => {
    const own = answers[answer.name];
    const shown = detail.answers[answer.name];
    return make(
      "section",
      { className: "answer", "aria-label": answer.name },
      make(
        "h4",
        {},
        make("code", { textContent: answer.name }),
        make("span", { className: "soft", textContent: ` ${answer.about} ` }),
        many ? make("span", { className: own.verdict[1], textContent: own.verdict[0] }) : "",
      ),
      own.comment ? untrusted("p", own.comment, "soft") : "",
      make(
        "div",
        { className: "pair" },
        side("Student", [value(answer, own.text || shown.value, NO_VALUE[own.state] ?? "no answer"), drawn(answer, shown, work, question)]),
        // What no key judges may differ from the master's own answer, and be as good.
        side(answer.judged === "key" ? "Key" : "Example", [
          answer.guide ? make("p", { className: "guide", textContent: answer.guide }) : "",
          value(answer, shown.key, ""),
          answer.kind === "figure" ? picture("key", work, question, answer) : "",
        ]),
      ),
    );
  });
  return [
    ...rows,
    make(
      "section",
      { className: "pair cells" },
      side("Student's cells", detail.cells.length ? detail.cells.map(cell) : [noCells()]),
      side("Solution", detail.solution.map((source) => code(source))),
    ),
  ];
}

const noCells = () =>
  make("p", { className: "soft" }, "The check cell of this question is missing, so its cells are not known.");

function side(title, content) {
  return make("div", { className: "side" }, make("h5", { textContent: title }), ...content);
}

function value(answer, text, none) {
  if (!text) return none ? make("p", { className: "none", textContent: none }) : "";
  const kind = { written: "text written", table: "value table" }[answer.kind] ?? "value";
  return untrusted("div", text, kind);
}

function drawn(answer, shown, work, question) {
  return shown.picture ? picture("own", work, question, answer) : "";
}

function picture(whose, work, question, answer) {
  const alt =
    whose === "key"
      ? `Figure of the key: ${answer.about}`
      : `The student's figure, drawn from its marks: ${answer.about}`;
  const path = [whose, work, question.id, answer.name].map(encodeURIComponent).join("/");
  const image = make("img", { src: `/figure/${path}.png`, alt, className: "figure" });
  image.addEventListener("error", () =>
    image.replaceWith(make("p", { className: "soft" }, "There are no marks to draw.")),
  );
  const about = "Redrawn from its marks: styles and texts within it may differ from the original.";
  const caption = whose === "own" ? make("figcaption", { className: "soft small", textContent: about }) : "";
  return make("figure", {}, image, caption);
}

function cell({ number, source, output }) {
  return make(
    "figure",
    {},
    make("figcaption", { className: "soft", textContent: `Cell ${number}` }),
    code(source),
    output ? make("pre", { className: "output", textContent: output }) : "",
  );
}

const code = (source) =>
  make("pre", { className: "code" }, make("code", { textContent: source }));

function grid(model, actions) {
  const { question } = model;
  const cards = model.shown.map((id, place) => {
    const work = model.works[id];
    const own = work.questions[question.id];
    const counted = question.answers.map(({ name, most }) => {
      const value = model.counted(id, question, name);
      return value === null ? "open" : `${points(value)} of ${points(most)}`;
    });
    const current = place === model.place;
    return make(
      "section",
      {
        className: `card${current ? " current" : ""}`,
        "aria-current": current ? "true" : null,
        "aria-label": work.name,
        onclick: () => actions.go(place),
      },
      make(
        "div",
        { className: "head" },
        make(
          "button",
          { type: "button", className: "plain", onclick: () => actions.go(place) },
          untrusted("span", work.name),
        ),
        make("span", {
          className: counted.includes("open") ? "open" : "soft",
          textContent: counted.join(", "),
        }),
      ),
      ...question.answers
        .filter(({ kind }) => kind === "written")
        .map(({ name }) =>
          own.answers[name].text
            ? untrusted("div", own.answers[name].text, "text written")
            : make("p", { className: "none", textContent: own.answers[name].verdict[0] }),
        ),
    );
  });
  return make("div", { className: "grid" }, ...cards);
}
