import { findBrowser } from "./find-browser.mjs";

/** How the installed Chromium is started for tests: without requests of its own, and with WebGPU. */
export function chromiumOptions(): { readonly executablePath: string; readonly args: string[] } {
  return {
    executablePath: findBrowser() ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox", // Chromium's own sandbox does not run as root
      "--enable-unsafe-webgpu", // WebGPU on the SwiftShader that Chromium ships, without a GPU
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-quic",
      "--disable-sync",
      "--no-first-run",
    ],
  };
}
