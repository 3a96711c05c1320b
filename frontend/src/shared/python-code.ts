// Values as Python code; microns_widgets/widgets/_python_code.py is its twin.
import { INVISIBLE_SIGNS } from "./contract";

const INVISIBLE = new RegExp(INVISIBLE_SIGNS, "gu");

/** Python code that evaluates to a text. */
export function textCode(text: string): string {
  // What JSON escapes, Python reads in the same way.
  return JSON.stringify(text).replace(
    INVISIBLE,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Python code that evaluates to a text, a number, null, or a container of these. */
export function pythonCode(value: unknown): string {
  if (value === null) return "None";
  if (typeof value === "string") return textCode(value);
  if (Array.isArray(value)) return `[${value.map(pythonCode).join(", ")}]`;
  if (typeof value === "object") {
    const items = Object.entries(value as object);
    return `{${items.map(([key, item]) => `${textCode(key)}: ${pythonCode(item)}`).join(", ")}}`;
  }
  return String(value);
}
