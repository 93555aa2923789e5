import { type Module, trainable } from "@pellucid/core-train";
import { literal, pythonName } from "./python.ts";
import type { PythonTree } from "./python-tree.ts";
import { recipeOptimizers, recipeSchedules, type TrainRecipe } from "./train-recipe.ts";
import { TorchExportError } from "./torch-export-error.ts";
import { wrapLine } from "./wrap-line.ts";

const optimizers: Readonly<Record<keyof typeof recipeOptimizers, string>> = {
  adadelta: "Adadelta",
  adagrad: "Adagrad",
  adam: "Adam",
  adamax: "Adamax",
  adamw: "AdamW",
  nadam: "NAdam",
  radam: "RAdam",
  rmsprop: "RMSprop",
  sgd: "SGD",
};

const schedules: Readonly<Record<keyof typeof recipeSchedules, string>> = {
  cosineAnnealingLr: "CosineAnnealingLR",
  exponentialLr: "ExponentialLR",
  linearLr: "LinearLR",
  oneCycleLr: "OneCycleLR",
  stepLr: "StepLR",
};

const losses: Readonly<Record<string, string>> = {
  binaryCrossEntropyWithLogits: "binary_cross_entropy_with_logits",
  crossEntropy: "cross_entropy",
  huberLoss: "huber_loss",
  l1Loss: "l1_loss",
  mseLoss: "mse_loss",
  smoothL1Loss: "smooth_l1_loss",
};

/** What a script is written for. */
export interface ScriptSource {
  readonly model: Module;
  readonly name: string;
  readonly tree: PythonTree;
  readonly recipe: TrainRecipe;
  /** The names of the inputs in their order. */
  readonly inputs: readonly string[];
  /** Whether the output has its classes before its positions, as losses of PyTorch want them. */
  readonly classesFirst: boolean;
  /** The rank of the output. */
  readonly rank: number;
  /** `loss_of`, if the loss is not one of PyTorch's. */
  readonly loss: string | null;
  /** What the model returns. */
  readonly output: "tensor" | "list" | "record";
}

const loader = `    sampler = DistributedSampler(dataset, world, rank, seed=args.seed)
    loader = DataLoader(
        dataset,
        args.batch_size,
        sampler=sampler,
        drop_last=True,
        generator=torch.Generator(),  # of its own, so that dropout has the default one
    )
`;
const allLoader = `    # every process takes all examples in their order
    loader = DataLoader(dataset, len(dataset), generator=torch.Generator())
`;

