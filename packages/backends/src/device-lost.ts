import type { KernelBackend } from "@tensorflow/tfjs-core";

/** A GPU was lost while it was in use: its driver was reset, it was unplugged, or the browser reclaimed it. */
export class DeviceLostError extends Error {
  override readonly name = "DeviceLostError";

  constructor(reason: string) {
    super(
      `webgpu: the GPU is lost (${reason}), and all tensors on it with it. ` +
        "Call useBackend again, and resume from the last checkpoint.",
    );
  }
}

/** A computation on the GPU failed since a tensor was last read from it. */
export class GpuError extends Error {
  override readonly name = "GpuError";

  constructor(reason: string) {
    super(
      `webgpu: an op failed since the last read, and the tensors computed since then may be wrong. ${reason}`,
    );
  }
}

/** Called when a GPU is lost. */
export type DeviceLostListener = (error: DeviceLostError) => void;

const listeners = new Set<DeviceLostListener>();
const lost = new WeakSet<KernelBackend>();
const watched = new WeakSet<KernelBackend>();

/**
 * Calls `listener` when the GPU in use is lost. From then on every op on it throws a {@link DeviceLostError}, until
 * `useBackend` is called again.
 *
 * @returns a function that removes the listener
 */
export function onDeviceLost(listener: DeviceLostListener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether the GPU of `backend` is lost. */
export const isLost = (backend: KernelBackend): boolean => lost.has(backend);

/** Watches the GPU of tfjs' WebGPU backend. */
export function watchDevice(backend: KernelBackend & { readonly device: GPUDevice }): void {
  if (watched.has(backend)) return;
  watched.add(backend);
  const read = backend.read.bind(backend);
  const failed: string[] = [];
  backend.device.addEventListener("uncapturederror", ({ error }) => failed.push(error.message));
  // Without this, a shader that does not compile leaves the memory of its output as it was, and no error.
  backend.read = async (data) => {
    const values = await read(data).catch(async (cause: unknown) => {
      const gone = await Promise.race([backend.device.lost, soon()]);
      throw gone === undefined ? cause : lostBy(gone);
    });
    const [first] = failed.splice(0);
    if (first !== undefined) throw new GpuError(first);
    return values;
  };
  void backend.device.lost.then((info) => {
    lost.add(backend);
    const error = lostBy(info);
    const fail = (): never => {
      throw error;
    };
    // Without this, tfjs continues and reads zeros.
    Object.assign(backend, { runWebGPUProgram: fail, write: fail, read: async () => fail(), readSync: fail });
    for (const listener of listeners) listener(error);
  });
}

const lostBy = ({ reason, message }: GPUDeviceLostInfo) =>
  new DeviceLostError(message || reason || "unknown");

/** A pending read fails before the loss is reported: on a busy machine, seconds before. */
const soon = (): Promise<undefined> => new Promise((resolve) => setTimeout(resolve, 5000, undefined));
