// What can be moved in a widget, and how the widget looks: for mover.py, which moves it.
(() => {
  const MOVABLE = "input, select, button, summary, [role=slider]";
  // These write files and ask for new windows; test_export.py and its like press them.
  const EXPORT = "details[class*=export]";
  const GROUP = "[role=group], fieldset, section, details";

  const seen = (element) =>
    element.checkVisibility({ visibilityProperty: true }) &&
    element.getBoundingClientRect().width > 0 &&
    !element.disabled;

  const kindOf = (element) => {
    if (element.getAttribute("role") === "slider" || element.type === "range") return "slider";
    if (element.tagName === "SUMMARY") return "fold";
    if (element.tagName === "SELECT") return "choice";
    if (element.tagName === "BUTTON") return "button";
    return { checkbox: "box", radio: "box", number: "number" }[element.type] ?? "text";
  };

  const groupOf = (element) => element.closest(GROUP) ?? element.parentElement;
  const nameOfGroup = (group) => group.getAttribute("aria-label") ?? group.className;

  // The name of a control, by which it is found after the widget has redrawn it; without its state.
  const nameOf = (element) => {
    const label = element.closest("label");
    const words = [...(label?.childNodes ?? [])]
      .filter((node) => node !== element)
      .map((node) => node.textContent);
    // JupyterLab needs a mark on what has the focus; it does not belong to the name.
    const { lmSuppressShortcuts, ...named } = element.dataset;
    const own = Object.entries(named).map((pair) => pair.join("="));
    const told = element.getAttribute("aria-label") ?? element.title;
    if (!label && !told && !own.length) words.push(element.innerText ?? element.placeholder);
    const ends = element.options ? [element.options[0]?.text, [...element.options].at(-1)?.text] : [];
    return [told, ...own, ...words, ends.join("…")].join(" ").trim();
  };

  // Of many boxes in a group the first and the last are its ends.
  const namesOfBoxes = (boxes) => {
    const names = new Map();
    for (const [group, members] of Map.groupBy(boxes, groupOf)) {
      if (members.length === 1) names.set(members[0], nameOf(members[0]));
      else {
        names.set(members[0], `first of ${nameOfGroup(group)}`);
        names.set(members.at(-1), `last of ${nameOfGroup(group)}`);
      }
    }
    return names;
  };

  const controls = (root) => {
    const all = [...root.querySelectorAll(MOVABLE)].filter((e) => seen(e) && !e.closest(EXPORT));
    const boxes = namesOfBoxes(all.filter((element) => kindOf(element) === "box"));
    const times = new Map();
    return all.flatMap((element) => {
      const kind = kindOf(element);
      if (kind === "box" && !boxes.has(element)) return [];
      const name = `${kind}: ${boxes.get(element) ?? nameOf(element)}`;
      const nth = (times.get(name) ?? 0) + 1;
      times.set(name, nth);
      return [{ element, kind, name: nth > 1 ? `${name}, ${nth}` : name }];
    });
  };

  const mix = (sum, word) => (Math.imul(sum, 31) + word) | 0;

  const pixels = (canvas) => {
    if (!canvas.width || !canvas.height) return 0;
    const copy = new OffscreenCanvas(Math.ceil(canvas.width / 2), Math.ceil(canvas.height / 2));
    const context = copy.getContext("2d", { willReadFrequently: true });
    context.drawImage(canvas, 0, 0, copy.width, copy.height);
    const { data } = context.getImageData(0, 0, copy.width, copy.height);
    return new Uint32Array(data.buffer).reduce(mix, 0);
  };

  // The moved control's own value is left out: the browser changes that by itself.
  const words = (root, moved) =>
    [
      root.outerHTML,
      ...[...root.querySelectorAll("input, select")]
        .filter((element) => element !== moved)
        .map((element) => (element.type === "checkbox" ? element.checked : element.value)),
    ].join("\n");
  const pictures = (root) => [...root.querySelectorAll("canvas")].filter(seen).map(pixels).join();

  const look = (root, moved) => ({ words: words(root, moved), pictures: pictures(root) });
  // Pictures take long to read: words first.
  const same = (root, moved, last) =>
    words(root, moved) === last.words && pictures(root) === last.pictures;

  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

  // What comes comes soon, as a rule; to look at every frame for long keeps a processor busy.
  const until = async (milliseconds, happened) => {
    const end = performance.now() + milliseconds;
    for (let between = 0; performance.now() < end; between = Math.min(between + 10, 80)) {
      if (happened()) return true;
      await frame();
      await pause(between);
    }
    return happened();
  };

  const find = (root, name) =>
    controls(root).find((control) => control.name === name)?.element ?? null;

  let before = {};

  globalThis.mover = {
    // Waits until there is something to move, and the widget has come to rest.
    appears: async (root, milliseconds) => {
      if (!(await until(milliseconds, () => controls(root).length > 0))) return false;
      let [last, since] = [look(root, null), performance.now()];
      return until(milliseconds, () => {
        if (!same(root, null, last)) [last, since] = [look(root, null), performance.now()];
        return performance.now() - since > 300;
      });
    },
    list: (root) => controls(root).map(({ kind, name }) => ({ kind, name })),
    find,
    // Waits until the widget looks the same in two frames, and keeps how.
    rest: (root, name, milliseconds) =>
      until(milliseconds, () => {
        const moved = find(root, name);
        const rests = same(root, moved, before);
        if (!rests) before = look(root, moved);
        return rests;
      }),
    changes: (root, name, milliseconds) =>
      until(milliseconds, () => !same(root, find(root, name), before)),
    // Ends of a field for numbers: what it and its neighbours say to be the least and the most.
    bounds: (element) => {
      const fields = [...element.parentElement.querySelectorAll("input[type=number]")];
      const told = fields.flatMap((field) => [field.min, field.max, field.placeholder]);
      const numbers = told.filter((text) => text !== "").map(Number);
      return [Math.min(...numbers), Math.max(...numbers)].map(String);
    },
    neighbours: (element) => {
      const others = [...element.parentElement.querySelectorAll("button, input")];
      return others.filter((other) => other !== element && seen(other));
    },
  };
})();
