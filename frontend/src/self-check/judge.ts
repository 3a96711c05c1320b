// Judges an answer, and finds what a wrong one tells.
import { readNumber } from "./number";
import type { Answer, NumberAnswer, Option, Question } from "./question";

export interface Verdict {
  /** "unclear": there was nothing to judge, and it does not count as a try. */
  kind: "right" | "wrong" | "unclear";
  /** Paragraphs of light markdown. */
  text: string[];
}

// Two ways to compute a number give results that differ by less.
const ROUNDING = 1e-9;

export function judge(question: Question, answer: Answer): Verdict {
  const { number, options, several } = question;
  if (number) return judgeNumber(number, answer[0] ?? "", question.because);
  const chosen = options.filter(({ text }) => answer.includes(text));
  if (chosen.length === 0) return { kind: "unclear", text: ["Choose an answer first."] };
  return several
    ? judgeSeveral(options, chosen, question.because)
    : judgeOne(chosen[0] as Option, question.because);
}

function judgeOne(chosen: Option, because: string): Verdict {
  return chosen.right
    ? { kind: "right", text: [because] }
    : { kind: "wrong", text: [chosen.tells] };
}

function judgeSeveral(options: Option[], chosen: Option[], because: string): Verdict {
  const wrong = chosen.filter(({ right }) => !right);
  const missing = options.filter((option) => option.right && !chosen.includes(option)).length;
  if (wrong.length) {
    // Each belongs to one of several choices, so it is named.
    return { kind: "wrong", text: wrong.map(({ text, tells }) => `“${text}”: ${tells}`) };
  }
  if (missing) {
    const more = missing === 1 ? "one more is" : `${missing} more are`;
    return { kind: "wrong", text: [`What you chose is right, but ${more} right as well.`] };
  }
  return { kind: "right", text: [because] };
}

function judgeNumber(number: NumberAnswer, typed: string, because: string): Verdict {
  const read = readNumber(typed, number.unit);
  if ("problem" in read) return { kind: "unclear", text: [read.problem] };
  const { value } = read;
  if (isNear(value, number.value, number.within)) return { kind: "right", text: [because] };
  return { kind: "wrong", text: [whatItTells(value, number)] };
}

function whatItTells(value: number, { value: right, within, wrong }: NumberAnswer): string {
  const relative = right === 0 ? 0 : within / Math.abs(right);
  const known = wrong
    .filter(([typical]) => isNear(value, typical, relative * Math.abs(typical)))
    .sort(([a], [b]) => Math.abs(value - a) - Math.abs(value - b))[0];
  if (known) return known[1];
  const tens = Math.round(Math.log10(value / right));
  // One digit alone may be the same by chance.
  const manyDigits = Number(right.toPrecision(1)) !== right;
  if (manyDigits && tens !== 0 && isNear(value / 10 ** tens, right, within)) {
    const factor = (10 ** Math.abs(tens)).toLocaleString("en");
    return `The digits are right, but the number is ${factor} times too ${tens > 0 ? "large" : "small"}.`;
  }
  return value > right ? "That is too large." : "That is too small.";
}

function isNear(value: number, target: number, within: number): boolean {
  return Math.abs(value - target) <= within + ROUNDING * Math.abs(target);
}

/** The right answer as text. */
export function rightAnswer({ number, options }: Question): string {
  if (!number) {
    const right = options.filter((option) => option.right);
    return right.map(({ text }) => `“${text}”`).join(" and ");
  }
  const digits = number.value.toLocaleString("en", { maximumSignificantDigits: 6 });
  return number.unit ? `${digits} ${number.unit}` : digits;
}
