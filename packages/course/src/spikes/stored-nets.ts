import { type Code, type SpikingDigits, trained } from "./program.ts";

const addresses: Readonly<Record<Code, URL>> = {
  rate: new URL("./rate.safetensors", import.meta.url),
  latency: new URL("./latency.safetensors", import.meta.url),
};

/** The trained networks, one for each code. */
export async function storedNets(): Promise<Readonly<Record<Code, SpikingDigits>>> {
  const load = async (code: Code) => trained(code, await (await fetch(addresses[code].href)).arrayBuffer());
  return { rate: await load("rate"), latency: await load("latency") };
}
