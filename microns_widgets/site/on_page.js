// Loaded once by each page of the site: the widgets' code, and access to the cells' files.
// A classic script because browsers do not load modules from local files; page_code.py adds the call.
//
// code: module and style sheet of each widget, {name: {esm, css}}
// cells: root ids of the cells that have a file, {source: [id, ...]}
function micronsOnPage(code, cells) {
  const here = document.currentScript.src;

  // A module is created when the first widget needs it; later widgets of that kind share it.
  const modules = new Map();
  globalThis.micronsWidgets = (name) => {
    if (!modules.has(name)) {
      const style = document.createElement("style");
      style.textContent = code[name].css;
      document.head.append(style);
      const module = new Blob([code[name].esm], { type: "text/javascript" });
      modules.set(name, import(URL.createObjectURL(module)));
    }
    return modules.get(name);
  };

  const decode = (base64) =>
    new DataView(Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0)).buffer);
  const received = new Map();
  const load = (id) =>
    new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = new URL(`cells/${id}.js`, here).href;
      script.addEventListener("load", () => resolve(received.get(id)));
      script.addEventListener("error", () => {
        asked.delete(id);
        reject(new Error(`Cell ${id} could not be loaded. Check your network connection, then try again.`));
      });
      document.head.append(script);
    });
  const asked = new Map();
  globalThis.micronsCells = async (source, id) => {
    if (!cells[source]?.includes(id)) return null;
    if (!asked.has(id)) asked.set(id, load(id));
    return asked.get(id);
  };
  // Called by the file of a cell, with binary data as {base64: "..."}.
  globalThis.micronsCells.receive = (id, saved) => {
    const parts = Object.entries(saved);
    const decoded = parts.map(([key, part]) => [key, part.base64 ? decode(part.base64) : part]);
    received.set(id, Object.fromEntries(decoded));
  };
}
