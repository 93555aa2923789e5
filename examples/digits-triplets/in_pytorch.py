"""The same recipe in PyTorch, three seeds: python3 in_pytorch.py. The batches are drawn by another generator than in main.ts."""

import numpy as np
import torch
from sklearn.datasets import load_digits
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(1)
images, labels = load_digits(return_X_y=True)
images = torch.from_numpy((images / 16).astype(np.float32)).reshape(-1, 1, 8, 8)
train, test = train_test_split(np.arange(len(images)), test_size=0.25, random_state=0, stratify=labels)
kinds, each = 16, 4


def auc(embeddings, digits):
    apart = torch.cdist(embeddings, embeddings).numpy()
    pairs = np.triu_indices(len(embeddings), 1)
    return roc_auc_score(digits[pairs[0]] == digits[pairs[1]], -apart[pairs])


def moved(x, rng):
    draw = lambda most: (rng.rand(len(x)) * 2 - 1) * most
    turn, wide, high, slant = draw(0.175), 1 + draw(0.14), 1 + draw(0.14), draw(0.21)
    theta = np.zeros((len(x), 2, 3), np.float32)
    theta[:, 0, 0], theta[:, 0, 1] = np.cos(turn) * wide, -np.sin(turn) * high + slant
    theta[:, 1, 0], theta[:, 1, 1] = np.sin(turn) * wide, np.cos(turn) * high
    theta[:, 0, 2], theta[:, 1, 2] = draw(0.21), draw(0.21)
    grid = F.affine_grid(torch.from_numpy(theta), list(x.shape), align_corners=False)
    return F.grid_sample(x, grid, align_corners=False)


def run(seed, steps=600):
    torch.manual_seed(seed)
    rng = np.random.RandomState(seed)
    net = nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(256, 128),
    )
    embed = lambda x: F.normalize(net(x), dim=1)
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
    seen = [[i for i in train if labels[i] == digit] for digit in range(8)]
    for _ in range(steps):
        chosen = rng.permutation(32)[:kinds]
        drawn = [images[rng.choice(seen[kind % 8], each, replace=False)] for kind in chosen]
        x = torch.cat([torch.rot90(own, int(kind // 8), (2, 3)) for own, kind in zip(drawn, chosen)])
        y = torch.from_numpy(np.repeat(chosen, each))
        embeddings = embed(moved(x, rng))
        apart, same = torch.cdist(embeddings, embeddings), y[:, None] == y[None]
        farthest, nearest = (apart * same).max(1)[0], (apart + 1e4 * same).min(1)[0]
        loss = F.relu(farthest - nearest + 0.2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    known = [i for i in test if labels[i] < 8]
    unseen = np.where(labels >= 8)[0]
    with torch.no_grad():
        print(f"seed {seed}: AUC of 0 to 7 {auc(embed(images[known]), labels[known]):.3f}, of 8 and 9 {auc(embed(images[unseen]), labels[unseen]):.3f}", flush=True)


for seed in range(3):
    run(seed)
