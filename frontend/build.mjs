// Bundles each folder of src/ that has an index.ts into one module for Python to hand out.
//
//   node build.mjs                      all widgets, into ../microns_widgets/widgets/static/
//   node build.mjs --probe FOLDER       only what the live tests use (test/probe/), into FOLDER
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const STATIC = join(HERE, "..", "microns_widgets", "widgets", "static");
// A widget's code is saved in every notebook that shows it, and once for each widget on a page.
const LARGEST_WIDGET = 60_000;
const LARGEST_TOGETHER = 150_000;

function widgets() {
  const source = join(HERE, "src");
  const folders = readdirSync(source).filter((name) => existsSync(join(source, name, "index.ts")));
  return folders.map((name) => ({ out: name, in: join(source, name, "index.ts") }));
}

function compressedSize(folder, name) {
  const files = [`${name}.js`, `${name}.css`].map((file) => join(folder, file)).filter(existsSync);
  return files.reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0);
}

async function bundle(entryPoints, outdir) {
  rmSync(outdir, { recursive: true, force: true });
  mkdirSync(outdir, { recursive: true });
  await build({
    entryPoints,
    outdir,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
  });
}

function refuse(what, size, largest) {
  console.error(`${what}: ${size} bytes compressed, expected at most ${largest}.`);
  process.exitCode = 1;
}

function checkSizes(names, folder) {
  let together = 0;
  for (const name of names) {
    const size = compressedSize(folder, name);
    together += size;
    console.log(`${name.padEnd(18)} ${(size / 1000).toFixed(1).padStart(6)} kB compressed`);
    if (size > LARGEST_WIDGET) refuse(name, size, LARGEST_WIDGET);
  }
  if (together > LARGEST_TOGETHER) refuse("All together", together, LARGEST_TOGETHER);
}

const [option, folder] = process.argv.slice(2);
if (option === "--probe") {
  const probe = join(HERE, "test", "probe");
  await bundle(
    [
      { out: "probe", in: join(probe, "index.ts") },
      { out: "page", in: join(probe, "page.ts") },
      { out: "matrix", in: join(probe, "matrix.ts") },
    ],
    folder,
  );
} else {
  const entryPoints = widgets();
  await bundle(entryPoints, STATIC);
  checkSizes(
    entryPoints.map((entry) => entry.out),
    STATIC,
  );
  if (entryPoints.length === 0) console.log("There is no widget in src/ yet.");
}
