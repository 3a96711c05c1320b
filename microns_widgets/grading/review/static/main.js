// The teacher's page: puts its parts together.

import { showAnalysis } from "./analysis.js";
import { byId, dialog, make, points, tell, untrusted } from "./dom.js";
import { onKeys, showKeys } from "./keys.js";
import { Model } from "./model.js";
import { showPanel } from "./panel.js";
import { showQuestions } from "./questions.js";
import { showRequests } from "./requests.js";
import { Server } from "./server.js";
import { findStudent } from "./students.js";
import { detailOf, forgetDetails, showWork } from "./work.js";

const LOOKED_AFTER = 700;

const server = new Server({ saving, heard, refused });
let model;
let looking;

const actions = {
  move(steps) {
    if (!model.move(steps)) {
      tell(steps > 0 ? "This is the last one." : "This is the first one.");
      return;
    }
    arrive();
  },
  go(place) {
    if (place === model.place) return;
    model.place = place;
    model.aim();
    arrive();
  },
  question(steps) {
    const all = model.questions.filter((question) => model.all(question).length);
    const next = all[all.indexOf(model.question) + steps];
    if (next) actions.choose(next);
    else tell(steps > 0 ? "This is the last question." : "This is the first question.");
  },
  choose(question, work) {
    model.open(question, work);
    arrive();
  },
  /** Show only some answers to a question. */
  pick(question, words, works) {
    model.pick(question, words, works);
    actions.choose(question);
  },
  find: () => findStudent(model, actions),
  show,
  nextOpen() {
    const { shown, place, question } = model;
    const after = [...shown.slice(place + 1), ...shown.slice(0, place)];
    const next = after.find((work) => model.isOpen(work, question));
    if (next) actions.go(shown.indexOf(next));
    else tell("Nothing else is open in this question.");
  },
  filter(name) {
    model.filter = name;
    model.place = 0;
    model.refresh();
    model.aim();
    arrive();
  },
  grid() {
    if (!model.written) {
      tell("This question has no written answers.");
      return;
    }
    model.grid = !model.grid;
    arrive();
  },
  aim(place) {
    if (place === model.answer || place >= model.question.answers.length) return;
    model.answer = Math.max(0, place);
    showPanel(model, actions);
  },
  answer(steps) {
    const { length } = model.question.answers;
    actions.aim((model.answer + steps + length) % length);
    const { name } = model.question.answers[model.answer];
    if (length > 1) tell(`Points for ${name}`);
  },
  patch(answer, patch, work = model.work) {
    if ("comment" in patch && patch.comment === model.mark(work, answer).comment) return;
    model.patch(work, answer, patch);
    server.change({ kind: "mark", work, answer, patch });
    look();
    refresh();
    const counted = model.counted(work, model.question, answer);
    if (!("comment" in patch))
      tell(counted === null ? "open" : `${points(counted)} of ${points(model.most(answer))} points`);
  },
  rubric(answer, rubric) {
    const { exercise } = model.question;
    model.rubrics[`${exercise}/${answer}`] = rubric;
    server.change({ kind: "rubric", exercise, answer, rubric });
    refresh();
  },
  digit(number) {
    const { name } = model.question.answers[model.answer] ?? {};
    const item = name === undefined ? undefined : model.rubric(name).items[number - 1];
    if (!item || !model.work) {
      tell(`There is no item ${number}.`);
      return;
    }
    const on = model.mark(model.work, name).items.includes(item.id);
    actions.patch(name, { item: item.id, on: !on });
  },
  clear() {
    const { name } = model.question.answers[model.answer] ?? {};
    if (name !== undefined && model.work) actions.patch(name, { clear: true });
  },
  undo: () => server.change({ kind: "undo" }),
  redo: () => server.change({ kind: "redo" }),
  answered(request) {
    request.answered = !request.answered;
    server.change({ kind: "request", request: request.id, answered: request.answered });
    show();
  },
  focus(part) {
    const target = document.querySelector(`#points [data-shortcut="${part}"]`);
    if (part === "add") target?.click();
    else target?.focus();
  },
  leave() {
    document.activeElement?.blur();
    byId("work").focus();
  },
  filterFocus() {
    byId("questions").querySelector("details").open = true;
    byId("filter").focus();
  },
  help: showKeys,
};

