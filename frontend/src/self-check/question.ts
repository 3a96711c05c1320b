// A question as Python sends it: microns_widgets/widgets/self_check.py defines the traits.

export interface Option {
  text: string;
  right: boolean;
  /** What choosing it shows about one's thinking. Empty for right options. */
  tells: string;
}

export interface NumberAnswer {
  value: number;
  /** How far off an answer may be. */
  within: number;
  /** "" if the number has none. */
  unit: string;
  /** Typical wrong numbers, and what each of them tells. */
  wrong: [value: number, tells: string][];
}

export interface Question extends Record<string, unknown> {
  question: string;
  /** In the order in which they are shown; none if the answer is a number. */
  options: Option[];
  /** Whether more than one option can be chosen. */
  several: boolean;
  number: NumberAnswer | null;
  /** Why the right answer is right. */
  because: string;
  /** "chapter/question", under which the browser keeps the answer; "" if it keeps none. */
  name: string;
}

/** What was answered: the texts of the chosen options, or the number as it was typed. */
export type Answer = string[];
