// What is under review, and where the reader is.

const NOTHING = { items: [], points: null, comment: "", by: "", when: "", mark: null };

// Items that are levels of a master's rubric: at most one of them applies (rubric.py).
const LEVEL = "level-";

/** Filters of the works of a question, by name. */
export const FILTERS = {
  all: "all",
  open: "open",
  new: "not looked at",
  flagged: "flagged",
  requests: "requests",
  changed: "changed by hand",
  picked: "picked in the analysis",
};

export class Model {
  constructor(data) {
    this.take(data);
    this.question = this.questions[0];
    this.filter = "all";
    this.picked = null;
    this.grid = false;
    this.place = 0;
    this.answer = 0;
    this.refresh();
  }

  take(data) {
    Object.assign(this, {
      folder: data.folder,
      longest: data.longest,
      anonymous: data.anonymous,
      questions: data.questions,
      works: data.works,
      rubrics: data.rubrics,
      requests: data.requests,
    });
    this.question = this.questions.find(({ id }) => id === this.question?.id) ?? this.questions[0];
    this.marks = new Map(data.marks.map((mark) => [`${mark.work}/${mark.answer}`, mark]));
    this.looked = new Set(data.looked.map((at) => at.join("/")));
  }

  // -- marks ---------------------------------------------------------------------------------

  mark(work, answer) {
    return this.marks.get(`${work}/${answer}`) ?? { ...NOTHING, work, answer };
  }

  rubric(answer, exercise = this.question.exercise) {
    return this.rubrics[`${exercise}/${answer}`] ?? { start: "none", items: [] };
  }

  /** What grading gave an answer; null if that is open. */
  computed(work, question, answer) {
    const own = this.works[work];
    if (!answer) return own.judged && !own.open ? own.points : null;
    return own.questions[question.id].answers[answer].points;
  }

  /** The points that count; null if they are open. */
  counted(work, question, answer) {
    const { mark } = this.mark(work, answer);
    return mark ? mark[0] : this.computed(work, question, answer);
  }

  isWhole(question) {
    return question.id === question.exercise;
  }

  isOpen(work, question) {
    if (this.mark(work, "").mark) return false;
    if (this.isWhole(question)) return !this.works[work].judged;
    return question.answers.some(({ name }) => this.counted(work, question, name) === null);
  }

  isChanged(work, question) {
    return question.answers.some(({ name }) => this.mark(work, name).mark);
  }

  isLooked(work, question) {
    return this.looked.has(`${work}/${question.id}`);
  }

  /** How many students have an item of a rubric. */
  uses(item, answer, exercise = this.question.exercise) {
    let count = 0;
    for (const mark of this.marks.values()) {
      const own = mark.answer === answer && this.works[mark.work]?.exercise === exercise;
      if (own && mark.items.includes(item)) count += 1;
    }
    return count;
  }

  requestsOf(work, question) {
    return this.requests.filter((one) => one.work === work && one.question === question.id);
  }

  // -- where the reader is -------------------------------------------------------------------

  all(question) {
    const own = Object.values(this.works).filter(({ exercise }) => exercise === question.exercise);
    return own
      .filter((work) => this.isWhole(question) || question.id in work.questions)
      .map(({ id }) => id);
  }

  /** Show only some works of a question, once it is opened. */
  pick(question, words, works) {
    this.picked = { question: question.id, words, works: new Set(works) };
    this.filter = "picked";
  }

  /** Choose the works that are shown. Those that no longer fit stay until the reader moves on. */
  refresh() {
    const question = this.question;
    const fits = {
      all: () => true,
      open: (work) => this.isOpen(work, question),
      new: (work) => !this.isLooked(work, question),
      flagged: (work) => this.works[work].flags.length > 0,
      requests: (work) => this.requestsOf(work, question).some(({ answered }) => !answered),
      changed: (work) => this.isChanged(work, question),
      picked: (work) => this.picked.works.has(work),
    }[this.filter];
    this.shown = this.all(question).filter(fits);
    this.place = Math.max(0, Math.min(this.place, this.shown.length - 1));
  }

  get work() {
    return this.shown[this.place];
  }

  get written() {
    return this.question.answers.some(({ kind }) => kind === "written");
  }

  open(question, work) {
    if (this.picked && this.picked.question !== question.id) {
      this.picked = null;
      if (this.filter === "picked") this.filter = "all";
    }
    this.question = question;
    this.place = 0;
    this.refresh();
    if (work !== undefined) {
      if (!this.shown.includes(work)) {
        this.filter = "all";
        this.refresh();
      }
      this.place = Math.max(0, this.shown.indexOf(work));
    }
    this.grid = this.grid && this.written;
    this.aim();
  }

  move(steps) {
    const next = this.place + steps;
    if (next < 0 || next >= this.shown.length) return false;
    this.place = next;
    this.aim();
    return true;
  }

  /** Point at the first answer that needs a person, or else the first. */
  aim() {
    const { question, work } = this;
    const open = work
      ? question.answers.findIndex(({ name }) => this.counted(work, question, name) === null)
      : 0;
    const written = question.answers.findIndex(({ kind }) => kind === "written");
    this.answer = Math.max(0, open >= 0 ? open : written);
  }

  // -- changes -------------------------------------------------------------------------------

  /** Change a mark here, as the server will. */
  patch(work, answer, patch) {
    const before = this.mark(work, answer);
    const after = { ...before, items: [...before.items] };
    if (patch.clear) Object.assign(after, NOTHING, { work, answer });
    if ("item" in patch) {
      const level = (id) => patch.on && id.startsWith(LEVEL) && patch.item.startsWith(LEVEL);
      after.items = after.items.filter((id) => id !== patch.item && !level(id));
      if (patch.on) after.items.push(patch.item);
      after.points = null;
    }
    if ("points" in patch) after.points = patch.points;
    if ("comment" in patch) after.comment = patch.comment;
    after.mark = this.counts(work, answer, after);
    this.marks.set(`${work}/${answer}`, after);
  }

  /** The points of a mark before they are clipped; null if it gives none. */
  sum(work, answer, mark) {
    if (mark.points !== null) return mark.points;
    const rubric = this.rubric(answer, this.works[work].exercise);
    const items = rubric.items.filter(({ id }) => mark.items.includes(id));
    if (!items.length) return null;
    const start = rubric.start === "all" ? this.most(answer) : 0;
    return items.reduce((sum, item) => sum + item.points, start);
  }

  most(answer, question = this.question) {
    return question.answers.find(({ name }) => name === answer)?.most ?? 0;
  }

  counts(work, answer, mark) {
    if (!mark.items.length && !mark.comment && mark.points === null) return null;
    const sum = this.sum(work, answer, mark);
    const value =
      sum === null
        ? this.computed(work, this.question, answer)
        : Math.min(Math.max(sum, 0), this.most(answer));
    return value === null ? null : [value, mark.comment];
  }

  /** Take over what the server says; return the marks that are others' news. */
  heard(news, who, busy) {
    const others = [];
    for (const mark of news.marks) {
      const key = `${mark.work}/${mark.answer}`;
      const before = this.marks.get(key);
      const same = before && JSON.stringify(before.mark) === JSON.stringify(mark.mark);
      if (!busy.has(key)) this.marks.set(key, mark);
      if (mark.by && mark.by !== who && !same) others.push(mark);
    }
    Object.assign(this.rubrics, news.rubrics);
    for (const at of news.looked) this.looked.add(at.join("/"));
    for (const request of this.requests) {
      if (request.id in news.answered) request.answered = news.answered[request.id];
    }
    return others;
  }
}
