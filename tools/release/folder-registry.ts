// The part of npm's registry that publishing takes, in memory.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";

/** A package that was published. */
export interface Published {
  readonly manifest: {
    readonly version: string;
    readonly license?: string;
    readonly repository?: { readonly url?: string; readonly directory?: string };
    readonly dependencies?: Readonly<Record<string, string>>;
    readonly peerDependencies?: Readonly<Record<string, string>>;
  };
  /** The paths in the tarball. */
  readonly files: readonly string[];
}

export interface FolderRegistry {
  readonly address: string;
  readonly published: ReadonlyMap<string, Published>;
  readonly close: () => Promise<void>;
}

interface Sent {
  readonly name: string;
  readonly versions: Readonly<Record<string, Published["manifest"]>>;
  readonly _attachments: Readonly<Record<string, { readonly data: string }>>;
}

/** Starts a registry on this machine that has no package yet. */
export async function folderRegistry(): Promise<FolderRegistry> {
  const published = new Map<string, Published>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      response.setHeader("content-type", "application/json");
      if (request.method !== "PUT") return void response.writeHead(404).end('{"error":"not_found"}');
      const sent = JSON.parse(Buffer.concat(chunks).toString()) as Sent;
      const [manifest] = Object.values(sent.versions);
      const [tarball] = Object.values(sent._attachments);
      if (manifest === undefined || tarball === undefined) return void response.writeHead(400).end("{}");
      published.set(sent.name, { manifest, files: filesOf(gunzipSync(Buffer.from(tarball.data, "base64"))) });
      response.writeHead(201).end('{"ok":true}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return { address: `http://127.0.0.1:${port}/`, published, close };
}

/** The paths in a tar file: a header of 512 bytes, then the content, filled up to 512. */
function filesOf(tar: Buffer): readonly string[] {
  const files: string[] = [];
  for (let at = 0; at + 512 <= tar.length;) {
    const text = (from: number, length: number) =>
      tar.toString("utf8", at + from, at + from + length).replace(/\0[^]*$/u, "");
    const name = text(0, 100);
    if (name === "") break;
    const prefix = text(345, 155);
    const size = Number.parseInt(text(124, 12), 8);
    if (/[0\0]/u.test(String.fromCharCode(tar[at + 156] ?? 48)))
      files.push(prefix === "" ? name : `${prefix}/${name}`);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}
