import { constants } from "node:os";

/** Keeps a library loaded that is closed again (`RTLD_NODELETE` of Linux). */
const stay = 0x1000;

/**
 * Loads a shared library into this process, where those find it by its name that ask for it later. On Linux only.
 *
 * @returns why it cannot be loaded, or `null`
 */
export function openLibrary(file: string): string | null {
  try {
    process.dlopen({ exports: {} }, file, constants.dlopen.RTLD_NOW | constants.dlopen.RTLD_GLOBAL | stay);
    return null;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // It is loaded, and Node finds that it is not an addon.
    return /did not self-register/i.test(message) ? null : message;
  }
}
