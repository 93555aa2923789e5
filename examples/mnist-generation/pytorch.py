# The same recipes in PyTorch, one thread: `python3 pytorch.py autoencoder FOLDER`, `python3 pytorch.py vae FOLDER`, or `python3 pytorch.py diffusion FOLDER samples.bin 2500`, for 2,500 steps, whose samples
# `node main.ts --samples samples.bin` measures. FOLDER has the t10k files of MNIST, or those of CIFAR-10.
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
photographs = sorted(folder.glob("data_batch_*.bin"))
if photographs:
    channels, side = 3, 32
    rows = np.frombuffer(photographs[0].read_bytes(), np.uint8).reshape(-1, 3073)[:, 1:].astype(np.float32)
    train = torch.from_numpy(rows) / 255
else:
    channels, side = 1, 28
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


def autoencoder():
    sizes = (784, 128, 64, 12, 3)
    layers = [l for a, b in zip(sizes, sizes[1:]) for l in (torch.nn.Linear(a, b), torch.nn.Tanh())][:-1]
    back = sizes[::-1]
    layers += [l for a, b in zip(back, back[1:]) for l in (torch.nn.Linear(a, b), torch.nn.Tanh())][:-1] + [torch.nn.Sigmoid()]
    model = torch.nn.Sequential(*layers)
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
    for epoch in range(10):
        for x in torch.utils.data.DataLoader(train, batch_size=64, shuffle=True):
            optimizer.zero_grad()
            F.mse_loss(model(x), x).backward()
            optimizer.step()
    with torch.no_grad():
        center = train.mean(0)
        v = torch.linalg.svd(train - center, full_matrices=False)[2][:3]
        linear = F.mse_loss((test - center) @ v.T @ v + center, test)
        print(f"an unseen image through 3 numbers: an error of {F.mse_loss(model(test), test):.4f}, PCA's is {linear:.4f}")


class Nothing(torch.nn.Module):
    def forward(self, x):
        return 0 * x


def diffusion(steps, count):
    net = Unet(16, (1, 2), 4 * channels, 2, 16)
    for stage in (*net.downs, *net.ups):
        stage[2] = Nothing()
    t = torch.arange(201, dtype=torch.float64) / 200
    a = torch.cos((t + 0.008) / 1.008 * math.pi / 2) ** 2
    bars = torch.cumprod(1 - torch.clip(1 - a[1:] / a[:-1], 0, 0.999), 0).float()
    average = {k: v.clone() for k, v in net.state_dict().items()}
    optimizer = torch.optim.Adam(net.parameters(), lr=1)
    x_all = F.pixel_unshuffle((train * 2 - 1).reshape(-1, channels, side, side), 2)
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
        x = torch.randn(count, 4 * channels, side // 2, side // 2)
        for i, at in enumerate(levels):
            bar = bars[at]
            x0 = ((x - (1 - bar).sqrt() * net(x, torch.full((count,), at))) / bar.sqrt()).clamp(-1, 1)
            noise = (x - bar.sqrt() * x0) / (1 - bar).sqrt()
            later = bars[levels[i + 1]] if i < 19 else torch.tensor(1.0)
            x = later.sqrt() * x0 + (1 - later).sqrt() * noise
    F.pixel_shuffle(x, 2).clamp(-1, 1).permute(0, 2, 3, 1).contiguous().numpy().astype(np.float32).tofile(sys.argv[3])


torch.manual_seed(0)
if sys.argv[1] == "autoencoder":
    autoencoder()
elif sys.argv[1] == "vae":
    vae()
else:
    diffusion(steps=int(sys.argv[4]), count=500)
