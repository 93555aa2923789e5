import { gunzip } from "../formats/gunzip.ts";

/** The bytes that `tools/embed.ts` packed: base64 of gzip. */
export async function unpack(packed: string): Promise<Uint8Array> {
  const binary = atob(packed);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return gunzip(bytes);
}