/** Show everything, and note after a moment that it was looked at. */
function arrive() {
  show();
  const { work, question, shown, place } = model;
  clearTimeout(looking);
  if (!work) {
    tell("Nothing to show.");
    return;
  }
  const state = model.isOpen(work, question) ? "open" : "";
  tell([model.works[work].name, `${place + 1} of ${shown.length}`, state].filter(Boolean).join(", "));
  looking = setTimeout(look, LOOKED_AFTER);
  // The next one is there before it is asked for.
  const next = shown[place + 1];
  if (next && !model.grid && !model.isWhole(question)) detailOf(server, next, question).catch(() => {});
}

function look() {
  const { work, question } = model;
  if (!work || model.isLooked(work, question)) return;
  model.looked.add(`${work}/${question.id}`);
  server.change({ kind: "looked", at: [[work, question.id]] });
  whenFree(() => showQuestions(model, actions.choose, actions.filter));
}

function show() {
  showQuestions(model, actions.choose, actions.filter);
  showWork(model, server, actions);
  showPanel(model, actions);
}

/** Show changed marks. What is read stays as it is, where the reader has scrolled to. */
function refresh() {
  showPanel(model, actions);
  whenFree(() => {
    showQuestions(model, actions.choose, actions.filter);
    if (model.grid) showWork(model, server, actions);
  });
}

// A field that loses the focus is saved while the mouse button is down: what is being clicked must
// not be replaced before the click.
let pressed = false;
let waiting = [];

function whenFree(action) {
  if (pressed) waiting.push(action);
  else action();
}

addEventListener("pointerdown", () => (pressed = true), true);
for (const end of ["pointerup", "pointercancel"])
  addEventListener(
    end,
    () =>
      setTimeout(() => {
        pressed = false;
        const actions = waiting;
        waiting = [];
        for (const action of actions) action();
      }),
    true,
  );

// -- what the server says ---------------------------------------------------------------------

function saving({ unsent, reached, sending, why }) {
  const place = byId("saved");
  const count = unsent.length === 1 ? "1 change waits" : `${unsent.length} changes wait`;
  const words = !reached
    ? unsent.length || why
      ? `Not saved: ${why || "the server does not answer."} ${unsent.length ? `${count} here and will be sent when the same microns review command runs again.` : ""}`
      : "No connection: the review has stopped. Run the same microns review command again."
    : unsent.length || sending
      ? "Saving"
      : "All saved";
  place.classList.toggle("lost", !reached);
  if (place.textContent !== words) place.textContent = words;
}

async function heard(news, change, again) {
  if (!model) return;
  if (again) {
    // The server was started again, or the folder was graded again.
    try {
      model.take(await server.data());
    } catch (error) {
      // Asked again with the next news.
      server.boot = "";
      server.lost(error);
      return;
    }
    forgetDetails();
    model.refresh();
    whenFree(show);
    tell("The results were read again.");
    return;
  }
  const busy = new Set(
    server.unsent.filter(({ kind }) => kind === "mark").map((one) => `${one.work}/${one.answer}`),
  );
  const others = model.heard(news, server.who, busy);
  const here = others.find(({ work }) => work === model.work);
  const changed = news.marks.length || Object.keys(news.rubrics).length;
  if (Object.keys(news.answered).length) whenFree(show);
  else if (changed || news.looked.length) refresh();
  if (news.done) tell(news.done);
  if (here && !change) tell(`${here.by} has just changed the points shown here.`);
}

function refused(change, message) {
  dialog("A change was not saved", [make("p", { textContent: message })], [["Reload", () => location.reload()]]);
}

