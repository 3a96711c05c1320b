// Answers kept in this browser, one item per chapter. Nothing is sent anywhere.
import { CHECKS_CHANGED, CHECKS_KEPT } from "../shared/contract";
import type { Answer } from "./question";

export interface Kept {
  answer: Answer;
  right: boolean;
}

type Chapter = Record<string, Kept>;

interface OnPage {
  /** Holds the answers where the browser refuses to keep them; each widget has its own module. */
  micronsChecksHere?: Map<string, string>;
  /** Names of all questions by chapter, on the course's site. */
  micronsChecks?: Record<string, string[]>;
}

const here = globalThis as OnPage;

/** Chapter and question of a name. */
export function split(name: string): [chapter: string, question: string] {
  const slash = name.indexOf("/");
  return [name.slice(0, slash), name.slice(slash + 1)];
}

export function readKept(name: string): Kept | undefined {
  const [chapter, question] = split(name);
  return read(chapter)[question];
}

/** Keeps an answer, and lets all widgets of the page know. */
export function keep(name: string, kept: Kept): void {
  const [chapter, question] = split(name);
  write(chapter, { ...read(chapter), [question]: kept });
}

/** Forgets the answers of a chapter. */
export function forget(chapter: string): void {
  write(chapter, {});
}

export interface Progress {
  right: number;
  tried: number;
  /** Number of questions, where it is known. */
  of: number | undefined;
}

export function progress(chapter: string): Progress {
  const names = here.micronsChecks?.[chapter];
  const all = Object.entries(read(chapter)).filter(([name]) => names?.includes(name) ?? true);
  return {
    right: all.filter(([, { right }]) => right).length,
    tried: all.length,
    of: names?.length,
  };
}

/** Whether answers are still there when the page is opened again. */
export function isKept(): boolean {
  return storage() !== null && memory().size === 0;
}

/** Calls back when an answer was kept or forgotten, here or in another tab. */
export function watchKept(callback: () => void, signal: AbortSignal): void {
  globalThis.addEventListener(CHECKS_CHANGED, callback, { signal });
  const inOtherTab = ({ key }: StorageEvent) => {
    if (key === null || key.startsWith(CHECKS_KEPT)) callback();
  };
  globalThis.addEventListener("storage", inOtherTab, { signal });
}

function read(chapter: string): Chapter {
  const key = CHECKS_KEPT + chapter;
  try {
    const text = memory().get(key) ?? storage()?.getItem(key) ?? "{}";
    const entries = Object.entries(JSON.parse(text) as object);
    return Object.fromEntries(entries.filter(([, kept]) => isAnswer(kept)));
  } catch {
    return {};
  }
}

function write(chapter: string, answers: Chapter): void {
  const key = CHECKS_KEPT + chapter;
  const text = JSON.stringify(answers);
  memory().delete(key);
  try {
    if (text === "{}") storage()?.removeItem(key);
    else if (storage()) storage()?.setItem(key, text);
    else memory().set(key, text);
  } catch {
    // It is full: the answers stay until the page is left.
    memory().set(key, text);
  }
  globalThis.dispatchEvent(new Event(CHECKS_CHANGED));
}

function memory(): Map<string, string> {
  here.micronsChecksHere ??= new Map();
  return here.micronsChecksHere;
}

// Frames without an origin, and browsers that block it, throw when it is asked for.
function storage(): Storage | null {
  try {
    return globalThis.localStorage;
  } catch {
    return null;
  }
}

// Another version of the course, or somebody's hand, may have written it.
function isAnswer(kept: unknown): kept is Kept {
  const { answer, right } = (kept ?? {}) as Partial<Kept>;
  return (
    Array.isArray(answer) &&
    answer.every((text) => typeof text === "string") &&
    typeof right === "boolean"
  );
}
