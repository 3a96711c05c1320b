// Requests to Python. microns_widgets/widgets/_requests.py describes the messages and answers them.
import type { AnyModel } from "@anywidget/types";
import { withNulls } from "./nulls";

/** What a request needs of a model; both a kernel's model and a static page's model have it. */
export type Channel = Pick<AnyModel, "send" | "on" | "off">;

export interface Question {
  kind: "ask";
  id: string;
  name: string;
  content: unknown;
}

export interface Answer {
  kind: "answer";
  id: string;
  content?: unknown;
  error?: { type: string; message: string };
}

export interface Reply<T> {
  content: T;
  buffers: DataView[];
}

/** Python raised an error, did not answer in time, or is not running. */
export class RequestError extends Error {
  /** Name of the Python exception, or "Timeout", "NoKernel" or "Disconnected". */
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.name = "RequestError";
    this.type = type;
  }
}

export interface AskOptions {
  /** Milliseconds to wait for an answer. A kernel that is running a cell answers afterwards. */
  timeout?: number;
  buffers?: ArrayBufferView[];
  /** Cancels the request, for example when the view leaves the page. */
  signal?: AbortSignal;
}

// Ids begin differently in every view, because all views of a model receive all answers.
const VIEW = /* @__PURE__ */ Math.random().toString(36);
let questions = 0;

/** Asks Python, and returns the result of the method that answers `name`. */
export function ask<T = unknown>(
  model: Channel,
  name: string,
  content: unknown = null,
  { timeout = 30_000, buffers = [], signal }: AskOptions = {},
): Promise<Reply<T>> {
  const id = `${VIEW}-${++questions}`;
  return new Promise((resolve, reject) => {
    const receive = (message: Answer, answerBuffers: DataView[] = []) => {
      if (message?.kind !== "answer" || message.id !== id) return;
      stop();
      const { error } = message;
      if (error) reject(new RequestError(error.type, error.message));
      else resolve({ content: withNulls(message.content) as T, buffers: answerBuffers });
    };
    const abort = () => {
      stop();
      reject(signal?.reason);
    };
    const expire = () => {
      stop();
      reject(new RequestError("Timeout", NO_ANSWER));
    };
    const timer = setTimeout(expire, timeout);
    const stop = () => {
      clearTimeout(timer);
      model.off("msg:custom", receive);
      signal?.removeEventListener("abort", abort);
    };
    if (signal?.aborted) return abort();
    signal?.addEventListener("abort", abort);
    model.on("msg:custom", receive);
    const question: Question = { kind: "ask", id, name, content };
    try {
      model.send(question, undefined, buffers);
    } catch {
      // Hosts raise errors of their own ("Cannot send") once the widget's Python object is gone.
      stop();
      reject(new RequestError(DISCONNECTED, RUN_AGAIN));
    }
  });
}

/** Whether asking again cannot help, since the Python object that answered is gone. */
export function isDisconnected(error: unknown): boolean {
  return error instanceof RequestError && error.type === DISCONNECTED;
}

/** Loads data: the bytes saved with the notebook as the trait `data`, or Python's answer. */
export async function loadData<T extends { data: DataView | null }>(
  model: Channel & Pick<AnyModel<T>, "get">,
  name: string,
  options: AskOptions,
): Promise<DataView> {
  const block = model.get("data") ?? (await ask(model, name, null, options)).buffers[0];
  if (!block) throw new Error(`Python did not send the ${name}.`);
  return block;
}

const DISCONNECTED = "Disconnected";
const RUN_AGAIN = "The kernel was restarted or is not running. Run this notebook cell again.";
const NO_ANSWER =
  "Python did not answer. If a cell is running, wait until it has finished and try again; " +
  "if the kernel was restarted, run the notebook's cells again.";
