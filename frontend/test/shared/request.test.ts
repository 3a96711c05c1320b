import { describe, expect, test } from "vitest";
import { ask, isDisconnected, type Question, RequestError } from "../../src/shared/request";
import { StaticModel } from "../../src/shared/static-model";

/** A model that records requests, which the test answers. */
class Listening extends StaticModel {
  readonly asked: Question[] = [];
  readonly #callbacks = new Set<(message: unknown, buffers?: DataView[]) => void>();

  override send(message: unknown): void {
    this.asked.push(message as Question);
  }

  override on(_event: string, callback: (...args: never[]) => void): void {
    this.#callbacks.add(callback as (message: unknown) => void);
  }

  override off(_event?: string | null, callback?: ((...args: never[]) => void) | null): void {
    this.#callbacks.delete(callback as (message: unknown) => void);
  }

  say(message: unknown, buffers?: DataView[]): void {
    for (const callback of [...this.#callbacks]) callback(message, buffers);
  }

  get hearers(): number {
    return this.#callbacks.size;
  }
}

describe("a request", () => {
  test("is answered with content and buffers", async () => {
    const model = new Listening({});
    const reply = ask(model, "skeleton", { id: "1" });
    const [question] = model.asked;
    expect(question).toMatchObject({ kind: "ask", name: "skeleton", content: { id: "1" } });
    const buffer = new DataView(new ArrayBuffer(3));
    model.say({ kind: "answer", id: question?.id, content: "found" }, [buffer]);
    expect(await reply).toEqual({ content: "found", buffers: [buffer] });
    expect(model.hearers).toBe(0);
  });

  test("gets its own answer when several are pending", async () => {
    const model = new Listening({});
    const replies = [ask(model, "a"), ask(model, "b")];
    for (const { id, name } of [...model.asked].reverse()) {
      model.say({ kind: "answer", id, content: name });
    }
    expect((await Promise.all(replies)).map((reply) => reply.content)).toEqual(["a", "b"]);
  });

  test("fails with the error that Python raised", async () => {
    const model = new Listening({});
    const reply = ask(model, "check");
    const error = { type: "TokenRefused", message: "Make a new token." };
    model.say({ kind: "answer", id: model.asked[0]?.id, error });
    await expect(reply).rejects.toMatchObject(error);
    expect(model.hearers).toBe(0);
  });

  test("times out with advice on what to do", async () => {
    const model = new Listening({});
    const reply = ask(model, "check", null, { timeout: 5 });
    await expect(reply).rejects.toThrow("wait until it has finished");
    await expect(reply).rejects.toBeInstanceOf(RequestError);
    expect(model.hearers).toBe(0);
  });

  test("is cancelled when its view leaves the page", async () => {
    const model = new Listening({});
    const controller = new AbortController();
    const reply = ask(model, "check", null, { signal: controller.signal });
    controller.abort();
    await expect(reply).rejects.toMatchObject({ name: "AbortError" });
    expect(model.hearers).toBe(0);
  });

  test("is not sent for a view that has left already", async () => {
    const model = new Listening({});
    const reply = ask(model, "check", null, { signal: AbortSignal.abort() });
    await expect(reply).rejects.toMatchObject({ name: "AbortError" });
    expect(model.asked).toEqual([]);
  });

  test("that the host cannot send says that the kernel was restarted, and what to do", async () => {
    class Gone extends Listening {
      override send(): void {
        throw new Error("Cannot send");
      }
    }
    const model = new Gone({});
    const reply = ask(model, "synapses");
    await expect(reply).rejects.toThrow("The kernel was restarted or is not running. Run this");
    await expect(reply).rejects.toSatisfy(isDisconnected);
    expect(model.hearers).toBe(0);
  });
});