// -- the bar ----------------------------------------------------------------------------------

async function write() {
  const button = byId("write");
  button.disabled = true;
  button.textContent = "Writing";
  try {
    await saved();
    const { problems, notices } = await server.post("/write");
    const lines = [...problems, ...notices];
    dialog(
      "The results are written",
      [
        make("p", {}, "Grades, feedback pages and exports have the points of this review."),
        ...lines.map((text) => untrusted("p", text, problems.includes(text) ? "note" : "soft")),
      ],
      [["Close"]],
    );
    return true;
  } catch (error) {
    dialog("The results were not written", [make("p", { textContent: error.message })], [["Close"]]);
    return false;
  } finally {
    button.disabled = false;
    button.textContent = "Write results";
  }
}

async function saved() {
  document.activeElement?.blur();
  while (server.unsent.length || server.sending) {
    if (!server.reached) throw new Error("Changes wait to be saved, and the server does not answer.");
    await new Promise((done) => setTimeout(done, 50));
  }
}

function stop() {
  const end = async () => {
    try {
      await saved();
      server.stopped = true;
      await server.post("/stop");
    } catch (error) {
      server.stopped = false;
      dialog("The review was not stopped", [make("p", { textContent: error.message })], [["Close"]]);
      return;
    }
    document.body.replaceChildren(make("main", { className: "ended" }, make("h1", {}, "Stopped"), make("p", {}, "Everything is saved. You can close this page.")));
  };
  dialog("Stop the review?", [make("p", {}, "Points are saved. Grades, feedback pages and exports get them when the results are written, here or by the next microns grade.")], [
    ["Write results and stop", () => { write().then((done) => done && end()); return false; }, "main"],
    ["Stop", () => { end(); }],
    ["Cancel"],
  ]);
}

async function analysis() {
  try {
    await showAnalysis(server, model, actions);
  } catch (error) {
    dialog("The analysis cannot be shown", [make("p", { textContent: error.message })], [["Close"]]);
  }
}

function askName() {
  return new Promise((named) => {
    const input = make("input", { id: "name", autocomplete: "name", maxLength: 60, value: server.who });
    const box = dialog(
      "Who is marking?",
      [
        make("label", { for: "name" }, "Your name stands beside the points that you give"),
        input,
      ],
      [["Begin", () => take(), "main"]],
    );
    const take = () => {
      const name = input.value.trim();
      if (!name) {
        input.focus();
        return false;
      }
      server.who = name;
      named();
      return true;
    };
    box.oncancel = (event) => event.preventDefault();
    box.onkeydown = (event) => {
      if (event.key === "Enter" && event.target === input && take()) {
        event.preventDefault();
        box.close();
      }
    };
    input.focus();
  });
}

async function begin() {
  const data = await server.data();
  model = new Model(data);
  document.title = `Review of ${data.folder}`;
  byId("title").textContent = `Review of ${data.folder}${data.anonymous ? ", anonymous" : ""}`;
  const first = model.questions.find(
    (question) => model.all(question).some((work) => model.isOpen(work, question)),
  );
  if (first) model.question = first;
  model.refresh();
  model.aim();
  show();
  saving(server);
  byId("undo").addEventListener("click", actions.undo);
  byId("redo").addEventListener("click", actions.redo);
  byId("write").addEventListener("click", write);
  byId("stop").addEventListener("click", stop);
  byId("help").addEventListener("click", showKeys);
  byId("show-requests").addEventListener("click", () => showRequests(server, model, actions));
  byId("show-analysis").addEventListener("click", analysis);
  if (!server.who) await askName();
  onKeys(actions);
  byId("work").focus();
  arrive();
  server.send();
  server.listen();
}

window.addEventListener("beforeunload", (event) => {
  if (server.unsent.length && !server.stopped) event.preventDefault();
});
begin().catch((error) => {
  byId("saved").textContent = `The review could not be opened. ${error.message}`;
});
