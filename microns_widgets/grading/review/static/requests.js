// Regrade requests of students: a list to load, and where each leads.

import { byId, dialog, make, untrusted } from "./dom.js";
import { requested } from "./work.js";

/** Show all requests, and take a list of them. */
export function showRequests(server, model, actions) {
  const file = make("input", { type: "file", accept: ".csv,text/csv", id: "requests-file" });
  file.addEventListener("change", async () => {
    try {
      model.requests = await server.post("/requests", await file.files[0].text());
      actions.show();
      showRequests(server, model, actions);
    } catch (error) {
      dialog("The list was not read", [make("p", { textContent: error.message })], [["Close"]]);
    }
  });
  const lost = model.requests.filter(({ work }) => !work);
  const open = model.requests.filter(({ answered }) => !answered).length;
  const own = model.requests.filter(({ work }) => work);
  dialog(
    "Regrade requests",
    [
      make("label", { for: "requests-file" }, "CSV file with the columns student, exercise, question and text"),
      file,
      make("p", {}, model.requests.length ? `${model.requests.length} requests, ${open} not answered.` : "There are none yet."),
      make("ul", { className: "plain-list" }, ...own.map((one) => make("li", {}, make("button", {
        type: "button",
        className: "plain",
        onclick: () => {
          byId("dialog").close();
          actions.choose(model.questions.find(({ id }) => id === one.question), one.work);
        },
      }, `${one.answered ? "Answered: " : ""}${model.works[one.work].name}, ${one.about}`)))),
      ...lost.map((one) => make("section", {}, untrusted("h4", `${one.student} ${one.about}`), requested(one, actions))),
    ],
    [["Close"]],
  );
}
