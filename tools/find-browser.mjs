import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** The folders in which each system keeps programs, and the browsers in them that speak Chromium's protocol. */
const candidates = {
  linux: () =>
    [
      "chromium",
      "chromium-browser",
      "google-chrome-stable",
      "google-chrome",
      "microsoft-edge-stable",
      "microsoft-edge",
    ]
      .flatMap((name) => [`/usr/bin/${name}`, `/usr/local/bin/${name}`, `/snap/bin/${name}`])
      .concat("/opt/google/chrome/chrome", "/opt/microsoft/msedge/msedge"),
  darwin: () =>
    ["Chromium", "Google Chrome", "Microsoft Edge"].flatMap((name) =>
      ["/Applications", join(homedir(), "Applications")].map(
        (folder) => `${folder}/${name}.app/Contents/MacOS/${name}`,
      ),
    ),
  win32: () =>
    ["LOCALAPPDATA", "PROGRAMFILES", "PROGRAMFILES(X86)"]
      .map((name) => process.env[name])
      .filter((folder) => folder !== undefined)
      .flatMap((folder) => [
        join(folder, "Chromium\\Application\\chrome.exe"),
        join(folder, "Google\\Chrome\\Application\\chrome.exe"),
        join(folder, "Microsoft\\Edge\\Application\\msedge.exe"),
      ]),
};

/**
 * The path of an installed Chromium, Chrome or Edge: what the environment variable `CHROMIUM` names, else the first one found in the
 * folders where the system keeps programs.
 *
 * @returns `undefined` if there is none
 */
export function findBrowser(platform = process.platform, exists = existsSync) {
  const named = process.env["CHROMIUM"];
  if (named) return exists(named) ? named : undefined;
  return candidates[platform]?.().find((path) => exists(path));
}
