// Creates elements in one line each. Text is never parsed as HTML: a cell type may have any name.

type Child = Node | string | null | undefined | false;
type Attributes = Record<string, string | number | boolean | null | undefined>;

/**
 * Creates an element.
 *
 * Attributes are set by name: `true` sets an empty one; `false`, `null` and `undefined` set none.
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  return fill(document.createElement(tag), attributes, children);
}

/** Creates an SVG element. */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

/** Adds a listener; the returned function removes it. */
export function listen<K extends keyof HTMLElementEventMap>(
  target: EventTarget,
  event: K,
  callback: (event: HTMLElementEventMap[K]) => void,
  options?: AddEventListenerOptions,
): () => void {
  const listener = callback as EventListener;
  target.addEventListener(event, listener, options);
  return () => target.removeEventListener(event, listener, options);
}

// How children looked when `renew` was given them: the page around a widget may mark what has the
// focus, which makes them no others.
const LOOKS = new WeakMap<Node, string>();

/**
 * Replaces the children of an element, except those that stay the same: a button that is replaced
 * while it is pressed is never clicked, and one that has the focus loses it.
 *
 * A child that stays keeps its listeners, which must therefore act on what is shown when they are
 * called, not on what was shown when they were added.
 */
export function renew(parent: Element, ...children: Child[]): void {
  let next = parent.firstChild;
  const removeUpTo = (end: Node | null) => {
    while (next && next !== end) {
      const { nextSibling } = next;
      next.remove();
      next = nextSibling;
    }
  };
  for (const child of [...h("div", {}, ...children).childNodes]) {
    const look = child instanceof Element ? child.outerHTML : `text ${child.textContent}`;
    let same = next;
    while (same && LOOKS.get(same) !== look) same = same.nextSibling;
    if (same) {
      removeUpTo(same);
      next = same.nextSibling;
    } else {
      LOOKS.set(child, look);
      parent.insertBefore(child, next);
    }
  }
  removeUpTo(null);
}

function fill<E extends Element>(element: E, attributes: Attributes, children: Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (/^on|^srcdoc$/i.test(name)) {
      throw new Error(`Use listen() for ${name}: this would run text as code.`);
    }
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, String(value));
  }
  // append() turns strings into text nodes.
  element.append(
    ...children.filter((child): child is Node | string => child != null && child !== false),
  );
  return element;
}
