# The work of work.ts in PyTorch, one thread: python3 vision.py nms|roi-align|unet|net NAME [learn]
# torchvision's compiled nms and roi_align are taken where they load. Otherwise they are written here in PyTorch, and standard error says so.
import math
import subprocess
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(1)


def many_boxes(count):
    torch.manual_seed(0)
    r = torch.rand(count, 4)
    corner = r[:, :2] * 700
    return torch.cat([corner, corner + 100 + r[:, 2:] * 200], 1), torch.rand(count)


def compiled():
    try:
        from torchvision.ops import nms, roi_align

        nms(torch.tensor([[0.0, 0, 1, 1]]), torch.tensor([1.0]), 0.5)
        return nms, roi_align
    except Exception:
        print("torchvision's compiled ops do not load: written in PyTorch", file=sys.stderr)
        return nms_in_torch, roi_align_in_torch


def nms_in_torch(boxes, scores, threshold):
    b = boxes[torch.argsort(scores, descending=True, stable=True)]
    area = (b[:, 2] - b[:, 0]) * (b[:, 3] - b[:, 1])
    left = torch.arange(len(b))
    kept = 0
    while len(left):
        kept += 1
        i, left = left[0], left[1:]
        low, high = torch.maximum(b[i, :2], b[left, :2]), torch.minimum(b[i, 2:], b[left, 2:])
        shared = (high - low).clamp(min=0).prod(1)
        left = left[shared / (area[i] + area[left] - shared) <= threshold]
    return torch.empty(kept)


def roi_align_in_torch(x, rois, size, spatial_scale, sampling_ratio):
    """All regions at once by grid_sample, for regions within the map."""
    n = sampling_ratio
    start, end = rois[:, 1:3] * spatial_scale, rois[:, 3:5] * spatial_scale
    step = (end - start).clamp(min=1) / (size * n)
    at = torch.arange(size * n) + 0.5
    xs, ys = start[:, :1] + step[:, :1] * at, start[:, 1:] + step[:, 1:] * at  # [region, size · n]
    grid = torch.stack([xs[:, None].expand(-1, size * n, -1), ys[:, :, None].expand(-1, -1, size * n)], -1)
    h, w = x.shape[2:]
    grid = grid * 2 / torch.tensor([w - 1, h - 1]) - 1
    sampled = F.grid_sample(x, grid.reshape(1, -1, size * n, 2), align_corners=True, padding_mode="border")
    sampled = sampled.reshape(x.shape[1], len(rois), size * n, size * n).transpose(0, 1)
    return F.avg_pool2d(sampled, n)


def nms_work():
    nms, _ = compiled()
    boxes, scores = many_boxes(10_000)
    return lambda: float(len(nms(boxes, scores, 0.5)))


def roi_align_work():
    _, roi_align = compiled()
    boxes, _ = many_boxes(256)
    torch.manual_seed(1)
    x = torch.rand(1, 64, 64, 64, requires_grad=True)
    rois = torch.cat([torch.zeros(256, 1), boxes], 1)

    def step():
        x.grad = None
        loss = roi_align(x, rois, 7, spatial_scale=64 / 1000, sampling_ratio=2).square().mean()
        loss.backward()
        return loss.item()

    return step


def double(cin, cout):
    return nn.Sequential(
        nn.Conv2d(cin, cout, 3, padding=1, bias=False), nn.BatchNorm2d(cout), nn.ReLU(),
        nn.Conv2d(cout, cout, 3, padding=1, bias=False), nn.BatchNorm2d(cout), nn.ReLU(),
    )


class UNet(nn.Module):
    def __init__(self, channels, depth, classes):
        super().__init__()
        width = [channels * 2**i for i in range(depth + 1)]
        self.inc = double(3, channels)
        self.down = nn.ModuleList(nn.Sequential(nn.MaxPool2d(2), double(width[i], width[i + 1])) for i in range(depth))
        ups = []
        for i in reversed(range(depth)):
            ups.append(nn.ModuleList([nn.ConvTranspose2d(width[i + 1], width[i], 2, stride=2), double(width[i + 1], width[i])]))
        self.up = nn.ModuleList(ups)
        self.outc = nn.Conv2d(channels, classes, 1)

    def forward(self, x):
        levels = [self.inc(x)]
        for down in self.down:
            levels.append(down(levels[-1]))
        x = levels.pop()
        for grow, conv in self.up:
            x = conv(torch.cat([levels.pop(), grow(x)], 1))
        return self.outc(x)


def unet_work():
    torch.manual_seed(0)
    model = UNet(16, 4, 2)
    torch.manual_seed(1)
    x, y = torch.rand(4, 3, 64, 64), torch.randint(0, 2, (4, 64, 64))
    return learning(model, x, y, 1e-3)


def learning(model, x, y, lr):
    """A step of Adam on the cross-entropy of a batch."""
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)

    def step():
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def net_work():
    """A network of torchvision. Where its compiled ops do not load, their names are enough for its models."""
    if subprocess.run([sys.executable, "-c", "import torchvision"], stderr=subprocess.DEVNULL).returncode != 0:
        ops = torch.library.Library("torchvision", "DEF")
        ops.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        ops.define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        ops.define("roi_align(Tensor input, Tensor rois, float spatial_scale, SymInt pooled_height, SymInt pooled_width, int sampling_ratio, bool aligned) -> Tensor")
        globals()["ops"] = ops  # it must stay
    import torchvision.models as models

    name, learns = sys.argv[2], "learn" in sys.argv
    if name == "swin_t":
        model = models.SwinTransformer([4, 4], 96, [2, 2, 6, 2], [3, 6, 12, 24], [7, 7], stochastic_depth_prob=0.0)
    else:
        model = getattr(models, name)()
    torch.manual_seed(0)
    state = model.state_dict()
    for key in sorted(state):
        value = state[key]
        if not value.is_floating_point():
            continue
        center = float(key.endswith("running_var") or (key.endswith("weight") and value.dim() == 1))
        scale = 0.2 if value.dim() == 1 else math.sqrt(24 / math.prod(value.shape[1:]))
        value.copy_(center + scale * (torch.rand(value.shape) - 0.5))
    torch.manual_seed(1)
    x = torch.rand(2, 3, 64, 64)
    if learns:
        return learning(model, x, torch.tensor([3, 141]), 1e-4)
    model.eval()

    def see():
        with torch.inference_mode():
            logits = model(x)
            return (logits / logits.square().mean().sqrt())[0, 0].item()

    return see


step = {"nms": nms_work, "roi-align": roi_align_work, "unet": unet_work, "net": net_work}[sys.argv[1]]()
for _ in sys.stdin:
    begin = time.process_time()
    value = step()
    print(value, 1000 * (time.process_time() - begin), flush=True)
