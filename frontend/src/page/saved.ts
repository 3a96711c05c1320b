// Reads the widgets' state as export.py writes it: JSON, with binary data as {"base64": "..."}.

export interface Saved {
  /** By which linked widgets find each other. */
  id: string;
  /** Name of the widget's module. */
  module: string;
  /** Label for screen readers. */
  label: string;
  /** Whether an explorer of the page shows it. */
  inside?: boolean;
  state: Record<string, unknown>;
}

export function readState(json: string): Saved[] {
  return JSON.parse(json, (_key, value) => (isBinary(value) ? decode(value.base64) : value));
}

function isBinary(value: unknown): value is { base64: string } {
  return typeof (value as { base64?: unknown } | null)?.base64 === "string";
}

function decode(base64: string): DataView {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return new DataView(bytes.buffer);
}
