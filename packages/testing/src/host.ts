import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A host on this machine that answers each request as a test requires. */
export interface Host extends AsyncDisposable {
  readonly url: string;
  /** The `Range` of each request so far. */
  readonly ranges: (string | undefined)[];
  /**
   * How many bytes the client says it has: `onProgress` is to tell. A connection is cut only once they have come, for what
   * is still on its way then is lost.
   */
  seen: number;
}

export type Answer = (response: ServerResponse, request: IncomingMessage, host: { seen: number }) => void;

/** Starts a host. Request `i` gets `answers[i]`; later ones the last. */
export async function startHost(...answers: Answer[]): Promise<Host> {
  const ranges: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    const answer = answers[Math.min(ranges.length, answers.length - 1)];
    ranges.push(request.headers.range);
    answer?.(response, request, host);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const host: Host = {
    url: `http://127.0.0.1:${port}/`,
    ranges,
    seen: 0,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return host;
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
  return (response, request, host) => {
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
    const end = Math.max(start, cut);
    void send(response, file.subarray(start, end), slow).then(async () => {
      if (end === file.length) return response.end();
      response.flushHeaders();
      for (let waits = 0; host.seen < end && waits < 400; waits++) await soon();
      return response.destroy();
    });
  };
}

async function send(response: ServerResponse, bytes: Uint8Array, slow: number | undefined): Promise<void> {
  const step = slow ?? 65_536;
  for (let at = 0; at < bytes.length && !response.destroyed; at += step) {
    await new Promise((resolve) => response.write(bytes.subarray(at, at + step), resolve));
    if (slow !== undefined) await soon();
  }
}

function soon(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}

export function status(code: number): Answer {
  return (response) => response.writeHead(code, { "Content-Type": "text/plain" }).end("no");
}
