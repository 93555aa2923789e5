"""Runs folders that toTorch wrote, one after the other, each run in a process of its own.

Reads a folder a line, and prints a line of JSON for each: the outputs of the model, the
losses of one process, of two, and of two that are killed and started again. PyTorch is
imported once; what runs is forked from there, as torchrun's agent starts processes.
"""

import contextlib
import json
import os
import re
import runpy
import shutil
import signal
import sys
import time
import traceback
from pathlib import Path

import torch
import torch.distributed
import torch.distributed.run
import torch.distributed.rendezvous
import torch.nn.parallel
import torch.utils.data  # noqa: F401  so that each fork has it
from safetensors.torch import load_file
from torch.distributed.launcher.api import LaunchConfig, elastic_launch

LINE = re.compile(r"^(\d+) (\S+)$", re.M)


def forked(run, seconds=120):
    """Runs a function in a process of its own; an error of it is one here."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        os.setsid()  # what it starts ends with it
        status = 1
        try:
            run()
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)
    until = time.monotonic() + seconds
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            break
        if time.monotonic() > until:
            os.killpg(child, signal.SIGKILL)
        time.sleep(0.005)
    if status != 0:
        raise RuntimeError(f"{run.__name__} ended with {status}")


def inside(folder):
    os.chdir(folder)
    sys.path.insert(0, str(folder))


def first(x):
    return x.movedim(-1, 1) if x.dim() > 3 else x


def outputs(folder):
    inside(folder)
    import model

    given = json.loads((folder / "ours.json").read_text())
    net = getattr(model, given["name"])()
    net.load_state_dict(load_file("weights.safetensors"))
    net.eval()
    args = []
    for x in given["inputs"]:
        dtype = torch.float32 if x["dtype"] == "float32" else torch.int64
        args.append(first(torch.tensor(x["data"], dtype=dtype).reshape(x["shape"])))
    with torch.no_grad():
        y = net(*args)
    ys = list(y.values()) if isinstance(y, dict) else [y] if torch.is_tensor(y) else y
    found = [(z.movedim(1, -1) if z.dim() > 3 else z).flatten().tolist() for z in ys]
    (folder / "outputs.json").write_text(json.dumps(found))


def train(folder, log, *args):
    """What `python train.py` does, with what it prints in a file."""
    inside(folder)
    sys.argv = ["train.py", *args]
    with (folder / log).open("a") as file, contextlib.redirect_stdout(file):
        runpy.run_path(str(folder / "train.py"), run_name="__main__")


class Pause:
    """Writes to a file, and waits to be killed after the 13th step of the first attempt."""

    def __init__(self, file):
        self.file = file
        self.is_last = False

    def write(self, text):
        self.file.write(text)
        if self.is_last and text == "\n":
            self.file.flush()
            time.sleep(60)
        is_first = os.environ["TORCHELASTIC_RESTART_COUNT"] == "0"
        self.is_last = is_first and text.startswith("13 ")

    def flush(self):
        self.file.flush()


def worker(folder, log, args, pauses):
    inside(folder)
    rank, attempt = os.environ["RANK"], os.environ["TORCHELASTIC_RESTART_COUNT"]
    (folder / f"{log}-{attempt}-{rank}.pid").write_text(str(os.getpid()))
    sys.argv = ["train.py", *args]
    with (folder / log).open("a") as file:
        with contextlib.redirect_stdout(Pause(file) if pauses else file):
            runpy.run_path(str(folder / "train.py"), run_name="__main__")


def launch(folder, log, args, pauses=False):
    """What `torchrun --nproc-per-node 2 --max-restarts 3 train.py` does."""
    config = LaunchConfig(
        min_nodes=1,
        max_nodes=1,
        nproc_per_node=2,
        run_id=f"{folder.name}-{log}",
        rdzv_endpoint="localhost:0",
        rdzv_backend="c10d",
        max_restarts=3 if pauses else 0,
        monitor_interval=0.02,
        start_method="fork",
    )
    elastic_launch(config, worker)(folder, log, args, pauses)


def killed(folder, args):
    """Kills both processes after the 13th step; the agent starts them again."""
    child = os.fork()
    if child == 0:
        log = folder / "killed.log"
        while not (log.exists() and re.search("^13 .*\\n", log.read_text(), re.M)):
            time.sleep(0.005)
        for rank in range(2):
            pid = int((folder / f"killed.log-0-{rank}.pid").read_text())
            os.kill(pid, signal.SIGKILL)
        os._exit(0)
    launch(folder, "killed.log", args, pauses=True)
    os.waitpid(child, 0)
    if not (folder / "killed.log-1-0.pid").exists():
        raise RuntimeError("no process was started again")


def losses(folder, log):
    return [[int(step), float(loss)] for step, loss in LINE.findall((folder / log).read_text())]


def check(folder):
    forked(lambda: outputs(folder))
    report = {"outputs": json.loads((folder / "outputs.json").read_text())}
    if not (folder / "train.py").exists():
        return report
    half = ["--batch-size", "4"]
    if "--batch-size" not in (folder / "train.py").read_text():
        half = []
    rarely = ["--save-every", "1000"]
    forked(lambda: train(folder, "one.log", *rarely))
    forked(lambda: launch(folder, "two.log", [*half, *rarely]))
    (folder / "checkpoint.pt").unlink(missing_ok=True)
    forked(lambda: killed(folder, [*half, "--steps", "40", "--save-every", "10"]))
    names = ["one", "two", "killed"]
    return report | {name: losses(folder, f"{name}.log") for name in names}


def warm():
    """Imports what training imports late, so that no fork has to."""
    weight = torch.nn.Parameter(torch.zeros(2))
    optimizer = torch.optim.AdamW([weight], lr=0.1)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 10)
    weight.sum().backward()
    torch.nn.utils.clip_grad_norm_([weight], 1)
    optimizer.step()
    scheduler.step()


def main():
    torch.set_num_threads(1)
    warm()
    for line in sys.stdin:
        folder = Path(line.strip())
        began = time.monotonic()
        try:
            report = check(folder)
        except Exception as error:
            report = {"error": str(error)}
        shutil.rmtree(folder / "__pycache__", ignore_errors=True)
        print(json.dumps(report | {"seconds": time.monotonic() - began}), flush=True)


if __name__ == "__main__":
    main()
