import type { DownloadCache } from "./cache.ts";

const nothing = async (): Promise<void> => {};

/** Keeps nothing. */
export const noCache: DownloadCache = {
  read: async () => undefined,
  begin: async () => ({
    kept: undefined,
    restart: nothing,
    append: nothing,
    commit: nothing,
    close: nothing,
  }),
};
