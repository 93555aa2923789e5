import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Unavailable } from "../candidate/candidate.ts";
import { openLibrary } from "./open-library.ts";

/** Options for {@link dawn}. */
export interface DawnOptions {
  /** A part of the name of the GPU to take. */
  readonly gpu?: string | undefined;
  /** Whether a software driver, which computes on the processor, is accepted. */
  readonly software: boolean;
}

/** A Vulkan software driver, and the Vulkan loader next to it, if there is one. */
interface SoftwareDriver {
  readonly icd: string;
  readonly loader: string | null;
}

/**
 * Makes `navigator.gpu` with Dawn, Chromium's WebGPU, from the package `webgpu`.
 *
 * @throws Unavailable if the package or a driver is missing; the message names it
 */
export async function dawn({ gpu: name, software }: DawnOptions): Promise<GPU> {
  const { create, globals } = await load();
  const choice = name === undefined ? [] : [`adapter=${name}`];
  const noLoader = process.platform === "linux" ? openLibrary("libvulkan.so.1") : null;
  if (noLoader === null) {
    const gpu = create(choice);
    // a software adapter too: its info says so
    if ((await gpu.requestAdapter()) !== null) return install(gpu, globals);
  }
  const driver = software ? softwareDriver() : undefined;
  if (driver !== undefined) {
    process.env["VK_DRIVER_FILES"] ??= driver.icd;
    if (noLoader !== null && driver.loader !== null) openLibrary(driver.loader);
    const gpu = create(choice);
    if ((await gpu.requestAdapter()) !== null) return install(gpu, globals);
  }
  throw new Unavailable(
    noLoader !== null
      ? "there is no Vulkan here: libvulkan.so.1 cannot be loaded. Install the driver of the GPU and libvulkan1"
      : `Dawn finds no GPU${name === undefined ? "" : ` named ${name}`}: no Vulkan, Metal or Direct3D driver gives it one`,
  );
}

async function load(): Promise<typeof import("webgpu")> {
  try {
    return await import("webgpu");
  } catch (cause) {
    const missing = cause instanceof Error && "code" in cause && cause.code === "ERR_MODULE_NOT_FOUND";
    const reason = missing
      ? "the package webgpu is not installed: npm install webgpu"
      : `the package webgpu does not load: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw new Unavailable(reason, { cause });
  }
}

/** Defines the globals of WebGPU, as a browser has them. */
function install(gpu: GPU, globals: object): GPU {
  Object.assign(globalThis, globals);
  const target = (globalThis as { navigator?: object }).navigator ?? {};
  Object.defineProperty(target, "gpu", { value: gpu, configurable: true });
  if (globalThis.navigator === undefined) Object.assign(globalThis, { navigator: target });
  return gpu;
}

/** The software driver of Chromium, Chrome or Mesa, whichever is found first. */
export function softwareDriver(): SoftwareDriver | undefined {
  const browsers = ["/usr/lib/chromium", "/usr/lib/chromium-browser", "/opt/google/chrome"];
  for (const folder of browsers) {
    const icd = join(folder, "vk_swiftshader_icd.json");
    const loader = join(folder, "libvulkan.so.1");
    if (existsSync(icd)) return { icd, loader: existsSync(loader) ? loader : null };
  }
  for (const folder of ["/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d"]) {
    const found = existsSync(folder)
      ? readdirSync(folder).find((file) => file.startsWith("lvp_icd"))
      : undefined;
    if (found !== undefined) return { icd: join(folder, found), loader: null };
  }
  return undefined;
}
