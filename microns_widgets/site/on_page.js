// Loaded by each page of the site that has widgets: mounts them when they are about to be seen, and
// loads their code and data from files. A classic script because browsers do not load modules from
// local files, and the files are scripts for the same reason (page_files.py). page_code.py adds the
// call.
//
// cells: root ids of the cells that have a file, {source: [id, ...]}
function micronsOnPage(cells) {
  // A page may contain this script twice.
  if (globalThis.micronsFiles) return;
  const here = document.currentScript.src;
  // A screen before a widget is seen, so that it is usually there by then.
  const AHEAD = "100%";

  const waiting = new Map();
  const loaded = new Map();
  const load = (name) => {
    if (!loaded.has(name)) {
      loaded.set(
        name,
        new Promise((resolve, reject) => {
          waiting.set(name, resolve);
          const script = document.createElement("script");
          script.src = new URL(`${name}.js`, here).href;
          script.addEventListener("error", () => {
            loaded.delete(name);
            reject(new Error("A file could not be loaded. Check your network connection, then try again."));
          });
          document.head.append(script);
        }),
      );
    }
    return loaded.get(name);
  };
  // Called by each file.
  globalThis.micronsFiles = { receive: (name, value) => waiting.get(name)?.(value) };

  const decode = (base64) =>
    new DataView(Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0)).buffer);
  // Binary data are {base64: "..."} or, in a file of their own, {base64_file: name}.
  const complete = async (value) => {
    if (Array.isArray(value)) return Promise.all(value.map(complete));
    if (typeof value !== "object" || value === null) return value;
    if (typeof value.base64 === "string") return decode(value.base64);
    if (typeof value.base64_file === "string") return decode(await load(value.base64_file));
    const entries = Object.entries(value).map(async ([key, part]) => [key, await complete(part)]);
    return Object.fromEntries(await Promise.all(entries));
  };

  // The viewer asks for cells by this function (frontend/src/skeleton-viewer/data/site-cells.ts).
  globalThis.micronsCells = async (source, id) =>
    cells[source]?.includes(id) ? complete(await load(`cells/${id}`)) : null;

  let module;
  const start = async () => {
    const code = await load("code");
    module ??= (() => {
      const style = document.createElement("style");
      style.textContent = code.style;
      document.head.append(style);
      return import(URL.createObjectURL(new Blob([code.module], { type: "text/javascript" })));
    })();
    return (await module).start;
  };

  const places = [...document.querySelectorAll(".mw-site-place")];
  const elementOf = (state) => (id) =>
    places.find(({ dataset }) => dataset.state === state && dataset.shows.split(" ").includes(id));
  const mounted = new Set();
  // Linked widgets share one state, and are mounted together.
  const mount = async (state) => {
    if (mounted.has(state)) return;
    mounted.add(state);
    const own = places.filter(({ dataset }) => dataset.state === state);
    for (const place of own) place.replaceChildren();
    try {
      const [show, saved] = await Promise.all([start(), load(state).then(complete)]);
      await show(elementOf(state), saved);
    } catch (error) {
      mounted.delete(state);
      const again = document.createElement("button");
      again.textContent = "Try again";
      again.addEventListener("click", () => mount(state));
      const text = document.createElement("p");
      text.setAttribute("role", "alert");
      text.append(`The widget could not be loaded: ${error.message} `, again);
      own[0].replaceChildren(text);
    }
  };
  const near = new IntersectionObserver(
    (seen) => {
      for (const { isIntersecting, target } of seen) {
        if (isIntersecting) mount(target.dataset.state);
      }
    },
    { rootMargin: AHEAD },
  );
  for (const place of places) near.observe(place);
}
