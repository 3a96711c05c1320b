import { expect, test, vi } from "vitest";
import { shareHover, watchHover } from "../../src/shared/hover";

test("a widget hears the others of its group, not itself, and only while it is on the page", () => {
  const [one, other] = [{}, {}];
  const heard = vi.fn();
  const end = new AbortController();
  watchHover(() => "group", one, heard, end.signal);
  shareHover("group", other, ["1", "2"]);
  expect(heard).toHaveBeenLastCalledWith(["1", "2"]);
  shareHover("group", one, ["3"]);
  shareHover("another group", other, ["3"]);
  expect(heard).toHaveBeenCalledTimes(1);
  end.abort();
  shareHover("group", other, []);
  expect(heard).toHaveBeenCalledTimes(1);
});

test("widgets without a link share nothing", () => {
  const heard = vi.fn();
  watchHover(() => "", {}, heard, new AbortController().signal);
  shareHover("", {}, ["1"]);
  expect(heard).not.toHaveBeenCalled();
});
