# The work of work.ts in PyTorch, one thread: python3 generative.py sample|train|decode
import math
import sys
import time
from pathlib import Path

import torch
from torch.nn import functional as F

sys.path.append(str(Path(__file__).parents[2] / "packages/generative/fixtures/torch"))
from autoencoders import Vae
from unet import Unet

torch.set_num_threads(1)
torch.set_default_dtype(torch.float32)
batch, size, channels, steps = 16, 16, 3, 10


def bars():
    t = torch.arange(201, dtype=torch.float64) / 200
    a = torch.cos((t + 0.008) / 1.008 * math.pi / 2) ** 2
    return torch.cumprod(1 - torch.clip(1 - a[1:] / a[:-1], 0, 0.999), 0).float()


def net():
    torch.manual_seed(0)
    return Unet(16, (1, 2), channels, 2, 16)


def noise(seed):
    torch.manual_seed(seed)
    return torch.randn(batch, channels, size, size)


def sample_work():
    model, bar, start = net(), bars(), noise(1)
    at = [round(200 - i * 200 / steps) - 1 for i in range(steps)]

    @torch.no_grad()
    def step():
        x = start
        for i, t in enumerate(at):
            x0 = ((x - (1 - bar[t]).sqrt() * model(x, torch.full((batch,), t))) / bar[t].sqrt()).clamp(-1, 1)
            e = (x - bar[t].sqrt() * x0) / (1 - bar[t]).sqrt()
            later = bar[at[i + 1]] if i < steps - 1 else torch.tensor(1.0)
            x = later.sqrt() * x0 + (1 - later).sqrt() * e
        return x.square().mean().item()

    return step


def train_work():
    model, x0, e = net(), noise(1), noise(2)
    at = torch.arange(batch) * 12
    bar = bars()[at].reshape(-1, 1, 1, 1)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)

    def step():
        optimizer.zero_grad()
        loss = F.mse_loss(model(bar.sqrt() * x0 + (1 - bar).sqrt() * e, at), e)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def decode_work():
    torch.manual_seed(0)
    vae = Vae(784, 400, 20)
    torch.manual_seed(1)
    codes = torch.randn(1000, 20)

    @torch.no_grad()
    def step():
        return torch.sigmoid(vae.decode(codes)).mean().item()

    return step


step = {"sample": sample_work, "train": train_work, "decode": decode_work}[sys.argv[1]]()
for _ in sys.stdin:
    begin = time.process_time()
    value = step()
    print(value, 1000 * (time.process_time() - begin), flush=True)
