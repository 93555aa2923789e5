/** The path of an installed Chromium, Chrome or Edge; `undefined` if there is none. */
export function findBrowser(
  platform?: NodeJS.Platform,
  exists?: (path: string) => boolean,
): string | undefined;
