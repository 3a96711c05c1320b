// Bundles each folder of src/ that has an index.ts into one module, which Python serves.
//
//   node build.mjs                      all widgets and the exported page, into ../microns_widgets/widgets/static/
//   node build.mjs --probe FOLDER       only what the live tests use (test/probe/), into FOLDER
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { minify } from "terser";

const HERE = dirname(fileURLToPath(import.meta.url));
const STATIC = join(HERE, "..", "microns_widgets", "widgets", "static");
// A widget's code is saved in every notebook that shows it, and once per widget on a page.
const LARGEST_WIDGET = 60_000;
// Small widgets that show no cells are not counted with the others.
const SMALL = ["self-check", "token-panel"];
const LARGEST_TOGETHER = 150_000;
// The module of an exported file: all widgets that it can show.
const PAGE = "page";
const LARGEST_PAGE = 130_000;

function widgets() {
  const source = join(HERE, "src");
  const folders = readdirSync(source).filter((name) => existsSync(join(source, name, "index.ts")));
  return folders.filter((name) => name !== PAGE).map(entry);
}

function entry(name) {
  return { out: name, in: join(HERE, "src", name, "index.ts") };
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
    plugins: [smallPalette, smallShaders],
  });
  for (const { out } of entryPoints) {
    const file = join(outdir, `${out}.js`);
    writeFileSync(file, await smaller(readFileSync(file, "utf8")));
  }
}

// The table of types is most of the palette: one short text, read by the bundle, is smaller.
// The browser draws no markers, and asks for no system of types.
const smallPalette = {
  name: "small-palette",
  setup({ onLoad }) {
    onLoad({ filter: /palette\.json$/ }, ({ path }) => {
      const unused = (key, value) => (/^markers?$|^systems$/.test(key) ? undefined : value);
      const { types, ...others } = JSON.parse(readFileSync(path, "utf8"), unused);
      const kinds = [...new Set(types.map(({ label, color, ...kind }) => JSON.stringify(kind)))];
      const rows = types.map(
        ({ label, color, ...kind }) => label + color + kinds.indexOf(JSON.stringify(kind)),
      );
      const table = `{...${JSON.stringify(others)}, types: "${rows.join()}".split(",").map((row) => {
        const [label, rest] = row.split("#");
        return { label, color: "#" + rest.slice(0, 6), ...[${kinds}][rest.slice(6)] };
      })}`;
      return { contents: `export default ${table}`, loader: "js" };
    });
  },
};

// Neither minifier looks into the text of a shader.
const smallShaders = {
  name: "small-shaders",
  setup({ onLoad }) {
    onLoad({ filter: /shaders\.ts$/ }, ({ path }) => {
      const contents = readFileSync(path, "utf8").replace(/^ +| *\/\/ .*$/gm, "");
      return { contents, loader: "ts" };
    });
  },
};

// Terser looks at the whole module once more, which saves 4 % of the compressed size. What it calls
// unsafe is so only for objects that turn into text and into numbers in different ways, or if
// somebody replaces the browser's own functions.
async function smaller(module) {
  const compress = { passes: 2, pure_getters: true, unsafe: true };
  return (await minify(module, { module: true, ecma: 2022, compress })).code;
}

function reportTooLarge(what, size, largest) {
  console.error(`${what}: ${size} bytes compressed, expected at most ${largest}.`);
  process.exitCode = 1;
}

function printSize(what, size) {
  console.log(`${what.padEnd(18)} ${(size / 1000).toFixed(1).padStart(6)} kB compressed`);
}

function checkSize(name, folder, largest) {
  const size = compressedSize(folder, name);
  printSize(name, size);
  if (size > largest) reportTooLarge(name, size, largest);
  return size;
}

function checkSizes(names, folder) {
  let together = 0;
  for (const name of names) {
    const size = checkSize(name, folder, LARGEST_WIDGET);
    if (!SMALL.includes(name)) together += size;
  }
  printSize("together", together);
  checkSize(PAGE, folder, LARGEST_PAGE);
  if (together > LARGEST_TOGETHER)
    reportTooLarge("All widgets together", together, LARGEST_TOGETHER);
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
  await bundle([...entryPoints, entry(PAGE)], STATIC);
  checkSizes(
    entryPoints.map((entry) => entry.out),
    STATIC,
  );
  if (entryPoints.length === 0) console.log("There are no widgets in src/.");
}
