# A step of the works of work.ts in PyTorch from the same weights on the same batch: python3 step.py mlp fused [threads [device [avx2]]]
import math
import os
import sys
import time

if "avx2" in sys.argv:  # what its libraries may use of the processor
    os.environ.update(ATEN_CPU_CAPABILITY="avx2", ONEDNN_MAX_CPU_ISA="AVX2", MKL_ENABLE_INSTRUCTIONS="AVX2")

import torch
from torch import nn
from torch.nn import functional as F

name, kind = sys.argv[1:3]
torch.set_num_threads(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
device = sys.argv[4] if len(sys.argv) > 4 else "cpu"


class Head(nn.Module):
    """nanoGPT's causal self-attention."""

    def __init__(self, size, heads):
        super().__init__()
        self.c_attn = nn.Linear(size, 3 * size)
        self.c_proj = nn.Linear(size, size)
        self.heads = heads

    def forward(self, x):
        batch, time, size = x.shape
        q, k, v = (y.view(batch, time, self.heads, -1).transpose(1, 2) for y in self.c_attn(x).split(size, dim=2))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.c_proj(y.transpose(1, 2).reshape(batch, time, size))


class Mlp(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.c_fc = nn.Linear(size, 4 * size)
        self.c_proj = nn.Linear(4 * size, size)

    def forward(self, x):
        return self.c_proj(F.gelu(self.c_fc(x), approximate="tanh"))


class GptBlock(nn.Module):
    def __init__(self, size, heads):
        super().__init__()
        self.ln_1 = nn.LayerNorm(size)
        self.attn = Head(size, heads)
        self.ln_2 = nn.LayerNorm(size)
        self.mlp = Mlp(size)

    def forward(self, x):
        x = x + self.attn(self.ln_1(x))
        return x + self.mlp(self.ln_2(x))


class Gpt(nn.Module):
    """nanoGPT, whose head has the weights of the embedding."""

    def __init__(self, time, layers, heads, size, words=65):
        super().__init__()
        self.wte = nn.Embedding(words, size)
        self.wpe = nn.Embedding(time, size)
        self.h = nn.ModuleList(GptBlock(size, heads) for _ in range(layers))
        self.ln_f = nn.LayerNorm(size)
        self.lm_head = nn.Linear(size, words, bias=False)
        self.wte.weight = self.lm_head.weight
        self.apply(self.start)
        for path, weight in self.named_parameters():
            if path.endswith("c_proj.weight"):
                nn.init.normal_(weight, 0, 0.02 / math.sqrt(2 * layers))

    @staticmethod
    def start(module):
        if isinstance(module, nn.Linear):
            nn.init.normal_(module.weight, 0, 0.02)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
        elif isinstance(module, nn.Embedding):
            nn.init.normal_(module.weight, 0, 0.02)

    def forward(self, tokens):
        x = self.wte(tokens) + self.wpe(torch.arange(tokens.shape[1], device=tokens.device))
        for block in self.h:
            x = block(x)
        return self.lm_head(self.ln_f(x))


class RecurrentLm(nn.Module):
    def __init__(self, size, layers, words=65):
        super().__init__()
        self.encoder = nn.Embedding(words, size)
        self.rnn = nn.LSTM(size, size, layers, batch_first=True)
        self.decoder = nn.Linear(size, words)

    def forward(self, tokens):
        return self.decoder(self.rnn(self.encoder(tokens))[0])


class ResidualBlock(nn.Module):
    def __init__(self, ins, outs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(ins, outs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outs)
        self.conv2 = nn.Conv2d(outs, outs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outs)
        self.downsample = None

    def forward(self, x):
        way = x if self.downsample is None else self.downsample(x)
        return F.relu(self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x))))) + way)


class ResNet18(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        blocks = []
        for ins, outs, stride in [(64, 64, 1), (64, 128, 2), (128, 256, 2), (256, 512, 2)]:
            # torchvision makes the way around before the block
            around = None if stride == 1 else nn.Sequential(nn.Conv2d(ins, outs, 1, stride, bias=False), nn.BatchNorm2d(outs))
            first = ResidualBlock(ins, outs, stride)
            first.downsample = around
            blocks += [first, ResidualBlock(outs, outs, 1)]
        self.blocks = nn.Sequential(*blocks)
        self.fc = nn.Linear(512, 10)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        return self.fc(self.blocks(x).mean((2, 3)))


def perceptron(*sizes):
    layers = []
    for ins, outs in zip(sizes, sizes[1:]):
        layers += [nn.Linear(ins, outs), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def mnist():
    return nn.Sequential(
        nn.Conv2d(1, 24, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(24, 32, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(512, 10)
    )


works = {
    "mlp-small": (lambda: perceptron(64, 64, 32, 10), (16, 64)),
    "mlp": (lambda: perceptron(784, 256, 128, 10), (128, 784)),
    "mnist": (mnist, (64, 28, 28, 1)),
    "resnet": (ResNet18, (16, 32, 32, 3)),
    "gpt-small": (lambda: Gpt(32, 2, 2, 32), (4, 32)),
    "gpt": (lambda: Gpt(64, 4, 4, 128), (12, 64)),
    "lstm-small": (lambda: RecurrentLm(32, 1), (4, 32)),
    "lstm": (lambda: RecurrentLm(256, 2), (12, 64)),
}
make, shape = works[name]
reads = name.startswith(("gpt", "lstm"))
torch.manual_seed(0)
model = make()
torch.manual_seed(1)
if reads:
    x, y = torch.randint(0, 65, shape), torch.randint(0, 65, (math.prod(shape),))
else:
    x, y = torch.randn(shape), torch.randint(0, 10, shape[:1])
    x = x.permute(0, 3, 1, 2).contiguous() if len(shape) == 4 else x
model, x, y = model.to(device), x.to(device), y.to(device)
kinds = {"lr": 1e-5 if name == "resnet" else 1e-3, **({"fused": True} if kind == "fused" else {})}
optimizer = (torch.optim.AdamW if reads else torch.optim.Adam)(model.parameters(), **kinds)
for _ in sys.stdin:
    begin = time.process_time()
    optimizer.zero_grad()
    logits = model(x)
    loss = F.cross_entropy(logits.view(-1, logits.shape[-1]), y)
    loss.backward()
    optimizer.step()
    value = loss.item()
    print(value, 1000 * (time.process_time() - begin), flush=True)
