/**
 * Why tfjs could not load a WebAssembly file: what its server answers.
 *
 * @param address where tfjs asked for it
 */
export async function loadFailure(address: string): Promise<string> {
  const response = await fetch(address).catch(() => null);
  if (response === null) return `tfjs could not load ${address}`;
  if (!response.ok) return `${address} answers with status ${response.status}`;
  const [first, ...rest] = new Uint8Array(await response.arrayBuffer()).subarray(0, 4);
  const isWasm = first === 0 && String.fromCharCode(...rest) === "asm";
  if (isWasm) return `tfjs could not start ${address}, though it is WebAssembly`;
  const type = response.headers.get("content-type")?.split(";")[0] ?? "no content type";
  return (
    `${address} answers with ${type}, not WebAssembly: the server does not have the file there. ` +
    'Configure the bundler as in the README of @pellucid/backends under "Bundlers and policies", or pass wasmFolder'
  );
}
