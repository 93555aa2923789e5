"""The same recipe in PyTorch, from the same seed: python3 in_pytorch.py FOLDER, which has image/0.png and label/0.png and so on."""

import pathlib
import sys

import numpy as np
import torch
from PIL import Image
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(1)


def twice(a, b):
    return nn.Sequential(*[layer for i, o in ((a, b), (b, b)) for layer in (nn.Conv2d(i, o, 3, padding=1, bias=False), nn.BatchNorm2d(o), nn.ReLU())])


class UNet(nn.Module):
    def __init__(self, channels, depth):
        super().__init__()
        width = [channels * 2**i for i in range(depth + 1)]
        self.inc = twice(1, channels)
        self.down = nn.ModuleList(twice(width[i], width[i + 1]) for i in range(depth))
        self.up = nn.ModuleList()
        for i in reversed(range(depth)):
            self.up.append(nn.ModuleList([nn.ConvTranspose2d(width[i + 1], width[i], 2, stride=2), twice(width[i + 1], width[i])]))
        self.outc = nn.Conv2d(channels, 2, 1)

    def forward(self, x):
        levels = [self.inc(x)]
        for down in self.down:
            levels.append(down(F.max_pool2d(levels[-1], 2)))
        x = levels.pop()
        for up, join in self.up:
            x = join(torch.cat([levels.pop(), up(x)], 1))
        return self.outc(x)


folder, steps, side = pathlib.Path(sys.argv[1]), 300, 128
load = lambda kind, i: np.asarray(Image.open(folder / kind / f"{i}.png"))
pictures = torch.tensor(np.stack([load("image", i) for i in range(30)])).float() / 255 - 0.5
masks = torch.tensor(np.stack([load("label", i) for i in range(30)]) < 128).long()
torch.manual_seed(0)
model = UNet(8, 3)
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
for step in range(1, steps + 1):
    which, corners, mirrors = torch.randint(24, (4,)), torch.randint(512 - side + 1, (4, 2)), torch.randint(2, (4, 2))
    x, y = [], []
    for n, (top, left), mirror in zip(which.tolist(), corners.tolist(), mirrors.tolist()):
        axes = [axis for axis, flips in enumerate(mirror) if flips]
        for found, from_ in ((x, pictures), (y, masks)):
            found.append(from_[n, top : top + side, left : left + side].flip(axes))
    loss = F.cross_entropy(model(torch.stack(x)[:, None]), torch.stack(y))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    schedule.step()
    if step % 50 == 0:
        print(f"step {step}: loss {loss.item():.3f}", flush=True)
model.eval()
with torch.no_grad():
    found = torch.cat([model(picture[None, None]).argmax(1) for picture in pictures[24:]])
right = masks[24:]
iou = [((found == c) & (right == c)).sum() / ((found == c) | (right == c)).sum() for c in (0, 1)]
dice = 2 * ((found == 1) & (right == 1)).sum() / ((found == 1).sum() + (right == 1).sum())
print(f"Six unseen sections: mean IoU {sum(iou) / 2:.3f}, Dice of membranes {dice:.3f}, {100 * (found == right).float().mean():.1f} % of the pixels.")
