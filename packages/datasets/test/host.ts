import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A host on this machine that does to each request what a test wants. */
export interface Host extends AsyncDisposable {
  readonly url: string;
  /** The `Range` of each request so far. */
  readonly ranges: (string | undefined)[];
}

export type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** Starts a host. Request `i` gets `answers[i]`; later ones the last. */
export async function startHost(...answers: Answer[]): Promise<Host> {
  const ranges: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    const answer = answers[Math.min(ranges.length, answers.length - 1)];
    ranges.push(request.headers.range);
    answer?.(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    ranges,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export interface ServeOptions {
  /** The version it tells. Null: none. */
  readonly tag?: string | null;
  /** Break the connection once this many bytes of the file have been sent. */
  readonly cut?: number;
  /** Be slow: this many bytes every few milliseconds. */
  readonly slow?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers as a good host: whole, or from where the client's range starts if its version is still this one. */
export function serve(file: Uint8Array, options: ServeOptions = {}): Answer {
  const { tag = '"one"', cut = file.length, slow, headers = {} } = options;
  return (response, request) => {
    const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1];
    const partial = range !== undefined && request.headers["if-range"] === tag;
    const start = partial ? Number(range) : 0;
    response.writeHead(partial ? 206 : 200, {
      "Content-Type": "application/gzip",
      "Content-Length": file.length - start,
      ...(tag === null ? {} : { ETag: tag }),
      ...(partial ? { "Content-Range": `bytes ${start}-${file.length - 1}/${file.length}` } : {}),
      ...headers,
    });
    void send(response, file.subarray(start, Math.max(start, cut)), slow, cut < file.length);
  };
}

async function send(response: ServerResponse, bytes: Uint8Array, slow: number | undefined, cut: boolean) {
  const step = slow ?? 65_536;
  for (let at = 0; at < bytes.length && !response.destroyed; at += step) {
    await new Promise((resolve) => response.write(bytes.subarray(at, at + step), resolve));
    if (slow !== undefined) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  if (!cut) response.end();
  else setTimeout(() => response.destroy(), 20); // what was written is to arrive first
}

export function status(code: number): Answer {
  return (response) => response.writeHead(code, { "Content-Type": "text/plain" }).end("no");
}