/** Writes `train.py`: one process, or many under `torchrun`. */
export function trainScript(source: ScriptSource): string {
  const { name, recipe, inputs } = source;
  const { steps, seed = 0, saveEvery = 10 } = recipe;
  const frozen = frozenOf(source);
  const isAll = recipe.batchSize === "all";
  const args = inputs.map((_, i) => `batch[${i}]`).join(", ");
  const outputs = {
    tensor: `parallel(${args})`,
    list: `*parallel(${args})`,
    record: `*parallel(${args}).values()`,
  };
  const loss = source.loss ?? namedLoss(source);
  const sampling = isAll ? "" : "DistributedSampler, ";
  const columns = [...inputs, "target"].map((column) => `data["${column}"]`).join(", ");
  const line = (code: string, indent: number) => wrapLine(code, indent).join("\n");
  return `"""Trains ${name}.

The order of examples, loss, optimizer, schedule and seed are those of its recipe.

One process:     python train.py
Two processes:   torchrun --standalone --nproc-per-node 2 train.py
"""

import argparse
import os
from pathlib import Path

import torch
import torch.distributed as dist
${/\bF\./.test(loss) ? "import torch.nn.functional as F\n" : ""}from model import ${name}
from safetensors.torch import load_file, save_model
from torch import nn
from torch.distributed.rendezvous import rendezvous
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader, ${sampling}TensorDataset

HERE = Path(__file__).parent
${frozen.length === 0 ? "" : `FROZEN = {${frozen.map((path) => `"${path}"`).join(", ")}}\n`}

def parse(argv):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=HERE / "data.safetensors")
${isAll ? "" : `    parser.add_argument("--batch-size", type=int, default=${recipe.batchSize}, help="of a process")\n`}    parser.add_argument("--steps", type=int, default=${steps})
    parser.add_argument("--seed", type=int, default=${seed})
    parser.add_argument("--checkpoint", type=Path, default=HERE / "checkpoint.pt")
    parser.add_argument("--save-every", type=int, default=${saveEvery}, help="steps")
    parser.add_argument("--out", type=Path, default=HERE / "trained.safetensors")
    return parser.parse_args(argv)


${loss}


def join(backend, rank, world):
    """A process that torchrun restarts must not read what the last attempt wrote."""
    limit = dist.default_pg_timeout
    store, _, _ = next(rendezvous("env://", rank, world, timeout=limit))
    attempt = os.environ.get("TORCHELASTIC_RESTART_COUNT", "0")
    store = dist.PrefixStore(f"attempt{attempt}", store)
    dist.init_process_group(backend, store=store, rank=rank, world_size=world)


def random_states(world):
    states = [torch.get_rng_state()]
    if world > 1:
        states = [None] * world
        dist.all_gather_object(states, torch.get_rng_state())
    return states


def save_checkpoint(path, model, optimizer, scheduler, step, states):
    """Atomic: a process that is killed while it writes leaves the last one."""
    state = {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "scheduler": scheduler.state_dict() if scheduler else None,
        "step": step,
        "random": states,
    }
    new = path.with_suffix(".new")
    torch.save(state, new)
    os.replace(new, path)


def main(argv=None):
    args = parse(argv)
    rank = int(os.environ.get("RANK", "0"))
    world = int(os.environ.get("WORLD_SIZE", "1"))
    local = int(os.environ.get("LOCAL_RANK", "0"))
    is_cuda = torch.cuda.is_available()
    device = torch.device("cuda", local) if is_cuda else torch.device("cpu")
    if world > 1 and not dist.is_initialized():
        join("nccl" if is_cuda else "gloo", rank, world)

    model = ${name}()
    model.load_state_dict(load_file(HERE / "weights.safetensors"))
    model.to(device)
    torch.manual_seed(args.seed + rank)  # after the initial weights, which draw too
    if world > 1 and is_cuda:
        model = nn.SyncBatchNorm.convert_sync_batchnorm(model)
${frozen.length === 0 ? "" : "    for name, parameter in model.named_parameters():\n        parameter.requires_grad_(name not in FROZEN)\n"}${frozen.length === 0 ? "    parameters = list(model.parameters())" : "    parameters = [p for p in model.parameters() if p.requires_grad]"}
${line(`optimizer = ${optimizerCode(recipe)}`, 4)}
${line(`scheduler = ${scheduleCode(recipe)}`, 4)}
    step = 0
    if args.checkpoint.exists():
        state = torch.load(args.checkpoint, map_location=device, weights_only=True)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        if scheduler:
            scheduler.load_state_dict(state["scheduler"])
        step = state["step"]
        torch.set_rng_state(state["random"][rank].cpu())

    parallel = model
    if world > 1:
        devices = [local] if is_cuda else None
        parallel = DistributedDataParallel(model, device_ids=devices)
    data = load_file(args.data)
${line(`dataset = TensorDataset(${columns})`, 4)}
${isAll ? allLoader : loader}    model.train()
    while step < args.steps:
        ${isAll ? "done = step % len(loader)" : "epoch, done = divmod(step, len(loader))"}
${isAll ? "" : "        sampler.set_epoch(epoch)\n"}        for i, batch in enumerate(loader):
            if i < done:
                continue
            if step == args.steps:
                break
            batch = [x.to(device) for x in batch]
            optimizer.zero_grad()
            loss = loss_of(${outputs[source.output]}, batch[-1])
            loss.backward()
${recipe.clipGradNorm === undefined ? "" : `            nn.utils.clip_grad_norm_(parameters, ${literal(recipe.clipGradNorm)})\n`}            optimizer.step()
            if scheduler:
                scheduler.step()
            step += 1
            mean = loss.detach().clone()
            if world > 1:
                dist.all_reduce(mean)
            if rank == 0:
                print(f"{step} {mean.item() / world:.9g}", flush=True)
            if step % args.save_every == 0:
                states = random_states(world)
                if rank == 0:
                    save_checkpoint(
                        args.checkpoint, model, optimizer, scheduler, step, states
                    )
                if world > 1:
                    dist.barrier()
    if rank == 0:
        save_model(model, str(args.out))
    if world > 1:
        dist.destroy_process_group()


if __name__ == "__main__":
    main()
`;
}

/** `loss_of` of a loss of PyTorch's. */
function namedLoss({ recipe: { loss }, rank, classesFirst }: ScriptSource): string {
  const name = losses[String(loss)];
  if (name === undefined)
    throw new TorchExportError(
      `toTorch: there is no loss ${String(loss)} in recipes, expected some of ${Object.keys(losses).join(", ")}, or a function.`,
    );
  const isSequence = loss === "crossEntropy" && rank > 2 && !classesFirst;
  const [output, target] = isSequence ? ["output.flatten(0, -2)", "target.flatten()"] : ["output", "target"];
  return `def loss_of(output, target):\n    return F.${name}(${output}, ${target})`;
}

/** The names of parameters that are not trained. */
function frozenOf({ model, tree }: ScriptSource): readonly string[] {
  const trained = new Set(Object.values(trainable(model)));
  const frozen = [...model.namedParameters()].filter(([, parameter]) => !trained.has(parameter));
  return frozen.flatMap(([, parameter]) => tree.variables.get(parameter)?.map(({ state }) => state) ?? []);
}

function optimizerCode({ optimizer: { name, ...options } }: TrainRecipe): string {
  const callee = optimizers[name] as string | undefined;
  if (callee === undefined)
    throw new TorchExportError(
      `toTorch: there is no optimizer ${name} in recipes, expected some of ${Object.keys(optimizers).join(", ")}.`,
    );
  return `torch.optim.${callee}(${["parameters", ...argumentsOf(options)].join(", ")})`;
}

function scheduleCode({ schedule, optimizer: { learningRate } }: TrainRecipe): string {
  if (schedule === undefined) return "None";
  const { name, ...options } = schedule;
  const callee = schedules[name] as string | undefined;
  if (callee === undefined)
    throw new TorchExportError(
      `toTorch: there is no schedule ${name} in recipes, expected some of ${Object.keys(schedules).join(", ")}.`,
    );
  const own = name === "oneCycleLr" ? [`max_lr=${literal(learningRate)}`, "cycle_momentum=False"] : [];
  return `torch.optim.lr_scheduler.${callee}(${["optimizer", ...own, ...argumentsOf(options)].join(", ")})`;
}

function argumentsOf(options: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(options).map(([name, value]) => `${argumentName(name)}=${literal(value)}`);
}

function argumentName(name: string): string {
  if (name === "learningRate") return "lr";
  return name === "tMax" ? "T_max" : pythonName(name);
}
