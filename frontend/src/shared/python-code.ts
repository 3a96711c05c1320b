// Values as Python code, exactly as microns_widgets/widgets/_python_code.py writes them.
import { INVISIBLE_CHARACTERS } from "./contract";

const INVISIBLE = new RegExp(INVISIBLE_CHARACTERS, "gu");

/** Python code for a string. */
export function textCode(text: string): string {
  // JSON's escapes mean the same in Python.
  return JSON.stringify(text).replace(
    INVISIBLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Python code for a string, a number, a boolean, null, or a container of these. */
export function pythonCode(value: unknown): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return textCode(value);
  if (Array.isArray(value)) return `[${value.map(pythonCode).join(", ")}]`;
  if (typeof value === "object") {
    const items = Object.entries(value as object);
    return `{${items.map(([key, item]) => `${textCode(key)}: ${pythonCode(item)}`).join(", ")}}`;
  }
  return String(value);
}
