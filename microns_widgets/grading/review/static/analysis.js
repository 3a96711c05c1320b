// What the analysis of the class says: how each question went, and passages that are alike. The
// button is there only if there is an analysis.

import { byId, dialog, make, untrusted } from "./dom.js";

export async function showAnalysis(server, model, actions) {
  const found = await server.ask("/analysis").catch(() => ({}));
  const button = byId("show-analysis");
  button.hidden = !found.questions?.length;
  button.addEventListener("click", () => open(found, model, actions));
}

function open(found, model, actions) {
  const box = dialog(
    "How the class did",
    [
      make("ul", { className: "plain-list numbers" }, ...found.questions.map((one) => question(one, model, actions))),
      make("h3", { textContent: "Similar work" }),
      make("p", {}, "These passages are similar. Read them, then ask both students: similarity is a reason to look, never a verdict."),
      ...(found.pairs.length
        ? found.pairs.map((one) => pair(one, model, actions))
        : [make("p", { className: "soft" }, "No two notebooks are listed as similar.")]),
      ...found.notes.map((text) => untrusted("p", text, "soft")),
    ],
    [["Close"]],
  );
  box.classList.add("broad");
  box.addEventListener("close", () => box.classList.remove("broad"), { once: true });
}

function question(one, model, actions) {
  const share = one.n ? `${Math.round((100 * one.right) / one.n)} % right (${one.right} of ${one.n})` : "not decided yet";
  const discrimination =
    typeof one.discrimination === "number" ? `, discrimination ${one.discrimination.toFixed(2)}` : "";
  const target = model.questions.find(({ id }) => id === one.id);
  return make(
    "li",
    {},
    make("button", {
      type: "button",
      className: "plain",
      textContent: `${one.number} ${one.title}`,
      disabled: !target,
      onclick: () => {
        byId("dialog").close();
        actions.choose(target);
      },
    }),
    make("span", { textContent: ` ${share}${discrimination}.` }),
    one.words ? untrusted("p", one.words, "soft") : "",
    ...one.comparisons.map((text) => untrusted("p", text, "soft")),
    one.wrong.length
      ? make(
          "ul",
          {},
          ...one.wrong.map(({ text, count }) =>
            make("li", {}, `${count} × `, untrusted("span", text)),
          ),
        )
      : "",
  );
}

function pair(one, model, actions) {
  const names = one.works.map((work) => model.works[work]?.name ?? "");
  return make(
    "details",
    { className: "alike-pair" },
    make(
      "summary",
      {},
      untrusted("span", names[0]),
      " and ",
      untrusted("span", names[1]),
      `, ${one.exercise}: ${Math.round(100 * one.share)} % of the shorter work is alike`,
    ),
    ...one.reasons.map((text) => untrusted("p", text, "soft")),
    ...one.passages.map((passage) => {
      const target = model.questions.find(({ id }) => id === passage.question);
      return make(
        "section",
        {},
        make("h4", { textContent: target ? `${target.number} ${target.title}` : passage.number }),
        make(
          "div",
          { className: "pair" },
          ...passage.sides.map((lines, place) =>
            make(
              "div",
              { className: "side" },
              make("button", {
                type: "button",
                className: "plain",
                textContent: names[place],
                disabled: !target,
                onclick: () => {
                  byId("dialog").close();
                  actions.choose(target, one.works[place]);
                },
              }),
              make(
                "pre",
                { tabIndex: 0, role: "region", "aria-label": `passage of ${names[place]}` },
                ...lines.flatMap(({ text, alike }) => [
                  make(alike ? "mark" : "span", { textContent: text }),
                  "\n",
                ]),
              ),
            ),
          ),
        ),
      );
    }),
  );
}
