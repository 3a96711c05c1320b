// Tests run in a real browser: Chromium with WebGL in software.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";

// The same search as in tools/ensure_system.py; if it finds none, Playwright uses its own.
function chromium(): { executablePath?: string } {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const names = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"];
  const candidates = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  const executablePath = process.env.CHROMIUM || candidates.find(existsSync);
  return executablePath ? { executablePath } : {};
}

export default defineConfig({
  // The palette is outside this folder, in the Python package.
  server: { fs: { allow: [".."] } },
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    // As in tests/browser: on a busy machine the browser loses frames and contexts.
    retry: 1,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({
        launchOptions: {
          ...chromium(),
          args: [
            "--no-sandbox",
            "--disable-quic",
            "--use-angle=swiftshader",
            // Only WebGL is drawn that way: whole pages would take ten times as long.
            "--disable-gpu-compositing",
            "--disable-gpu-rasterization",
          ],
        },
      }),
      instances: [{ browser: "chromium" }],
    },
  },
});
