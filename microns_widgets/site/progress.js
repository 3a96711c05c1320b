// Loaded by each page of the site: shows how many questions of a chapter were answered right, on its
// page, in the list of contents and on the first page. Answers are in this browser's storage and
// nowhere else (frontend/src/self-check/kept.ts); progress.py adds the call.
//
// prefix: what the key of a chapter begins with; changed: the event when an answer was kept;
// chapters: [{page, chapter, names}, ...]
function micronsProgress(prefix, changed, chapters) {
  const root = new URL("..", document.currentScript.src);
  globalThis.micronsChecks = Object.fromEntries(chapters.map(({ chapter, names }) => [chapter, names]));

  const element = (tag, className, ...children) => {
    const made = Object.assign(document.createElement(tag), { className });
    made.append(...children);
    return made;
  };
  // Holds answers where the browser keeps none.
  const memory = () => globalThis.micronsChecksHere ?? new Map();
  const textOf = (key) => {
    try {
      return memory().get(key) ?? localStorage.getItem(key) ?? "{}";
    } catch {
      return "{}";
    }
  };
  const rightIn = ({ chapter, names }) => {
    try {
      const kept = JSON.parse(textOf(prefix + chapter));
      return { right: names.filter((name) => kept[name]?.right === true).length, any: Object.keys(kept).length > 0 };
    } catch {
      return { right: 0, any: false };
    }
  };
  const forget = (which) => {
    for (const { chapter } of which) {
      memory().delete(prefix + chapter);
      try {
        localStorage.removeItem(prefix + chapter);
      } catch {
        // Nothing is kept there.
      }
    }
    dispatchEvent(new Event(changed));
  };
  const isKept = () => {
    try {
      return Boolean(localStorage) && memory().size === 0;
    } catch {
      return false;
    }
  };
  const where = () =>
    isKept()
      ? "Answers stay in this browser; nothing is sent anywhere."
      : "This browser keeps nothing: answers are gone when you leave the page. Nothing is sent anywhere.";
  const isAt = (href, page) => new URL(href, location.href).pathname === new URL(page, root).pathname;
  // The button is gone with the answers: what takes its place gets the focus, and is read out.
  const forgetButton = (which, place) => {
    const button = element("button", "mw-progress-forget", "Forget my answers");
    button.type = "button";
    button.addEventListener("click", () => {
      forget(which);
      place.hidden = false;
      place.tabIndex = -1;
      place.focus();
    });
    return button;
  };

  const updates = [];
  const update = () => {
    for (const one of updates) one();
  };

  const onItsPage = (own) => {
    const title = document.querySelector("article h1");
    const first = title?.parentElement.querySelector(":scope > .cell, :scope > section");
    if (!first) return;
    const text = element("span", "");
    const button = forgetButton([own], text);
    first.before(element("p", "mw-progress", text, " ", button));
    updates.push(() => {
      const { right, any } = rightIn(own);
      const { length } = own.names;
      const count = any
        ? `${right} of ${length} questions right.`
        : `Check yourself: ${length === 1 ? "one question" : `${length} questions`}.`;
      text.textContent = `${count} ${where()}`;
      button.hidden = !any;
    });
  };

  const inContents = () => {
    for (const link of document.querySelectorAll(".bd-sidebar-primary nav a.internal")) {
      const own = chapters.find(({ page }) => isAt(link.href, page));
      if (!own) continue;
      const count = element("span", "mw-progress-count");
      link.append(count);
      updates.push(() => {
        const { right, any } = rightIn(own);
        count.textContent = any ? ` ${right}/${own.names.length}` : "";
        count.title = any ? `${right} of ${own.names.length} questions right` : "";
      });
    }
  };

  const onTheFirstPage = () => {
    const place = document.querySelector(".mw-progress-list");
    if (!place) return;
    const titleOf = (page) =>
      [...document.querySelectorAll(".bd-sidebar-primary nav a.internal")]
        .find(({ href }) => isAt(href, page))?.firstChild.textContent.trim() ?? page;
    updates.push(() => {
      const begun = chapters.filter((one) => rightIn(one).any);
      place.hidden = begun.length === 0;
      if (place.hidden) {
        place.replaceChildren(element("p", "", "Your answers are forgotten."));
        return;
      }
      const items = begun.map((one) => {
        const link = element("a", "", titleOf(one.page));
        link.href = new URL(one.page, root).href;
        return element("li", "", link, `: ${rightIn(one).right} of ${one.names.length} questions right`);
      });
      place.replaceChildren(
        element("p", "", element("strong", "", "Your answers so far")),
        element("ul", "", ...items),
        element("p", "mw-progress", `${where()} `, forgetButton(chapters, place)),
      );
    });
  };

  addEventListener("DOMContentLoaded", () => {
    for (const own of chapters) if (isAt(location.href, own.page)) onItsPage(own);
    inContents();
    onTheFirstPage();
    update();
    addEventListener(changed, update);
    addEventListener("storage", update);
  });
}
