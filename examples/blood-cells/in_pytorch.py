"""The same recipe in torchvision, from the same seed: python3 in_pytorch.py FOLDER, which has JPEGImages, Annotations and ImageSets/Main.

Where torchvision's compiled ops cannot load, give the path of a script that loads them in TORCHVISION_SHIM.
"""

import contextlib
import io
import os
import pathlib
import runpy
import sys
import xml.etree.ElementTree as xml

import numpy as np
import torch
from PIL import Image
from torch import nn

if "TORCHVISION_SHIM" in os.environ:
    runpy.run_path(os.environ["TORCHVISION_SHIM"])
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval
from torchvision.models.detection import FCOS, anchor_utils
from torchvision.models.detection.fcos import FCOSHead
from torchvision.ops import Conv2dNormActivation, FeaturePyramidNetwork

torch.set_num_threads(1)
folder, epochs, size = pathlib.Path(sys.argv[1]), 8, 4
classes = ["background", "RBC", "WBC", "Platelets"]


def slides(name):
    found = []
    for line in (folder / "ImageSets/Main" / f"{name}.txt").read_text().split():
        picture = np.asarray(Image.open(folder / "JPEGImages" / f"{line}.jpg").convert("RGB"), dtype=np.float32)
        picture = picture.reshape(120, 4, 160, 4, 3).mean((1, 3)) / 255
        boxes, labels = [], []
        for cell in xml.parse(folder / "Annotations" / f"{line}.xml").iter("object"):
            x1, y1, x2, y2 = (float(cell.find(f"bndbox/{edge}").text) / 4 for edge in ("xmin", "ymin", "xmax", "ymax"))
            if x2 > x1 and y2 > y1:
                boxes.append([x1, y1, x2, y2])
                labels.append(classes.index(cell.find("name").text))
        found.append((torch.tensor(picture).permute(2, 0, 1), torch.tensor(boxes).reshape(-1, 4), torch.tensor(labels)))
    return found


class Backbone(nn.Module):
    """The maps of every fourth, eighth and sixteenth pixel, with a feature pyramid."""

    def __init__(self, widths, out_channels):
        super().__init__()
        conv = lambda i, o, stride: Conv2dNormActivation(i, o, 3, stride, activation_layer=nn.SiLU)
        self.stages = nn.ModuleList(nn.Sequential(conv(i, o, 2), conv(o, o, 1)) for i, o in zip([3, *widths], widths))
        self.fpn = FeaturePyramidNetwork(widths[1:], out_channels)
        self.out_channels = out_channels

    def forward(self, x):
        maps = {}
        for i, stage in enumerate(self.stages):
            x = stage(x)
            if i > 0:
                maps[str(i)] = x
        return self.fpn(maps)


def main():
    seen, unseen = slides("trainval"), slides("test")
    torch.manual_seed(0)
    backbone = Backbone([16, 24, 32, 48], 32)
    head = FCOSHead(32, 1, len(classes), num_convs=2)
    anchors = anchor_utils.AnchorGenerator(((4,), (8,), (16,)), ((1.0,),) * 3)
    model = FCOS(backbone, len(classes), head=head, min_size=120, max_size=160, anchor_generator=anchors, score_thresh=0.05)
    model.transform.size_divisible = 8
    optimizer = torch.optim.Adam(model.parameters(), lr=4e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 4e-3, epochs * (len(seen) // size), pct_start=0.2, cycle_momentum=False)
    step = 0
    for _ in range(epochs):
        order = torch.randperm(len(seen)).tolist()
        for start in range(0, len(seen) - size + 1, size):
            mirrors = torch.randint(2, (size, 2)).tolist()
            pictures, targets = [], []
            for i, (down, across) in zip(order[start : start + size], mirrors):
                picture, boxes, labels = seen[i]
                boxes = boxes.clone()
                if down:
                    boxes[:, [1, 3]] = picture.shape[1] - boxes[:, [3, 1]]
                if across:
                    boxes[:, [0, 2]] = picture.shape[2] - boxes[:, [2, 0]]
                pictures.append(picture.flip([axis for axis, flips in ((1, down), (2, across)) if flips]))
                targets.append({"boxes": boxes, "labels": labels})
            loss = sum(model(pictures, targets).values())
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            step += 1
            if step <= 3 or step % 50 == 0:
                print(f"step {step}: loss {loss.item():.4f}", flush=True)
    model.eval()
    truth, found = {"images": [], "annotations": [], "categories": [{"id": c} for c in (1, 2, 3)]}, []
    wide = lambda x1, y1, x2, y2: [x1, y1, x2 - x1, y2 - y1]
    for n, (picture, boxes, labels) in enumerate(unseen):
        truth["images"].append({"id": n, "width": 160, "height": 120})
        for box, label in zip(boxes.tolist(), labels.tolist()):
            x, y, w, h = wide(*box)
            truth["annotations"].append({"id": len(truth["annotations"]) + 1, "image_id": n, "category_id": label, "bbox": [x, y, w, h], "area": w * h, "iscrowd": 0})
        with torch.no_grad():
            result = model([picture])[0]
        for box, label, score in zip(result["boxes"].tolist(), result["labels"].tolist(), result["scores"].tolist()):
            found.append({"image_id": n, "category_id": label, "bbox": wide(*box), "score": score})
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO()
        coco.dataset = truth
        coco.createIndex()
        evaluation = COCOeval(coco, coco.loadRes(found), "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    print(f"{len(unseen)} unseen slides: mAP {evaluation.stats[0]:.3f}, at an IoU of 0.5 {evaluation.stats[1]:.3f}.")


main()
