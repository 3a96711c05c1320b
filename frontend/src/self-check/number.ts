// Reads a number as people type it. What could mean two numbers is asked about, not guessed.

export type Typed = { value: number } | { problem: string };

const EXAMPLES = "Type a number such as 0.5, 1/2, 50 % or 1,000.";
const PLAIN = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/;
const GROUPED = /^[+-]?[1-9]\d{0,2}([, '’]\d{3})+(\.\d*)?$/;
const TIMES_TEN = /\s*[×x*·]\s*10\s*(?:\^|\*\*)\s*([+-]?\d+)$/;

/** The number that a text means, or what is unclear about it. */
export function readNumber(text: string, unit = ""): Typed {
  const whole = plainCharacters(text);
  if (!whole) return { problem: "Type a number first." };
  const bare = whole.replace(/^(=|~|≈|about )\s*/, "");
  const [digits, percent] = withoutUnit(bare, plainCharacters(unit));
  const parts = digits.split("/").map((part) => readPart(part.trim()));
  const problem = parts.find((part) => typeof part === "string");
  if (typeof problem === "string") return { problem: problemWith(digits, problem, unit) };
  const [first, second = 1, ...more] = parts as number[];
  const value = (first as number) / second / (percent ? 100 : 1);
  if (more.length || !Number.isFinite(value))
    return { problem: `“${text.trim()}” is not a number. ${EXAMPLES}` };
  return { value };
}

function plainCharacters(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[\u2212\u2013]/g, "-")
    .replace(/\u03bc/g, "µ")
    .replace(/\s+/g, " ");
}

function withoutUnit(text: string, unit: string): [digits: string, percent: boolean] {
  if (unit && text.endsWith(unit)) return [text.slice(0, -unit.length).trim(), false];
  const share = !unit && /\s*(%|per ?cent)$/.exec(text);
  return share ? [text.slice(0, share.index), true] : [text, false];
}

/** A number, or the name of a problem. */
function readPart(text: string): number | "comma" | "nothing" {
  const digits = text.replace(TIMES_TEN, "e$1");
  if (PLAIN.test(digits)) return Number(digits);
  if (GROUPED.test(digits)) return Number(digits.replace(/[, '’]/g, ""));
  return /^[+-]?[\d.]*,\d+$/.test(digits) ? "comma" : "nothing";
}

function problemWith(text: string, problem: string, unit: string): string {
  if (problem === "comma") {
    const point = text.replace(/\./g, "").replace(",", ".");
    return `Is the comma in “${text}” a decimal point? Then type ${point}.`;
  }
  const other = unit && /^([-+\d.,/ ]*\d)\s*\D+$/.test(text);
  return other ? `Give the number in ${unit}.` : `“${text}” is not a number. ${EXAMPLES}`;
}
