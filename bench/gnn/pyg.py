"""One step for each line of input; prints the loss and the CPU time in milliseconds. PELLUCID_DATA names the folder of `planetoid/`."""
import os
import pathlib
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F
from torch_geometric.nn import GATConv, GCNConv
from torch_geometric.utils import scatter

torch.set_num_threads(1)
work, *rest = sys.argv[1:]
data = os.environ.get("PELLUCID_DATA", pathlib.Path(__file__).parent / "../../../shared/data")
folder = pathlib.Path(data) / "planetoid"


class Net(torch.nn.Module):
    def __init__(self, conv1, conv2, p, act):
        super().__init__()
        self.conv1, self.conv2, self.p, self.act = conv1, conv2, p, act

    def forward(self, x, edge_index):
        x = self.act(self.conv1(F.dropout(x, p=self.p, training=self.training), edge_index))
        return self.conv2(F.dropout(x, p=self.p, training=self.training), edge_index)


def cora():
    rows = [line.split("\t") for line in (folder / "cora.content").read_text().splitlines()]
    x = torch.zeros(len(rows), 1433)
    for i, row in enumerate(rows):
        words = [int(w) for w in row[3].split()]
        x[i, words] = 1 / max(len(words), 1)
    pairs = np.loadtxt(folder / "cora.edges", dtype=np.int64, delimiter="\t")
    y = torch.tensor([int(row[1]) for row in rows])
    return x, torch.from_numpy(pairs.T.copy()), y, torch.tensor([row[2] == "train" for row in rows])


if work == "sum":
    rows = torch.ones(1_000_000, 64)
    index = torch.arange(1_000_000)
    index = index // 10 if rest == ["sorted"] else index * 7919 % 100_000

    def step():
        return scatter(rows, index, 0, 100_000, "sum")[0, 0].item()
elif work == "sample":  # PyG's own sampler needs a compiled library, so NumPy: ragged rows, random keys, the first ten of each
    count = 50_000
    edges = np.arange(20 * count)
    sources, targets = (edges * 7919 + edges // count * 104_729) % count, edges % count
    order = np.argsort(targets, kind="stable")
    neighbors, ptr = sources[order], np.searchsorted(targets[order], np.arange(count + 1))
    rng = np.random.default_rng(0)

    def step():
        nodes = frontier = rng.permutation(count)[:1000]
        drawn = 0
        for fan_out in (10, 10):
            degrees = ptr[frontier + 1] - ptr[frontier]
            rows = np.repeat(np.arange(len(frontier)), degrees)
            at = np.arange(len(rows)) - np.repeat(np.cumsum(degrees) - degrees, degrees) + ptr[frontier][rows]
            shuffled = np.lexsort((rng.random(len(rows)), rows))
            rank = np.arange(len(rows)) - np.repeat(np.cumsum(degrees) - degrees, degrees)
            chosen = neighbors[at[shuffled][rank < fan_out]]
            drawn += len(chosen)
            known = np.unique(np.concatenate([nodes, chosen]))
            frontier = np.setdiff1d(known, nodes, assume_unique=True)
            nodes = known
            np.searchsorted(nodes, chosen)  # the new number of each
        return round(drawn / 10_000)
else:
    x, edge_index, y, mask = cora()
    torch.manual_seed(12345)
    if work == "gcn":
        model = Net(GCNConv(1433, 16), GCNConv(16, 7), 0.5, torch.relu)
    else:
        model = Net(GATConv(1433, 8, heads=8, dropout=0.6), GATConv(64, 7, heads=1, concat=False, dropout=0.6), 0.6, F.elu)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01 if work == "gcn" else 0.005, weight_decay=5e-4)

    def step():
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x, edge_index)[mask], y[mask])
        loss.backward()
        optimizer.step()
        return loss.item()


for _ in sys.stdin:
    before = time.process_time()
    loss = step()
    print(loss, 1000 * (time.process_time() - before), flush=True)
