// Python's None arrives as null, except from Pyodide's kernel: there it is undefined, in traits,
// within their objects and lists, and in answers. A view expects null.

// A list may have thousands of ids, so it is looked through only once.
const converted = new WeakSet<object>();

/** Puts null in place of undefined, also within lists and objects of JSON. */
export function withNulls<T>(value: T): T {
  const parts = value as Record<string, unknown>;
  if (value === undefined) return null as T;
  if ((parts?.constructor === Object || Array.isArray(value)) && !converted.has(parts)) {
    converted.add(parts);
    for (const key in parts) parts[key] = withNulls(parts[key]);
  }
  return value;
}

/** Returns a model whose traits have null in place of undefined. */
export function modelWithNulls<M extends object>(model: M): M {
  return new Proxy(model, {
    get(target, key) {
      const value = target[key as keyof M];
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => {
        const result = value.apply(target, args);
        return key === "get" ? withNulls(result) : result;
      };
    },
  });
}
