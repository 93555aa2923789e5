# The same recipes in PyTorch, one thread: `python3 pytorch.py vae FOLDER`, or `python3 pytorch.py diffusion FOLDER samples.bin 2500`, for 2,500 steps, whose samples
# `node main.ts --samples samples.bin` measures. FOLDER has the t10k files of MNIST.
import gzip
import math
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

sys.path.append(str(Path(__file__).parents[2] / "packages/generative/fixtures/torch"))
from autoencoders import Vae
from unet import Unet

torch.set_num_threads(1)
torch.set_default_dtype(torch.float32)
folder = Path(sys.argv[2])
images = np.frombuffer(gzip.decompress((folder / "t10k-images-idx3-ubyte.gz").read_bytes()), np.uint8, offset=16).reshape(-1, 784)
pixels = torch.from_numpy(images[np.random.RandomState(0).permutation(10000)].astype(np.float32)) / 255
train, test = pixels[:8000], pixels[8000:]


def costs(model, x):
    mu, logvar = model.encode(x)
    z = mu + torch.randn_like(mu) * torch.exp(0.5 * logvar)
    bce = F.binary_cross_entropy_with_logits(model.decode(z), x, reduction="sum") / len(x)
    return bce, -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp()) / len(x)


def vae():
    model = Vae(784, 400, 20)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(train), batch_size=128, shuffle=True)
    for epoch in range(10):
        for (x,) in loader:
            optimizer.zero_grad()
            sum(costs(model, x)).backward()
            optimizer.step()
    with torch.no_grad():
        bce, kl = costs(model, test)
    print(f"an unseen image costs {bce + kl:.2f} nats: {bce:.2f} for its pixels, {kl:.2f} for its code")


class Nothing(torch.nn.Module):
    def forward(self, x):
        return 0 * x


def diffusion(steps, count):
    net = Unet(16, (1, 2), 4, 2, 16)
    for stage in (*net.downs, *net.ups):
        stage[2] = Nothing()
    t = torch.arange(201, dtype=torch.float64) / 200
    a = torch.cos((t + 0.008) / 1.008 * math.pi / 2) ** 2
    bars = torch.cumprod(1 - torch.clip(1 - a[1:] / a[:-1], 0, 0.999), 0).float()
    average = {k: v.clone() for k, v in net.state_dict().items()}
    optimizer = torch.optim.Adam(net.parameters(), lr=1)
    x_all = F.pixel_unshuffle((train * 2 - 1).reshape(-1, 1, 28, 28), 2)
    for step in range(1, steps + 1):
        x0 = x_all[torch.randint(0, len(x_all), (16,))]
        at = torch.randint(0, 200, (16,))
        noise = torch.randn_like(x0)
        bar = bars[at].reshape(-1, 1, 1, 1)
        loss = F.mse_loss(net(bar.sqrt() * x0 + (1 - bar).sqrt() * noise, at), noise)
        optimizer.zero_grad()
        loss.backward()
        optimizer.param_groups[0]["lr"] = 2e-3 * min(1, step / 100) * (1 - step / (steps + 1))
        optimizer.step()
        for k, v in net.state_dict().items():
            average[k].lerp_(v, 0.005)
        if step % 50 == 0:
            print(f"step {step}: {loss.item():.4f}, {time.process_time():.0f} s", flush=True)
    net.load_state_dict(average)
    levels = [round(199 - 10 * i) for i in range(20)]
    with torch.no_grad():
        x = torch.randn(count, 4, 14, 14)
        for i, at in enumerate(levels):
            bar = bars[at]
            x0 = ((x - (1 - bar).sqrt() * net(x, torch.full((count,), at))) / bar.sqrt()).clamp(-1, 1)
            noise = (x - bar.sqrt() * x0) / (1 - bar).sqrt()
            later = bars[levels[i + 1]] if i < 19 else torch.tensor(1.0)
            x = later.sqrt() * x0 + (1 - later).sqrt() * noise
    F.pixel_shuffle(x, 2).clamp(-1, 1).numpy().astype(np.float32).tofile(sys.argv[3])


torch.manual_seed(0)
if sys.argv[1] == "vae":
    vae()
else:
    diffusion(steps=int(sys.argv[4]), count=500)
