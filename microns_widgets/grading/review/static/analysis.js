// What the analysis of the class says: how each question went, when work was handed in, and what is
// similar.

import { byId, dialog, make, points, untrusted } from "./dom.js";
import { similarWork } from "./similar.js";

export async function showAnalysis(server, model, actions) {
  const found = await server.ask("/analysis");
  const go = (question, work) => {
    byId("dialog").close();
    actions.choose(question, work);
  };
  const pick = (question, words, works) => {
    byId("dialog").close();
    actions.pick(question, words, works);
  };
  const box = dialog(
    "How the class did",
    found.exercises.length
      ? found.exercises.flatMap((one) => exercise(one, found.advice, model, go, pick))
      : [make("p", {}, "No notebook could be judged, so there is nothing to count.")],
    [["Close"]],
  );
  box.classList.add("broad");
  box.addEventListener("close", () => box.classList.remove("broad"), { once: true });
}

function exercise(one, advice, model, go, pick) {
  return [
    make("h3", {}, `${one.title}: ${plural(one.judged, "notebook")}`),
    make("div", { className: "overview" }, total(one), one.times ? times(one.times) : ""),
    make(
      "div",
      { className: "scroll", tabIndex: 0, role: "region", "aria-label": `questions of ${one.title}` },
      make(
        "table",
        { className: "numbers" },
        make(
          "thead",
          {},
          make(
            "tr",
            {},
            ...["Question", "All points", "Mean", "Points", "Discrimination"].map((text) =>
              make("th", { scope: "col", textContent: text }),
            ),
          ),
        ),
        make("tbody", {}, ...one.questions.flatMap((each) => question(each, model, go, pick))),
      ),
    ),
    make(
      "p",
      { className: "soft" },
      "Discrimination is the correlation of a question's points with those of the other questions: below 0.2 it says little about a student; below 0, look at the question and its key.",
    ),
    ...similarWork(one, advice, model, go),
  ];
}

const plural = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;

function total(one) {
  const words = one.final
    ? `Points of ${plural(one.final, "notebook")} on which everything is decided: mean ${points(one.mean)}, median ${points(one.median)} of ${points(one.most)}.`
    : "Points: there is no notebook yet on which everything is decided.";
  return make(
    "figure",
    {},
    make("figcaption", { textContent: words }),
    one.final ? bars(one.bars, "tall", shares) : "",
    one.final ? ends("0", points(one.most)) : "",
  );
}

function times({ words, bars: counts, earliest, latest }) {
  return make(
    "figure",
    {},
    make("figcaption", { textContent: words }),
    bars(counts, "tall", (all) => `Numbers from the first to the last: ${all.join(", ")}.`),
    ends(earliest, latest),
  );
}

const ends = (first, last) =>
  make("p", { className: "ends soft" }, make("span", {}, first), make("span", {}, last));

const shares = (counts) =>
  `Students by their share of the points, in steps of 10 %: ${counts.join(", ")}.`;

/** A small histogram; its label says the numbers. */
function bars(counts, size, label) {
  const most = Math.max(...counts, 1);
  return make(
    "div",
    { className: `bars ${size}`, role: "img", "aria-label": label(counts), title: label(counts) },
    ...counts.map((count) => {
      const bar = make("span", { className: count ? "" : "zero" });
      bar.style.blockSize = `${(100 * count) / most}%`;
      return bar;
    }),
  );
}

function question(one, model, go, pick) {
  const target = model.questions.find(({ id }) => id === one.id);
  const name = make("button", {
    type: "button",
    className: "plain",
    textContent: `${one.number} ${one.title}`,
    disabled: !target,
    onclick: () => go(target),
  });
  const percent = one.n ? `${Math.round((100 * one.right) / one.n)} %` : "";
  const value = one.discrimination;
  const low = typeof value === "number" && value < 0.2;
  const row = make(
    "tr",
    {},
    make("th", { scope: "row" }, name, one.open ? make("span", { className: "open", textContent: ` ${one.open} open` }) : ""),
    cell("All points", percent, one.n ? make("span", { className: "soft", textContent: ` ${one.right} of ${one.n}` }) : ""),
    cell("Mean", one.n ? `${points(one.mean)} of ${points(one.most)}` : ""),
    cell("Points", one.n ? bars(one.bars, "small", shares) : ""),
    cell("Discrimination", typeof value === "number" ? make("span", { className: low ? "part" : "", textContent: value.toFixed(2) }) : ""),
  );
  const more = [
    low || one.few || value === null ? make("p", { className: "soft", textContent: one.words }) : "",
    ...one.comparisons.map((text) => untrusted("p", text, "soft")),
    one.wrong.length ? wrongWays(one, target, pick) : "",
  ].filter(Boolean);
  return more.length ? [row, make("tr", { className: "more" }, make("td", { colSpan: 5 }, ...more))] : [row];
}

/** A cell of the table that says on a narrow screen, where there are no columns, what it is. */
const cell = (name, ...content) => make("td", { "data-name": name }, ...content);

function wrongWays(one, target, pick) {
  return make(
    "ul",
    { className: "plain-list", "aria-label": `most common wrong answers to ${one.number}` },
    ...one.wrong.map(({ text, count, answer, works }) =>
      make(
        "li",
        {},
        make("button", {
          type: "button",
          className: "plain",
          textContent: plural(count, "student"),
          title: "Show these answers",
          disabled: !target || !works.length,
          onclick: () => pick(target, text, works),
        }),
        answer ? make("code", { textContent: ` ${answer} ` }) : " ",
        untrusted("span", text),
      ),
    ),
  );
}
