import { expect, test } from "vitest";
import { judge, rightAnswer } from "../../src/self-check/judge";
import type { NumberAnswer, Question } from "../../src/self-check/question";

const QUESTION: Question = {
  question: "Which?",
  options: [],
  several: false,
  number: null,
  because: "So it is.",
  name: "",
};

function numberOf(number: Partial<NumberAnswer>): Question {
  return { ...QUESTION, number: { value: 0, within: 0, unit: "", wrong: [], ...number } };
}

function choice(several: boolean): Question {
  const option = (text: string, tells: string) => ({ text, right: tells === "", tells });
  const options = [
    option("A", ""),
    option("b", "b is small."),
    option("C", ""),
    option("d", "d too."),
  ];
  return { ...QUESTION, several, options };
}

test("a wrong choice tells its own, the right one why", () => {
  expect(judge(choice(false), ["b"])).toEqual({ kind: "wrong", text: ["b is small."] });
  expect(judge(choice(false), ["A"])).toEqual({ kind: "right", text: ["So it is."] });
  expect(judge(choice(false), [])).toMatchObject({ kind: "unclear" });
});

test("an option that no longer exists is not an answer", () => {
  expect(judge(choice(false), ["gone"])).toMatchObject({ kind: "unclear" });
});

test.each([
  [["A", "C"], "right", "So it is."],
  [["A"], "wrong", "one more is right as well"],
  [["A", "b", "C"], "wrong", "“b”: b is small."],
  [["b", "d"], "wrong", "“d”: d too."],
])("of several, %j is %s", (answer, kind, text) => {
  const verdict = judge(choice(true), answer);
  expect(verdict.kind).toBe(kind);
  expect(verdict.text.join("\n")).toContain(text);
});

test.each([
  ["0.0095", "right"],
  ["0.0099", "right"],
  ["0.95 %", "right"],
  ["95/10,000", "right"],
  ["0.0101", "wrong"],
  ["0,0095", "unclear"],
  ["", "unclear"],
])("%j for 0.0095 within 0.0005 is %s", (typed, kind) => {
  expect(judge(numberOf({ value: 0.0095, within: 0.0005 }), [typed]).kind).toBe(kind);
});

test("the limits of the tolerance count, whatever the rounding", () => {
  const question = numberOf({ value: 0.3, within: 0.1 });
  for (const typed of ["0.2", "0.4", "0.3"]) expect(judge(question, [typed]).kind).toBe("right");
  expect(judge(question, ["0.41"]).kind).toBe("wrong");
});

test("a third may be typed as a fraction or with enough digits", () => {
  const question = numberOf({ value: 1 / 3, within: 0.003 });
  for (const typed of ["1/3", "0.333", "33.3 %"])
    expect(judge(question, [typed]).kind).toBe("right");
});

test("a typical wrong number tells what went wrong, the nearest first", () => {
  const wrong: [number, string][] = [
    [0.019, "Each pair once."],
    [0.0195, "Something else."],
  ];
  const question = numberOf({ value: 0.0095, within: 0.0005, wrong });
  expect(judge(question, ["0.0191"]).text).toEqual(["Each pair once."]);
  expect(judge(question, ["0.0196"]).text).toEqual(["Something else."]);
  expect(judge(numberOf({ value: 5, wrong: [[0, "Nothing."]] }), ["0"]).text).toEqual(["Nothing."]);
});

test("the right digits in another unit are named, one digit alone is not", () => {
  expect(judge(numberOf({ value: 1250 }), ["1.25"]).text).toEqual([
    "The digits are right, but the number is 1,000 times too small.",
  ]);
  expect(judge(numberOf({ value: 3 }), ["30"]).text).toEqual(["That is too large."]);
  expect(judge(numberOf({ value: 3 }), ["-3"]).text).toEqual(["That is too small."]);
  expect(judge(numberOf({ value: 0 }), ["1"]).text).toEqual(["That is too large."]);
});

test("the answer is shown with its unit", () => {
  expect(rightAnswer(numberOf({ value: 16_719, unit: "µm" }))).toBe("16,719 µm");
  expect(rightAnswer(numberOf({ value: 1 / 3 }))).toBe("0.333333");
  expect(rightAnswer(choice(true))).toBe("“A” and “C”");
});
