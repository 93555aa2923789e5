import { expect, test, vi } from "vitest";
import { findBrowser } from "../tools/find-browser.mjs";

const only =
  (...files: string[]) =>
  (path: string) =>
    files.includes(path);

test("CHROMIUM names the browser, and a file that is not there is no browser", () => {
  vi.stubEnv("CHROMIUM", "/opt/mine");
  expect(findBrowser("linux", only("/opt/mine", "/usr/bin/chromium"))).toBe("/opt/mine");
  expect(findBrowser("linux", only("/usr/bin/chromium"))).toBeUndefined();
  vi.unstubAllEnvs();
});

test("without CHROMIUM the system's folders are searched: Chromium, then Chrome, then Edge", () => {
  vi.stubEnv("CHROMIUM", undefined);
  vi.stubEnv("PROGRAMFILES", "C:\\Program Files");
  expect(findBrowser("linux", only("/usr/bin/microsoft-edge", "/usr/bin/google-chrome"))).toBe(
    "/usr/bin/google-chrome",
  );
  const chrome = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
  expect(findBrowser("darwin", only(chrome))).toBe(chrome);
  expect(findBrowser("win32", (path) => path.endsWith("msedge.exe"))).toContain("Program Files");
  expect(findBrowser("linux", () => false)).toBeUndefined();
  expect(findBrowser("aix", () => true)).toBeUndefined();
  vi.unstubAllEnvs();
});
