// Pairs of students whose work is similar, with the passages side by side. Never a verdict.

import { make, untrusted } from "./dom.js";

/** What is similar in an exercise; `go(question, work)` shows a student's answer. */
export function similarWork(one, advice, model, go) {
  const found = one.pairs.length;
  const all = found + one.more;
  return [
    make("h4", {}, one.compared ? `Similar work: ${all} of ${pairsOf(one.compared)} pairs` : "Similar work"),
    make("p", {}, found ? `${advice} Similarity is a reason to look, never a verdict.` : none(one)),
    ...one.pairs.map((each) => pair(each, model, go)),
    one.more ? make("p", { className: "soft" }, `${one.more} more are in analysis.json.`) : "",
    ...(one.foreign.length ? foreign(one, model) : []),
    ...one.notes.map((text) => untrusted("p", text, "soft")),
  ];
}

const pairsOf = (count) => ((count * (count - 1)) / 2).toLocaleString("en");

function none({ compared }) {
  return compared
    ? "No two notebooks are listed. That proves nothing: a copied short answer looks like an honest one, and copies of the public solution are not listed."
    : "Notebooks were not compared.";
}

const nameOf = (model, work) => model.works[work]?.name ?? "";

function foreign(one, model) {
  const names = (works) => {
    const shown = works.slice(0, 3).map((work) => nameOf(model, work));
    const rest = works.length - shown.length;
    return rest ? `${shown.join(", ")} and ${rest} more` : shown.join(", ");
  };
  return [
    make("h4", {}, "Right for somebody else's cells"),
    make(
      "ul",
      { className: "plain-list" },
      ...one.foreign.map(({ work, answers, others }) =>
        untrusted(
          "li",
          `${nameOf(model, work)}: ${answers.join(", ")}, wrong for these cells, right for those of ${names(others)}.`,
        ),
      ),
    ),
  ];
}

function pair(one, model, go) {
  const [first, second] = one.works.map((work) => nameOf(model, work));
  const details = make(
    "details",
    { className: "alike-pair" },
    make(
      "summary",
      {},
      untrusted("bdi", first),
      " and ",
      untrusted("bdi", second),
      `: ${Math.round(100 * one.share)} % of the shorter work is alike`,
    ),
  );
  // A hundred pairs have thousands of lines: those of a pair are made when it is opened.
  details.addEventListener(
    "toggle",
    () =>
      details.append(
        ...one.reasons.map((text) => untrusted("p", text, "soft")),
        ...one.passages.map((each) => passage(each, one.works, model, go)),
      ),
    { once: true },
  );
  return details;
}

function passage(one, works, model, go) {
  const target = model.questions.find(({ id }) => id === one.question);
  return make(
    "section",
    {},
    make("h5", { textContent: target ? `${target.number} ${target.title}` : one.number || "Outside of the questions" }),
    make(
      "div",
      { className: "pair" },
      ...one.sides.map((lines, place) => side(lines, works[place], target, model, go)),
    ),
  );
}

function side(lines, work, target, model, go) {
  const name = nameOf(model, work);
  return make(
    "div",
    { className: "side" },
    make(
      "button",
      { type: "button", className: "plain", disabled: !target, onclick: () => go(target, work) },
      untrusted("bdi", name),
    ),
    make(
      "pre",
      { tabIndex: 0, role: "region", "aria-label": `passage of ${name}` },
      ...lines.flatMap(({ text, alike }) => [make(alike ? "mark" : "span", { textContent: text }), "\n"]),
    ),
  );
}
