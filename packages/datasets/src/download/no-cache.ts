import type { Cache } from "./cache.ts";

const nothing = async (): Promise<void> => {};

/** Keeps nothing. */
export const noCache: Cache = {
  read: async () => undefined,
  begin: async () => ({
    kept: undefined,
    restart: nothing,
    append: nothing,
    commit: nothing,
    close: nothing,
  }),
};
