import type { Origin } from "./cache.ts";

/** The host's word for this version of its file: good enough to go on with it, where it is strong. */
export function originOf({ headers }: Response, url: string): Origin | undefined {
  if (headers.has("Content-Encoding")) return undefined;
  const tag = headers.get("ETag");
  const validator = tag !== null && !tag.startsWith("W/") ? tag : headers.get("Last-Modified");
  return validator === null ? undefined : { url, validator };
}
