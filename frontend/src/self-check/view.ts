// A question on the page: its options or field, the verdict, and what is kept of it.
import { h, listen } from "../shared/dom";
import { judge, rightAnswer, type Verdict } from "./judge";
import * as kept from "./kept";
import { inline, paragraphs } from "./markdown";
import type { Answer, Question } from "./question";

const HEADINGS: Record<Verdict["kind"], string> = {
  right: "✓ Right.",
  wrong: "✗ Not right.",
  unclear: "",
};
const SHOW = "Show the answer";
const HIDE = "Hide the answer";

export class CheckView {
  readonly root: HTMLElement;
  readonly #question: Question;
  readonly #inputs: HTMLInputElement[];
  readonly #verdict = h("div", { class: "mw-check-verdict", role: "status" });
  readonly #answer = h("div", { class: "mw-check-answer", role: "status" });
  readonly #show = h("button", { type: "button", hidden: true, "aria-expanded": "false" }, SHOW);
  readonly #count = h("span", {});
  readonly #forget = h("button", { type: "button" }, "Forget my answers");
  readonly #footer = h(
    "div",
    { class: "mw-check-footer", hidden: true },
    this.#count,
    this.#forget,
  );
  // What is shown now, to be compared with what is kept.
  #shown = "";

  constructor(question: Question, signal: AbortSignal) {
    this.#question = question;
    // Two questions on a page, or one shown twice, must not share their radio buttons.
    const group = `mw-check-${Math.random().toString(36).slice(2)}`;
    this.#inputs = question.number
      ? [numberField()]
      : question.options.map(() =>
          h("input", { type: question.several ? "checkbox" : "radio", name: group }),
        );
    const check = h("button", { type: "button", class: "mw-card-main" }, "Check");
    this.root = h(
      "div",
      { class: "mw-card mw-check" },
      h(
        "fieldset",
        { class: "mw-check-question" },
        h("legend", {}, h("strong", {}, "Check yourself. "), ...inline(question.question)),
        ...this.#fields(),
      ),
      h("div", { class: "mw-check-acts" }, check, this.#show),
      this.#verdict,
      this.#answer,
      this.#footer,
    );
    listen(check, "click", () => this.#judge());
    listen(this.#show, "click", () => this.#toggleAnswer());
    for (const input of this.#inputs) {
      listen(input, "keydown", (event) => {
        if (event.key !== "Enter" || event.isComposing) return;
        event.preventDefault();
        this.#judge();
      });
    }
    if (!question.name) return;
    listen(this.#forget, "click", () => {
      kept.forget(kept.split(question.name)[0]);
      this.#inputs[0]?.focus();
    });
    kept.watchKept(() => this.#followKept(), signal);
    this.#followKept();
  }

  #fields(): HTMLElement[] {
    const { number, options, several } = this.#question;
    if (number) {
      const accuracy = number.within
        ? `to within ${number.within.toLocaleString("en", { maximumSignificantDigits: 2 })}`
        : "";
      return [
        h(
          "label",
          { class: "mw-check-number" },
          h("span", {}, "Your answer"),
          this.#inputs[0],
          number.unit && h("span", {}, number.unit),
          accuracy && h("span", { class: "mw-check-soft" }, accuracy),
        ),
      ];
    }
    return [
      ...(several ? [h("p", { class: "mw-check-soft" }, "Choose all that are right.")] : []),
      ...options.map(({ text }, at) =>
        h(
          "label",
          { class: "mw-check-option" },
          this.#inputs[at],
          h("span", {}, ...inline(text), h("span", { class: "mw-check-mark" })),
        ),
      ),
    ];
  }

  get #chosen(): Answer {
    if (this.#question.number) return [this.#inputs[0]?.value.trim() ?? ""];
    const { options } = this.#question;
    return options.filter((_, at) => this.#inputs[at]?.checked).map(({ text }) => text);
  }

  #judge(): void {
    const answer = this.#chosen;
    const verdict = judge(this.#question, answer);
    this.#showVerdict(verdict, answer);
    const { name } = this.#question;
    if (name && verdict.kind !== "unclear") {
      const right = verdict.kind === "right";
      this.#shown = JSON.stringify({ answer, right });
      kept.keep(name, { answer, right });
    }
  }

  #showVerdict(verdict: Verdict, answer: Answer): void {
    const { kind, text } = verdict;
    this.root.dataset.verdict = kind;
    const [first = h("p", {}), ...rest] = text.flatMap(paragraphs);
    if (HEADINGS[kind]) first.prepend(h("strong", {}, HEADINGS[kind]), " ");
    this.#verdict.replaceChildren(first, ...rest);
    if (kind === "unclear") return;
    this.#mark(answer, kind);
    this.#show.hidden = kind === "right";
    if (kind === "right") this.#hideAnswer();
  }

  /** Marks the options that were judged. A wrong set of several has only its wrong ones marked. */
  #mark(answer: Answer, kind: Verdict["kind"]): void {
    for (const [at, { text, right }] of this.#question.options.entries()) {
      const chosen = answer.includes(text);
      if (chosen && right && kind === "right") this.#setMark(at, "right");
      else if (chosen && !right) this.#setMark(at, "wrong");
    }
  }

  #setMark(at: number, mark: "right" | "wrong" | ""): void {
    const label = this.#inputs[at]?.closest("label");
    const place = label?.querySelector(".mw-check-mark");
    if (!label || !place) return;
    label.dataset.mark = mark;
    place.textContent = { right: " ✓ right", wrong: " ✗ not right", "": "" }[mark];
  }

  #toggleAnswer(): void {
    if (this.#answer.hasChildNodes()) {
      this.#hideAnswer();
      return;
    }
    const { because } = this.#question;
    this.#answer.replaceChildren(
      h("p", {}, h("strong", {}, "The answer: "), ...inline(rightAnswer(this.#question))),
      ...paragraphs(because),
    );
    this.#show.textContent = HIDE;
    this.#show.setAttribute("aria-expanded", "true");
  }

  #hideAnswer(): void {
    this.#answer.replaceChildren();
    this.#show.textContent = SHOW;
    this.#show.setAttribute("aria-expanded", "false");
  }

  /** Shows the answer that the browser keeps, which another page or tab may have changed. */
  #followKept(): void {
    const { name } = this.#question;
    const known = kept.readKept(name);
    const text = known ? JSON.stringify({ answer: known.answer, right: known.right }) : "";
    if (text !== this.#shown) {
      this.#shown = text;
      this.#reset();
      if (known) this.#restore(known.answer);
    }
    this.#showFooter();
  }

  #reset(): void {
    for (const [at, input] of this.#inputs.entries()) {
      input.value = this.#question.number ? "" : input.value;
      input.checked = false;
      this.#setMark(at, "");
    }
    delete this.root.dataset.verdict;
    this.#verdict.replaceChildren();
    this.#hideAnswer();
    this.#show.hidden = true;
  }

  #restore(answer: Answer): void {
    const [field] = this.#inputs;
    if (this.#question.number && field) field.value = answer[0] ?? "";
    else
      for (const [at, { text }] of this.#question.options.entries())
        (this.#inputs[at] as HTMLInputElement).checked = answer.includes(text);
    // Judged again: the question may have changed since.
    const verdict = judge(this.#question, this.#chosen);
    if (verdict.kind !== "unclear") this.#showVerdict(verdict, this.#chosen);
  }

  #showFooter(): void {
    const [chapter] = kept.split(this.#question.name);
    const { right, tried, of } = kept.progress(chapter);
    const count = of === undefined ? `${right} right so far` : `${right} of ${of} right`;
    const where = kept.isKept()
      ? "Your answers stay in this browser."
      : "This browser keeps nothing: your answers are gone when you leave this page.";
    // On the site, the top of the chapter says where answers are, and has the button.
    const text = `${count} in this chapter. ${of === undefined || !kept.isKept() ? where : ""}`;
    this.#footer.hidden = tried === 0;
    this.#forget.hidden = of !== undefined;
    this.#count.textContent = text.trim();
  }
}

function numberField(): HTMLInputElement {
  // "text", since a field for numbers would refuse 1/2 and drop a comma without a word.
  return h("input", {
    type: "text",
    inputmode: "text",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    size: 12,
  });
}
