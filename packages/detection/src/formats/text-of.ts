import { AnnotationError } from "./annotation-error.ts";

/**
 * The text of a file.
 *
 * @throws AnnotationError when bytes are not UTF-8
 */
export function textOf(caller: string, file: string | Uint8Array): string {
  if (typeof file === "string") return file;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(file);
  } catch (cause) {
    throw new AnnotationError(`${caller}: the file is not UTF-8 text.`, { cause });
  }
}

/** What JSON text says. */
export function jsonOf(caller: string, file: string | Uint8Array): unknown {
  const text = textOf(caller, file);
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new AnnotationError(`${caller}: the file is not JSON: ${(cause as Error).message}`, { cause });
  }
}
